"""Whether a database can be the copy of a backup: a copy ends when its backup was made, and nothing happened in it since."""

from __future__ import annotations

from datetime import datetime, timedelta

from edi_gateway.errors import WrongInput
from edi_gateway.store.database import Database

_AS_TYPED = timedelta(minutes=1)  # '02:00' is any moment of that minute


def refuse_no_copy(store: Database, made_at: datetime, *, anyway: bool = False) -> None:
    """Raises WrongInput for a moment to come, where numbers jumped after that moment, and where the gateway went on after it.

    ``anyway`` leaves it at the first: somebody worked with the copy before its numbers jumped, or they are to jump once more.
    """
    now = store.clock.now()
    if made_at > now:
        raise WrongInput(
            f"{made_at:%Y-%m-%d %H:%M} UTC is to come: no backup was made then",
            do=f"give when it was made, in UTC; now it is {now:%Y-%m-%d %H:%M}",
        )
    if anyway:
        return
    with store.read() as unit:
        jumped = [event.at for event in unit.events.of_kind("store.restored") if event.at >= made_at]
        last = unit.events.newest_but("engine.died")  # an engine that begins tells what it found
    if jumped:
        raise WrongInput(
            f"it was restored, and its numbers jumped, on {jumped[-1]:%Y-%m-%d at %H:%M} UTC",
            where=store.where,
            do="go on with 'restore sent' and 'restore reconcile'; --anyway has them jump once more",
        )
    if last and last.at >= made_at + _AS_TYPED:
        raise WrongInput(
            f"it is no copy of {made_at:%Y-%m-%d %H:%M} UTC: its last event is of {last.at:%Y-%m-%d %H:%M:%S}",
            where=store.where,
            do="name the restored one (EDI_GATEWAY_DATABASE, --data), and when its backup was made, in UTC; "
            "if this is it, and somebody worked with it since: --anyway",
        )
