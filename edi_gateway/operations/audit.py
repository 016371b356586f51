"""Audit: whether the events on record are the ones that were written, all of them, in their order."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from edi_gateway.errors import WrongInput
from edi_gateway.store.chain import BEGINNING, Head, has_its_details, is_without_details, link
from edi_gateway.store.database import Database
from edi_gateway.store.rows import EventRow

_PIECE = 5000


class Verified(NamedTuple):
    """What a walk along the chain found; ``broken`` says what is wrong with the first event that is not as it was written.

    ``without_details`` counts the events whose details retention removed; that they happened, to what and when is proven still.
    """

    head: Head
    broken_at: int | None = None
    broken: str = ""
    without_details: int = 0


def verify(store: Database, known: Head | None = None, *, progress: Callable[[int], None] = lambda _count: None) -> Verified:
    """Walks the whole chain. ``known`` is an end of it that was noted elsewhere: it has to be on the way.

    Without such a note, whoever may write to the database could make a whole new chain; with it, nobody can for what was
    before. ``progress`` hears how many events were walked.
    """
    with store.read() as unit:
        head = unit.events.head()
    before, without_details = Head(0, BEGINNING), 0
    while rows := _piece(store, before.events, head.events):
        for row in rows:
            if wrong := _wrong(before, row, known):
                return Verified(head, before.events + 1, wrong)
            before = Head(row.id, row.hash)
            without_details += is_without_details(row)
        progress(len(rows))
    if before != head:
        return Verified(head, before.events + 1, f"the chain ends at event {head.events}, but this one is not there")
    if behind := _behind(store):
        return Verified(head, behind.id, f"it was not told here: it stands behind the end of the chain: {_of(behind)}")
    if known is not None and known.events > head.events:
        return Verified(head, head.events + 1, f"event {known.events} was known, but the chain ends before it")
    return Verified(head, without_details=without_details)


def noted(text: str) -> Head:
    """An end of the chain as ``audit head`` prints it. Raises WrongInput for anything else."""
    number, _, hash_ = text.partition(":")
    if not number.isdigit() or len(hash_) != len(BEGINNING) or (int(number) == 0 and hash_ != BEGINNING):
        raise WrongInput(f"'{text}' is no end of a chain", do="give it as 'edi-gateway audit head' printed it")
    return Head(int(number), hash_)


def _piece(store: Database, after: int, last: int) -> list[EventRow]:
    if after >= last:
        return []
    with store.read() as unit:
        return [row for row in unit.events.after(after, _PIECE) if row.id <= last]


def _behind(store: Database) -> EventRow | None:
    """The first event that no chain leads to. Events and the chain's end are written at once, so one that is seen before the end
    is asked for and stands behind it was written past us."""
    with store.read() as unit:
        newest, head = unit.events.newest(), unit.events.head()
        return unit.events.after(head.events, 1)[0] if newest > head.events else None


def _of(row: EventRow) -> str:
    return f"{row.kind} of {row.subject}, by {row.actor}"


def _wrong(before: Head, row: EventRow, known: Head | None) -> str:
    if row.id != before.events + 1:
        return f"it is missing: event {row.id} follows event {before.events}"
    if link(before.hash, row) != row.hash or not has_its_details(row):
        return f"it is not as it was written: {_of(row)}"
    if known is not None and known.events == row.id and known.hash != row.hash:
        return "its hash is not the one that was noted: what is before it was written anew"
    return ""
