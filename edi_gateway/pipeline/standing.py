"""The order as it stands: as it came, with the changes that were taken since. Each change makes a new order of the one before it.

The order that came keeps its id: the ERP and its events know the order by that, whatever it has become.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from edi_gateway.documents.order import Order
from edi_gateway.errors import Defect
from edi_gateway.order_to_cash.changing import take_change
from edi_gateway.order_to_cash.thread import Change, ThreadChange, open_thread
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.unit import Unit


def standing_order(unit: Unit, document: str, came: Order | None = None) -> Order:
    """The order of this document with all changes; ``came``: as it came, where that has been read."""
    changed = _changed(unit, document)
    if changed:
        return _read(unit, changed[-1].document)
    return came or _read(unit, document)


def wanted(order: Order) -> Order:
    """Without the lines that were deleted."""
    if all(line.quantity for line in order.lines):
        return order
    return msgspec.structs.replace(order, lines=tuple(line for line in order.lines if line.quantity))


def put_changed(unit: Unit, row: DocumentRow, order: Order, change: ThreadChange, thread: int | None) -> None:
    """From now on the order of ``row`` stands as ``order`` says."""
    latest = next((each.document for each in reversed(_changed(unit, row.id))), row.id)
    made = unit.documents.add(
        order, number=row.number, partner=row.partner, direction="in", usage=row.usage, thread_id=thread, map=row.map
    )
    because = msgspec.json.encode(change).decode()
    unit.descent.add(f"document:{made}", f"document:{latest}", "change", because=because, by="gateway")


def changes_before(unit: Unit, document: str) -> list[ThreadChange]:
    """The changes that were taken before the order had a thread."""
    return [each.change for each in _changed(unit, document)]


def thread_of(unit: Unit, row: DocumentRow, came: Order) -> Change:
    """The thread an order opens, with what has changed in it before it was opened. ``came``: the order as it came."""
    opened = open_thread(came, partner=row.partner, document_id=row.id)
    thread = opened.thread
    for made in _changed(unit, row.id):
        thread = take_change(thread, _read(unit, made.document), made.change).thread
    return Change(thread, opened.disagreements)


class _Changed(NamedTuple):
    """The order a change made of the one before it."""

    document: str
    change: ThreadChange


def _changed(unit: Unit, document: str) -> list[_Changed]:
    """The orders that changes made of it, one of the other, oldest first."""
    return list(_descend(unit, document))


def _descend(unit: Unit, document: str) -> Iterator[_Changed]:
    while made := next((row for row in unit.descent.children(f"document:{document}") if row.how == "change"), None):
        document = made.child.partition(":")[2]
        yield _Changed(document, msgspec.json.decode(made.because, type=ThreadChange))


def _read(unit: Unit, document: str) -> Order:
    order = unit.documents.read(document)
    if not isinstance(order, Order):
        raise Defect(f"document {document} is no order")
    return order
