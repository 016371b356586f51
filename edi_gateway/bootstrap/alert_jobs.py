"""What recurs because of alerts: they are brought up to date, and whoever is next is told."""

from __future__ import annotations

from edi_gateway.operations.alert_notify import notify
from edi_gateway.operations.alert_watch import watch_alerts
from edi_gateway.store.database import Database
from edi_gateway.trading.alerts import Alerts
from edi_gateway.trading.secrets import FromVault
from edi_gateway.transports.notify.carry import carrier
from edi_gateway.worker.schedule import Job
from edi_gateway.worker.trigger import read_trigger

_OFTEN = read_trigger("every 30s")


def alert_jobs(store: Database, terms: Alerts, vault: FromVault) -> dict[str, Job]:
    """The one job, by name: while one process does it no other begins it."""
    carry = carrier(terms, store.clock, vault)

    def look() -> int:
        watch_alerts(store, terms)
        return notify(store, terms, carry)

    return {"alerts": Job(_OFTEN, look)}
