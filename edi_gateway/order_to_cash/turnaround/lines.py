"""Finding the order line a fact speaks of."""

from __future__ import annotations

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.errors import NeedsPerson


def line_of(order: Order, number: str) -> OrderLine:
    """The line with this number. Raises NeedsPerson when the order has none, for then two systems speak of different orders."""
    for line in order.lines:
        if line.number == number:
            return line
    known = ", ".join(line.number for line in order.lines)
    raise NeedsPerson(
        f"order {order.number} has no line {number} (it has {known})",
        do="see in the ERP which order the event belongs to",
    )
