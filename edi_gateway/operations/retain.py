"""Retain: bytes are kept as long as the partner's retention says, and no longer; hashes, history and the chain of events stay."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from edi_gateway.store.database import Database
from edi_gateway.store.expired import Expired
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.terms import Retention

BATCH = 200  # payloads removed in one commit
_CRASHED = timedelta(days=3)  # files that a crash left are looked for so far back


class Retained(NamedTuple):
    """What was removed of one partner's, or would be."""

    partner: str
    payloads: int
    size: int  # bytes


def retain(store: Database, directory: Directory, *, is_dry: bool = False, by: str = "gateway") -> list[Retained]:
    """Removes the payloads whose time is over, partner by partner; says what, or with ``is_dry`` what would be.

    What is open, held, awaited or owed stays, however old. Bytes that come again are kept again.
    """
    terms = {partner.name: partner.retention for partner in directory.partners}
    found = [_of(store, name, keep, is_dry=is_dry, by=by) for name, keep in terms.items()]
    found.append(_of(store, None, Retention(), is_dry=is_dry, by=by))
    return [each for each in found if each.payloads]


def _of(store: Database, partner: str | None, terms: Retention, *, is_dry: bool, by: str) -> Retained:
    before = store.clock.now() - terms.payloads
    if is_dry:
        with store.read() as unit:
            return _sum(partner, unit.expired.of(partner, before, 1_000_000))
    gone: list[Expired] = []
    while batch := _remove(store, partner, terms, by):
        gone += batch
    return _sum(partner, gone)


def _remove(store: Database, partner: str | None, terms: Retention, by: str) -> list[Expired]:
    with store.write() as unit:
        now = unit.clock.now()
        batch = unit.expired.of(partner, now - terms.payloads, BATCH)
        for each in batch:
            unit.payloads.remove(each.sha256)
        if batch:
            text = f"{len(batch)} payloads older than {terms.payloads.days} days were removed: {batch[0].sha256[:12]} …"
            unit.events.tell("payload.removed", f"partner:{partner or 'nobody'}", text, partner=partner, actor=by)
    if batch:
        with store.read() as unit:
            unit.payloads.delete_files(now - _CRASHED)
    return batch


def _sum(partner: str | None, gone: list[Expired]) -> Retained:
    return Retained(partner or "nobody known", len(gone), sum(each.size for each in gone))
