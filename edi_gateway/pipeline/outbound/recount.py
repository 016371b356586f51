"""Recount: what takes the place of a document that its order thread has counted is counted instead of it.

The business claim of a number says which document that is: the first one, until a correction of it has passed its check.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.order_to_cash.disagreement import Disagreement
from edi_gateway.order_to_cash.progress import bill, ship
from edi_gateway.order_to_cash.taking_back import taken_back, uncovered
from edi_gateway.order_to_cash.thread import Change, OrderThread
from edi_gateway.pipeline.outbound.around import corrected_by, counted_of
from edi_gateway.pipeline.outbound.counted import recounted
from edi_gateway.pipeline.outbound.judge import threads_of
from edi_gateway.pipeline.outbound.originals import KINDS
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.threads import StoredThread
from edi_gateway.store.unit import Unit


class Recount(NamedTuple):
    """The order threads with one document in place of another; where ``disagreements`` are, it cannot be."""

    threads: tuple[StoredThread, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


def waits_to_be_counted(unit: Unit, row: DocumentRow) -> bool:
    """Whether a correction is to be counted instead of what it corrects, and is not yet.

    An 855 or 865 replaces what was said before it by itself.
    """
    return row.kind in KINDS and bool(corrected_by(unit, row.id)) and counted_of(unit, row) != row.id


def recount(unit: Unit, row: DocumentRow, told: Value, now: Value, count: Callable[[OrderThread], Change]) -> Recount:
    """Takes ``told`` back from the threads of a document and counts what it is ``now``; nothing where both count the same."""
    if not recounted(told, now):
        return Recount()
    threads = threads_of(unit, row)
    back = [taken_back(each.thread, told) for each in threads]
    if wrong := tuple(one for each in back for one in each.disagreements):
        return Recount(disagreements=wrong)
    made = [count(each.thread) for each in back]
    moved = tuple(msgspec.structs.replace(one, thread=each.thread) for one, each in zip(threads, made, strict=True))
    wrong = tuple(one for each in made for one in each.disagreements)
    return Recount(moved, wrong or tuple(one for each in moved for one in uncovered(each.thread)))


def count_back(unit: Unit, correction: DocumentRow, corrected: DocumentRow) -> str:
    """Counts what a correction was made of instead of it, since that is not to leave; why it cannot be, where it cannot."""
    told, first = unit.documents.read(correction.id), unit.documents.read(corrected.id)
    made = recount(unit, correction, told, first, lambda thread: _as_it_was(thread, first))
    if made.disagreements:
        wrong = "; ".join(f"{each.place}: {each.message}" for each in made.disagreements)
        return f"the order counts it as it was corrected still: {wrong}"
    put(unit, corrected, made)
    return ""


def _as_it_was(thread: OrderThread, document: Value) -> Change:
    match document:
        case ShipNotice():
            return ship(thread, document, as_it_left=True)
        case Invoice():
            return bill(thread, document)
    return Change(thread)


def put(unit: Unit, row: DocumentRow, made: Recount) -> None:
    """Keeps the threads as they are now; the number is that of this document."""
    for stored in made.threads:
        unit.threads.save(stored.id, stored.thread)
    unit.documents.pass_on(row.partner, row.kind, row.number, row.id, usage=row.usage)
