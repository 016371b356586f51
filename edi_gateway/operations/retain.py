"""Retain: bytes, documents and details are kept as long as the partner's retention says, and no longer.

Control numbers, statuses, hashes, figures and the chain of events stay.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from edi_gateway.operations.retain_documents import retain_documents
from edi_gateway.operations.retain_events import retain_events
from edi_gateway.operations.retain_whose import Whose, whose
from edi_gateway.store.database import Database
from edi_gateway.store.expired import Expired
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory

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
    """Removes what of each class is past its time, partner by partner, also of those in force no more; says what it was.

    With ``is_dry`` it says what it would be. What is open, held, awaited or owed stays, however old. Bytes that come again are
    kept again; bytes that several partners sent together are kept as long as the longest term of all.
    """
    found = [_of(store, each, is_dry, by) for each in whose(store, directory)]
    return [each for each in found if each.payloads or each.documents or each.events]


def _of(store: Database, of: Whose, is_dry: bool, by: str) -> Retained:
    partner, keep = of.partner, of.keep
    payloads = _payloads(store, of, is_dry, by)
    documents = retain_documents(store, partner, keep.documents, is_dry=is_dry, by=by) if partner else 0
    events = retain_events(store, partner, keep.events, is_dry=is_dry, by=by)
    return Retained(partner or "nobody known", len(payloads), sum(each.size for each in payloads), documents, events)


def _payloads(store: Database, of: Whose, is_dry: bool, by: str) -> list[Expired]:
    if is_dry:
        with store.read() as unit:
            return _expired(unit, of, 1_000_000)
    gone: list[Expired] = []
    while batch := _remove(store, of, by):
        gone += batch
    return gone


def _expired(unit: Unit, of: Whose, limit: int) -> list[Expired]:
    now = unit.clock.now()
    before = now - of.keep.payloads
    own = unit.expired.of(of.partner, before, limit, shared_before=now - of.longest)
    return own + unit.expired.messages(of.connections, before, limit)


def _remove(store: Database, of: Whose, by: str) -> list[Expired]:
    with store.write() as unit:
        now, partner = unit.clock.now(), of.partner
        batch = _expired(unit, of, BATCH)
        unit.payloads.lock(each.sha256 for each in batch)
        batch = [each for each in _expired(unit, of, BATCH) if each in batch]  # but those that came again just now
        for each in batch:
            unit.payloads.remove(each.sha256)
        if batch:
            text = f"{len(batch)} payloads older than {of.keep.payloads.days} days were removed: {batch[0].sha256[:12]} …"
            unit.events.tell("payload.removed", f"partner:{partner or 'nobody'}", text, partner=partner, actor=by)
    if batch:
        with store.write() as unit:
            unit.payloads.delete_files(now - _CRASHED)
    return batch
