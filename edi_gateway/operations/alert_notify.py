"""Notify: tells what is due over its channel. That it is about to is on record before, what came of it after.

A process that ends in between leaves it unknown whether it arrived. It is not told twice: the next step is taken at once.
"""

from __future__ import annotations

from datetime import timedelta

from edi_gateway import log
from edi_gateway.errors import GatewayError, TryAgain, Uncertain
from edi_gateway.operations.alert_message import message_of
from edi_gateway.store.database import Database
from edi_gateway.store.notices import OVER, NoticeRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.alerts import Alerts, Channel
from edi_gateway.transports.notify.base import Carry, Message

MOST_TRIES = 8
_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=1)

_log = log.logger(__name__)


def notify(store: Database, terms: Alerts, carry: Carry) -> int:
    """Tells everything that is due; returns how much of it arrived."""
    with store.read() as unit:
        interrupted, due = unit.notices.interrupted(), unit.notices.due()
    for notice in interrupted:
        with store.write() as unit:
            _gave_up(unit, notice, "unknown", "the gateway stopped while it was telling it", terms)
    return sum(_tell(store, notice, terms, carry) for notice in due)


def _tell(store: Database, notice: NoticeRow, terms: Alerts, carry: Carry) -> bool:
    with store.write() as unit:
        begun = _begin(unit, notice, terms)
    if begun is None:
        return False
    state, because, again = "sent", "", None
    try:
        carry(*begun)
    except Uncertain as error:
        state, because = "unknown", str(error)
    except TryAgain as error:
        state, because, again = "due", str(error), notice.tries + 1
    except GatewayError as error:
        state, because = "failed", str(error)
    except Exception as error:
        _log.error("telling an alert failed in a way it should not", notice=notice.id, exc_info=error)
        state, because = "unknown", f"a defect of the gateway: {type(error).__name__}: {error}"
    with store.write() as unit:
        _end(unit, notice, state, because, again, terms)
    return state == "sent"


def _begin(unit: Unit, notice: NoticeRow, terms: Alerts) -> tuple[Channel, Message] | None:
    """Says that it is being told, unless nobody needs to be told any more."""
    alert, channel = unit.alerts.get(notice.alert_id), terms.channel(notice.channel)
    assert alert is not None  # noqa: S101  # a notice belongs to an alert
    if alert.state != "open" and notice.step != OVER:
        unit.notices.end(notice.id, "dropped", f"it is {alert.state}")
        return None
    if channel is None:
        _gave_up(unit, notice, "failed", f"there is no channel {notice.channel} any more", terms)
        return None
    if not unit.notices.begin(notice):
        return None
    return channel, message_of(alert, unit.alerts.subjects(alert.id), notice.step)


def _end(unit: Unit, notice: NoticeRow, state: str, because: str, again: int | None, terms: Alerts) -> None:
    if state == "sent":
        unit.notices.end(notice.id, state)
    elif again is not None and again < MOST_TRIES:
        pause = min(_FIRST * 2 ** (again - 1), _LONGEST)
        unit.notices.end(notice.id, state, because, due_at=unit.clock.now() + pause)
    else:
        _gave_up(unit, notice, "failed" if again else state, because, terms)


def _gave_up(unit: Unit, notice: NoticeRow, state: str, because: str, terms: Alerts) -> None:
    """Nobody may know of it: whoever is next is told at once, and that it is so is on record."""
    unit.notices.end(notice.id, state, because)
    unit.events.tell("alert.untold", f"alert:{notice.alert_id}", f"telling {notice.channel}: {state}: {because}")
    alert = unit.alerts.get(notice.alert_id)
    if alert is None or alert.state != "open" or notice.step != alert.step:
        return
    if alert.step < len(terms.escalation(alert.escalation).steps):
        unit.alerts.change(alert.id, next_at=unit.clock.now())
