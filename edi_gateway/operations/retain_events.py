"""Retain, events: who did what and what was said goes when its time is over; that it happened stays in the chain."""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.store.database import Database

_BATCH = 1000  # in one commit
_ALL = 10_000_000


def retain_events(store: Database, partner: str | None, keep: timedelta, *, is_dry: bool, by: str) -> int:
    """How many events about a partner (None: about nobody's) lost their details, or would."""
    if is_dry:
        with store.read() as unit:
            return len(unit.expired_events.of(partner, store.clock.now() - keep, 0, _ALL))
    count = last = 0
    while batch := _remove(store, partner, keep, last, by):
        count, last = count + len(batch), batch[-1]
    return count


def _remove(store: Database, partner: str | None, keep: timedelta, after: int, by: str) -> list[int]:
    with store.write() as unit:
        batch = unit.expired_events.of(partner, unit.clock.now() - keep, after, _BATCH)
        if batch:
            unit.expired_events.remove_details(batch)
            text = f"the details of {len(batch)} events older than {keep.days} days were removed: {batch[0]} to {batch[-1]}"
            unit.events.tell("event.removed", f"partner:{partner or 'nobody'}", text, partner=partner, actor=by)
    return batch
