"""What recurs by the day or the hour, apart from polling."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from edi_gateway.operations.clear_leftovers import clear_leftovers
from edi_gateway.operations.daily_summary import daily_summary
from edi_gateway.operations.silence import watch_silence
from edi_gateway.operations.watch_confirmations import watch_confirmations
from edi_gateway.operations.watch_invoices import watch_invoices
from edi_gateway.operations.watch_rejections import watch_rejections
from edi_gateway.store.database import Database
from edi_gateway.trading.directory import Directory
from edi_gateway.worker.schedule import Job
from edi_gateway.worker.trigger import read_trigger

_HOURLY = read_trigger("every 1h")
_EARLY = read_trigger("cron 15 5 * * *")
_LEFTOVERS = read_trigger("cron 0 3 * * *")
_SUMMARY = read_trigger("cron 0 6 * * *")


def leftover_jobs(store: Database, mailboxes: Path) -> dict[str, Job]:
    """What lies in our own folders and will never be complete is removed at night."""
    return {"clear leftovers": Job(_LEFTOVERS, partial(clear_leftovers, store, mailboxes))}


def daily_jobs(store: Database, directory: Directory) -> dict[str, Job]:
    """By name."""
    return {
        "watch who is silent": Job(_HOURLY, partial(watch_silence, store, directory)),
        "watch what is unpaid": Job(_HOURLY, partial(watch_invoices, store, directory)),
        "watch what we rejected": Job(_HOURLY, partial(watch_rejections, store, directory)),
        "watch confirmation rates": Job(_EARLY, partial(watch_confirmations, store, directory)),
        "daily summary": Job(_SUMMARY, partial(daily_summary, store)),
    }
