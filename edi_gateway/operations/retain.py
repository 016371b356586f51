"""Retain: bytes, documents and details are kept as long as the partner's retention says, and no longer.

Control numbers, statuses, hashes, figures and the chain of events stay.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from edi_gateway.operations.retain_documents import retain_documents
from edi_gateway.operations.retain_events import retain_events
from edi_gateway.store.database import Database
from edi_gateway.store.expired import Expired
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.terms import Retention

BATCH = 200  # payloads removed in one commit
_CRASHED = timedelta(days=3)  # files that a crash left are looked for so far back


class Retained(NamedTuple):
    """What was removed of one partner's, or would be."""

    partner: str
    payloads: int
    size: int  # bytes
    documents: int = 0
    events: int = 0  # that lost their details


def retain(store: Database, directory: Directory, *, is_dry: bool = False, by: str = "gateway") -> list[Retained]:
    """Removes what of each class is past its time, partner by partner; says what, or with ``is_dry`` what would be.

    What is open, held, awaited or owed stays, however old. Bytes that come again are kept again.
    """
    whose: list[tuple[str | None, Retention]] = [(partner.name, partner.retention) for partner in directory.partners]
    found = [
        _of(store, name, keep, _connections(directory, name), is_dry=is_dry, by=by)
        for name, keep in [*whose, (None, Retention())]
    ]
    return [each for each in found if each.payloads or each.documents or each.events]


def _connections(directory: Directory, partner: str | None) -> list[str]:
    """The connections that are one partner's alone; of nobody, those of several or none."""
    owners = {each.name: each.senders[0] if len(each.senders) == 1 else None for each in directory.connections}
    return [name for name, owner in owners.items() if owner == partner]


def _of(store: Database, partner: str | None, terms: Retention, connections: list[str], *, is_dry: bool, by: str) -> Retained:
    payloads = _payloads(store, partner, terms, connections, is_dry=is_dry, by=by)
    documents = retain_documents(store, partner, terms.documents, is_dry=is_dry, by=by) if partner else 0
    events = retain_events(store, partner, terms.events, is_dry=is_dry, by=by)
    return Retained(partner or "nobody known", len(payloads), sum(each.size for each in payloads), documents, events)


def _payloads(
    store: Database, partner: str | None, terms: Retention, connections: list[str], *, is_dry: bool, by: str
) -> list[Expired]:
    if is_dry:
        with store.read() as unit:
            return _expired(unit, partner, connections, store.clock.now() - terms.payloads, 1_000_000)
    gone: list[Expired] = []
    while batch := _remove(store, partner, terms, connections, by):
        gone += batch
    return gone


def _expired(unit: Unit, partner: str | None, connections: list[str], before: datetime, limit: int) -> list[Expired]:
    return unit.expired.of(partner, before, limit) + unit.expired.messages(connections, before, limit)


def _remove(store: Database, partner: str | None, terms: Retention, connections: list[str], by: str) -> list[Expired]:
    with store.write() as unit:
        now = unit.clock.now()
        batch = _expired(unit, partner, connections, now - terms.payloads, BATCH)
        for each in batch:
            unit.payloads.remove(each.sha256)
        if batch:
            text = f"{len(batch)} payloads older than {terms.payloads.days} days were removed: {batch[0].sha256[:12]} …"
            unit.events.tell("payload.removed", f"partner:{partner or 'nobody'}", text, partner=partner, actor=by)
    if batch:
        with store.read() as unit:
            unit.payloads.delete_files(now - _CRASHED)
    return batch
