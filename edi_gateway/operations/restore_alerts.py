"""Alerts after a restore: whoever was to be told by now may have been told since the backup, and is not told twice."""

from __future__ import annotations

from datetime import datetime

from edi_gateway.operations.alert_watch import read_events
from edi_gateway.store.alerts import AlertRow
from edi_gateway.store.database import Database
from edi_gateway.trading.alerts import Alerts

_BECAUSE = "the gateway was restored from a backup: it may have been told since"


def count_as_told(store: Database, terms: Alerts) -> int:
    """Counts every step of an alert that was due by now as taken, and tells nobody of it; returns how many alerts are open.

    What is due later is told as ever: by then somebody looks after it, or has to hear of it.
    """
    read_events(store, terms)
    with store.write() as unit:
        for notice in [*unit.notices.interrupted(), *unit.notices.due()]:
            unit.notices.end(notice.id, "unknown", _BECAUSE)
        alerts = unit.alerts.unresolved()
        for alert in alerts:
            step, next_at = _steps_until(alert, terms, unit.clock.now())
            unit.alerts.change(alert.id, step=step, next_at=next_at)
    return len(alerts)


def _steps_until(alert: AlertRow, terms: Alerts, now: datetime) -> tuple[int, datetime | None]:
    """Which step an alert would have come to, and when the next one is."""
    escalation = terms.escalation(alert.escalation)
    step, steps, next_at = alert.step, escalation.steps, alert.next_at
    while next_at is not None and next_at <= now and steps:
        if step >= len(steps) and escalation.again is None:
            return step, None
        step += 1
        wait = steps[step].after if step < len(steps) else escalation.again
        next_at = next_at + wait if wait is not None else None
    return step, next_at
