"""What of which shipment of an order stands on no invoice yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from edi_gateway.documents.invoice import Invoice, InvoiceLine
from edi_gateway.order_to_cash.credit import is_credit, why_credited
from edi_gateway.order_to_cash.thread import LineQuantity, OrderThread, ThreadShipment
from edi_gateway.order_to_cash.turnaround import shipments_of

NONE = Decimal(0)
_Left = dict[tuple[str, str], Decimal]


def unbilled(thread: OrderThread, invoices: Iterable[Invoice]) -> tuple[ThreadShipment, ...]:
    """The shipments with something to bill, each with that alone; ``invoices`` are those the thread counts, oldest first.

    An invoice of several shipments is of them in sequence, each up to what it carried. What was billed by mistake and credited is
    to be billed again, what came back is not. No line has more than the whole order has to bill of it.
    """
    carried = {(one.number, line.number): line.quantity for one in thread.shipments for line in one.lines}
    left = dict(carried)
    for one in invoices:
        for line in one.lines:
            if not is_credit(one):
                _take(left, shipments_of(one), line)
            elif why_credited(one) == "overbilled":
                _give_back(left, carried, shipments_of(one), line)
    found = (msgspec.structs.replace(one, lines=tuple(_lines(thread, one, left))) for one in thread.shipments)
    return tuple(one for one in found if one.lines)


def _take(left: _Left, shipments: Iterable[str], line: InvoiceLine) -> None:
    quantity = line.quantity
    for shipment in shipments:
        part = min(left.get((shipment, line.number), NONE), quantity)
        if part:
            left[shipment, line.number] -= part
            quantity -= part


def _give_back(left: _Left, carried: _Left, shipments: Iterable[str], line: InvoiceLine) -> None:
    quantity = line.quantity
    for shipment in shipments:
        key = shipment, line.number
        part = min(carried.get(key, NONE) - left.get(key, NONE), quantity)
        if part:
            left[key] += part
            quantity -= part


def _lines(thread: OrderThread, shipment: ThreadShipment, left: _Left) -> Iterator[LineQuantity]:
    for line in shipment.lines:
        balance = thread.line(line.number)
        quantity = min(left[shipment.number, line.number], balance.to_bill if balance else NONE)
        if quantity > 0:
            yield LineQuantity(number=line.number, quantity=quantity)
