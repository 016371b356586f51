"""The order as it stands: as it came, with the changes that were taken since. Each change makes a new order of the one before it.

The order that came keeps its id: the ERP and its events know the order by that, whatever it has become.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from edi_gateway.documents.order import Order
from edi_gateway.errors import Defect
from edi_gateway.order_to_cash.changing import take_change
from edi_gateway.order_to_cash.thread import Change, ThreadChange, open_thread
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.unit import Unit


def standing_order(unit: Unit, document: str) -> Order:
    """The order of this document with all changes."""
    return _read(unit, [document, *_changed(unit, document)][-1])


def wanted(order: Order) -> Order:
    """Without the lines that were deleted."""
    return msgspec.structs.replace(order, lines=tuple(line for line in order.lines if line.quantity))


def put_changed(unit: Unit, row: DocumentRow, order: Order, change: ThreadChange, thread: int | None) -> None:
    """From now on the order of ``row`` stands as ``order`` says."""
    latest = [row.id, *_changed(unit, row.id)][-1]
    made = unit.documents.add(
        order, number=row.number, partner=row.partner, direction="in", usage=row.usage, thread_id=thread, map=row.map
    )
    because = msgspec.json.encode(change).decode()
    unit.descent.add(f"document:{made}", f"document:{latest}", "change", because=because, by="gateway")


def changes_before(unit: Unit, document: str) -> list[ThreadChange]:
    """The changes that were taken before the order had a thread."""
    rows = [next(row for row in unit.descent.parents(f"document:{made}")) for made in _changed(unit, document)]
    return [msgspec.json.decode(row.because, type=ThreadChange) for row in rows]


def thread_of(unit: Unit, row: DocumentRow) -> Change:
    """The thread an order opens, with what has changed in it before it was opened."""
    opened = open_thread(_read(unit, row.id), partner=row.partner, document_id=row.id)
    thread = opened.thread
    for made, change in zip(_changed(unit, row.id), changes_before(unit, row.id), strict=True):
        thread = take_change(thread, _read(unit, made), change).thread
    return Change(thread, opened.disagreements)


def _changed(unit: Unit, document: str) -> list[str]:
    """The orders that changes made of it, one of the other, oldest first."""
    return list(_descend(unit, document))


def _descend(unit: Unit, document: str) -> Iterator[str]:
    while made := next((row for row in unit.descent.children(f"document:{document}") if row.how == "change"), None):
        document = made.child.partition(":")[2]
        yield document


def _read(unit: Unit, document: str) -> Order:
    order = unit.documents.read(document)
    if not isinstance(order, Order):
        raise Defect(f"document {document} is no order")
    return order
