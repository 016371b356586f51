"""What a person does with alerts: acknowledges one, and tries a channel."""

from __future__ import annotations

from edi_gateway.errors import WrongInput
from edi_gateway.store.alerts import AlertRow
from edi_gateway.store.database import Database
from edi_gateway.trading.alerts import Alerts
from edi_gateway.transports.notify.base import Carry, Message
from edi_gateway.wording import did_you_mean

_IN_FORCE = "what partners/alerts.yaml names is in force from 'edi-gateway partner apply' on"


def acknowledge(store: Database, id: int, *, by: str, note: str = "") -> AlertRow:
    """Says that somebody looks after it: nobody else is told. It is over when its cause is gone, a happening at the next look.

    Raises WrongInput where there is none, and where that was said already or it is over.
    """
    with store.write() as unit:
        known = unit.alerts.get(id)
        if known is None:
            raise WrongInput(f"there is no alert {id}", do="see 'edi-gateway alert list'")
        if known.state != "open":
            by_whom = f" by {known.acknowledged_by}" if known.state == "acknowledged" else f": {known.resolved_because}"
            raise WrongInput(f"alert {id} is {known.state} already{by_whom}")
        now = unit.clock.now()
        unit.alerts.change(id, state="acknowledged", acknowledged_by=by, acknowledged_at=now, note=note, next_at=None)
        text = f"{known.rule}: {note or 'somebody looks after it'}"
        unit.events.tell("alert.acknowledged", f"alert:{id}", text, partner=known.partner, actor=by)
        return known


def try_channel(terms: Alerts, carry: Carry, name: str, *, by: str, key: str) -> None:
    """Tells something harmless over a channel, whatever the hour. Raises what telling an alert over it would run into."""
    channel = terms.channel(name)
    if channel is None:
        names = [each.name for each in terms.channels]
        raise WrongInput(f"there is no channel '{name}'", do="; ".join(filter(None, (did_you_mean(name, names), _IN_FORCE))))
    text = f"{by} tried the channel {name}. If you read this, alerts reach you.\n"
    carry(channel, Message(key, "[test] this is no alert", text, {"test": True, "channel": name, "by": by}))
