"""Finding the order line a fact speaks of, and saying its price as that line does."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.errors import NeedsPerson
from edi_gateway.order_to_cash.facts import BilledLine
from edi_gateway.order_to_cash.money import price_on_basis


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


def on_basis(billed: BilledLine, basis: str) -> BilledLine:
    """What was billed with its price on the ``basis`` of the order line, where the ERP states it for so many units."""
    covers = price_on_basis(Decimal(1), basis)
    if billed.price_units is None or billed.price_units == covers:
        return billed
    return msgspec.structs.replace(billed, unit_price=billed.unit_price * covers / billed.price_units, price_units=covers)
