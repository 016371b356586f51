"""What recurs in a gateway: its jobs, by name, each with its trigger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from zoneinfo import ZoneInfo

from edi_gateway.bootstrap.connections import Connections
from edi_gateway.bootstrap.daily_jobs import daily_jobs
from edi_gateway.erp.base import Erp
from edi_gateway.operations.retain import retain
from edi_gateway.operations.watch import watch_owed
from edi_gateway.operations.watch_half_times import watch_half_times
from edi_gateway.pipeline.inbound.collect import collect
from edi_gateway.pipeline.outbound.collect import collect_events
from edi_gateway.store.database import Database
from edi_gateway.store.schedule import POLL
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import FolderConnection, MailboxConnection, SftpConnection
from edi_gateway.trading.scalars import write_duration
from edi_gateway.worker.polling import poll
from edi_gateway.worker.schedule import Job
from edi_gateway.worker.trigger import Every, Soonest, Trigger, Within, daily, read_trigger

_MAILBOX = read_trigger("every 1m")  # an upload tells us at once; this finds what was told while we were down
_WATCH = read_trigger("every 1m")
_RETAIN = read_trigger("cron 30 2 * * * in UTC")


def jobs(store: Database, directory: Directory, connections: Connections, erps: Mapping[str, Erp]) -> dict[str, Job]:
    """All of them."""
    nightly = ("retain", Job(_RETAIN, partial(_retain, store, directory)))
    watch = ("watch what is owed", Job(_WATCH, partial(_watch, store, directory)))
    polled = dict([*_collects(store, directory, connections), *_events(store, directory, erps), watch, nightly])
    return {**polled, **daily_jobs(store, directory)}


def _watch(store: Database, directory: Directory) -> int:
    return watch_half_times(store, directory) + watch_owed(store, directory)


def _retain(store: Database, directory: Directory) -> int:
    return sum(each.payloads + each.documents + each.events for each in retain(store, directory))


def collect_job(connection: str) -> str:
    """The name of the job that collects from a connection."""
    return f"collect {connection}"


def _collects(store: Database, directory: Directory, connections: Connections) -> Iterator[tuple[str, Job]]:
    for each in directory.connections:
        if isinstance(each, MailboxConnection | FolderConnection | SftpConnection):  # an AS2 station tells by itself
            look = partial(_collect, store, connections, each.name)
            yield collect_job(each.name), Job(_poll(each), look, POLL + each.name)


def _collect(store: Database, connections: Connections, name: str) -> int:
    return poll(connections.source(name), partial(collect, store, name))


def _poll(connection: MailboxConnection | FolderConnection | SftpConnection) -> Trigger:
    """How often a connection is looked at, and when: in its hours, and once more at each cut-off."""
    if isinstance(connection, MailboxConnection):
        return _MAILBOX
    often = Every(f"every {write_duration(connection.poll)}", connection.poll)
    zone = ZoneInfo(connection.time_zone)
    usual = Within(often, connection.calendar, zone) if connection.calendar else often
    cutoffs = tuple(daily(at, zone) for at in connection.cutoffs)
    return Soonest((usual, *cutoffs)) if cutoffs else usual


def _events(store: Database, directory: Directory, erps: Mapping[str, Erp]) -> Iterator[tuple[str, Job]]:
    for name, erp in erps.items():
        poll = directory.connector(name).poll
        often = Every(f"every {write_duration(poll)}", poll)
        yield f"ERP events {name}", Job(often, partial(collect_events, store, directory, name, erp))
