"""Retain: bytes, documents and details are kept as long as the partner's retention says, and no longer.

Control numbers, statuses, hashes, figures and the chain of events stay.
"""

from __future__ import annotations

from datetime import timedelta
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


class _Whose(NamedTuple):
    """Whose retention runs: its terms, the longest term for bytes of all, and the connections that are theirs alone."""

    partner: str | None
    keep: Retention
    longest: timedelta
    connections: list[str]
    by: str


def retain(store: Database, directory: Directory, *, is_dry: bool = False, by: str = "gateway") -> list[Retained]:
    """Removes what of each class is past its time, partner by partner; says what, or with ``is_dry`` what would be.

    What is open, held, awaited or owed stays, however old. Bytes that come again are kept again; bytes that several partners
    sent together are kept as long as the longest term of all.
    """
    whose: list[tuple[str | None, Retention]] = [(partner.name, partner.retention) for partner in directory.partners]
    whose.append((None, Retention()))
    longest = max(keep.payloads for _, keep in whose)
    found = [_of(store, _Whose(name, keep, longest, _connections(directory, name), by), is_dry) for name, keep in whose]
    return [each for each in found if each.payloads or each.documents or each.events]


def _connections(directory: Directory, partner: str | None) -> list[str]:
    """The connections that are one partner's alone; of nobody, those of several or none."""
    owners = {each.name: each.senders[0] if len(each.senders) == 1 else None for each in directory.connections}
    return [name for name, owner in owners.items() if owner == partner]


def _of(store: Database, whose: _Whose, is_dry: bool) -> Retained:
    partner, keep, by = whose.partner, whose.keep, whose.by
    payloads = _payloads(store, whose, is_dry)
    documents = retain_documents(store, partner, keep.documents, is_dry=is_dry, by=by) if partner else 0
    events = retain_events(store, partner, keep.events, is_dry=is_dry, by=by)
    return Retained(partner or "nobody known", len(payloads), sum(each.size for each in payloads), documents, events)


def _payloads(store: Database, whose: _Whose, is_dry: bool) -> list[Expired]:
    if is_dry:
        with store.read() as unit:
            return _expired(unit, whose, 1_000_000)
    gone: list[Expired] = []
    while batch := _remove(store, whose):
        gone += batch
    return gone


def _expired(unit: Unit, whose: _Whose, limit: int) -> list[Expired]:
    now = unit.clock.now()
    before = now - whose.keep.payloads
    own = unit.expired.of(whose.partner, before, limit, shared_before=now - whose.longest)
    return own + unit.expired.messages(whose.connections, before, limit)


def _remove(store: Database, whose: _Whose) -> list[Expired]:
    with store.write() as unit:
        now, partner = unit.clock.now(), whose.partner
        batch = _expired(unit, whose, BATCH)
        unit.payloads.lock(each.sha256 for each in batch)
        batch = [each for each in _expired(unit, whose, BATCH) if each in batch]  # but those that came again just now
        for each in batch:
            unit.payloads.remove(each.sha256)
        if batch:
            text = f"{len(batch)} payloads older than {whose.keep.payloads.days} days were removed: {batch[0].sha256[:12]} …"
            unit.events.tell("payload.removed", f"partner:{partner or 'nobody'}", text, partner=partner, actor=whose.by)
    if batch:
        with store.write() as unit:
            unit.payloads.delete_files(now - _CRASHED)
    return batch
