"""An order that comes to more than anybody orders: usually an item number stands where the quantity should. It is not approved.

It is held with the line that does it, for a person to correct or refuse; a refused one is on record without its prices, since no
figure of ours holds what it comes to.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.order_to_cash.advice import Advice
from edi_gateway.order_to_cash.money import exact_amount, price_on_basis, total
from edi_gateway.order_to_cash.thread import OrderThread

MOST = Decimal(10) ** 12
"""What an order may come to in its currency; ten times that cannot be stored to the sixth decimal."""


def too_large(order: Order, advice: Advice) -> str:
    """Why nobody can mean an order, at its prices or ours, whichever are higher; empty where it can be meant."""
    prices = {item.line_number: item.list_price or Decimal(0) for item in advice.items}
    worth = {line.number: _worth(line, prices.get(line.number, Decimal(0))) for line in order.lines}
    if total(list(worth.values())) <= MOST:
        return ""
    line = max(order.lines, key=lambda line: worth[line.number])
    said = f"line {line.number}: {line.quantity} {line.unit} come to more than anybody orders"
    return f"{said} — correct its quantity or price (hold correct), or refuse it"


def recordable(thread: OrderThread) -> OrderThread:
    """A refused order as it is put on record: without prices where it comes to more than can be."""
    worth = [exact_amount(line.ordered, line.price or Decimal(0), line.price_basis) for line in thread.lines]
    if total(worth) <= MOST:
        return thread
    lines = tuple(msgspec.structs.replace(line, unit_price=None) for line in thread.lines)
    return msgspec.structs.replace(thread, lines=lines)


def _worth(line: OrderLine, ours: Decimal) -> Decimal:
    price = max(line.unit_price or Decimal(0), price_on_basis(ours, line.price_basis))
    return exact_amount(line.quantity, price, line.price_basis)
