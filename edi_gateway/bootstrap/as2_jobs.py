"""What recurs because of AS2: receipts that are owed are delivered, and certificates are watched."""

from __future__ import annotations

from functools import partial

from edi_gateway.bootstrap.as2 import As2
from edi_gateway.operations.certificates import watch_certificates
from edi_gateway.store.database import Database
from edi_gateway.worker.schedule import Job
from edi_gateway.worker.trigger import read_trigger

DELIVER = "deliver AS2 receipts"
_DELIVER = read_trigger("every 30s")  # one that is owed tells at once; this finds those that failed before
_WATCH = read_trigger("every 1h")


def as2_jobs(store: Database, as2: As2) -> dict[str, Job]:
    """The jobs, by name."""
    return {DELIVER: Job(_DELIVER, as2.deliver_receipts), "watch certificates": Job(_WATCH, partial(watch_certificates, store))}
