"""What recurs by the day, the hour or the minute, apart from polling."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from edi_gateway.operations.clear_leftovers import clear_leftovers
from edi_gateway.operations.daily_summary import daily_summary
from edi_gateway.operations.gather_counts import gather_counts
from edi_gateway.operations.silence import watch_silence
from edi_gateway.operations.watch_confirmations import watch_confirmations
from edi_gateway.operations.watch_invoices import watch_invoices
from edi_gateway.operations.watch_rejections import watch_rejections
from edi_gateway.store.database import Database
from edi_gateway.store.statistics import refresh_statistics
from edi_gateway.trading.directory import Directory
from edi_gateway.worker.schedule import Job
from edi_gateway.worker.trigger import daily, read_trigger

_OFTEN = read_trigger("every 1m")
_STATISTICS = read_trigger("every 6h")
_HOURLY = read_trigger("every 1h")
_EARLY = read_trigger("cron 15 5 * * * in UTC")
_LEFTOVERS = read_trigger("cron 0 3 * * * in UTC")


def upkeep_jobs(store: Database) -> dict[str, Job]:
    """What keeps the database quick; no figure changes by it."""
    return {
        "gather counts": Job(_OFTEN, partial(gather_counts, store)),
        "refresh statistics": Job(_STATISTICS, partial(refresh_statistics, store)),
    }


def leftover_jobs(store: Database, mailboxes: Path) -> dict[str, Job]:
    """What lies in our own folders and will never be complete is removed at night."""
    return {"clear leftovers": Job(_LEFTOVERS, partial(clear_leftovers, store, mailboxes))}


def daily_jobs(store: Database, directory: Directory) -> dict[str, Job]:
    """By name."""
    summary = directory.alerts.summary
    return {
        "watch who is silent": Job(_HOURLY, partial(watch_silence, store, directory)),
        "watch what is unpaid": Job(_HOURLY, partial(watch_invoices, store, directory)),
        "watch what we rejected": Job(_HOURLY, partial(watch_rejections, store, directory)),
        "watch confirmation rates": Job(_EARLY, partial(watch_confirmations, store, directory)),
        "daily summary": Job(daily(summary.at, ZoneInfo(summary.time_zone)), partial(daily_summary, store)),
    }
