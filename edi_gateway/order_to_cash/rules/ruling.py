"""What the rules say of an order."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.order_to_cash.facts import DecidedQuantity


class Reason(Value, frozen=True, kw_only=True):
    """Why a person has to approve: the rule that asks, what it found, and where."""

    rule: str
    message: str
    place: str = ""


class Objection(NamedTuple):
    """What one rule says against a line: reject it, hold the order for a person, or take the line at our own price."""

    action: Literal["hold", "reject", "our price"]
    rule: str
    message: str


class Ruling(Value, frozen=True, kw_only=True):
    """``lines`` say what can become of each line's quantity; with ``needs_approval`` the order is held for a person."""

    lines: tuple[DecidedQuantity, ...]
    needs_approval: tuple[Reason, ...] = ()

    @property
    def rejected(self) -> tuple[DecidedQuantity, ...]:
        """What our rules refused; the order acknowledgment says it beside what the ERP decides of the rest."""
        return tuple(line for line in self.lines if line.status == "rejected")

    def price_of(self, line: OrderLine) -> Decimal | None:
        """The price our rules set for a line, on its basis; None where that is the order's, or the order names another by now."""
        prices = (
            each.unit_price for each in self.lines if each.line_number == line.number and each.instead_of == line.unit_price
        )
        return next((price for price in prices if price is not None), None)


def at_our_prices(order: Order, ruling: Ruling) -> Order:
    """The order with the prices our rules set."""
    if all(each.unit_price is None for each in ruling.lines):
        return order
    lines = tuple(
        line if (price := ruling.price_of(line)) is None else msgspec.structs.replace(line, unit_price=price)
        for line in order.lines
    )
    return msgspec.structs.replace(order, lines=lines)


def order_for_erp(order: Order, ruling: Ruling) -> Order | None:
    """The order without what the rules rejected, at the prices they set; None when nothing is left to post."""
    return not_rejected(at_our_prices(order, ruling), ruling)


def not_rejected(order: Order, ruling: Ruling) -> Order | None:
    """The order as the buyer wrote it, without what the rules rejected; None when nothing is left."""
    if order.lines and not ruling.rejected and all(line.quantity > 0 for line in order.lines):
        return order
    refused: Mapping[str, Decimal] = {
        line.number: sum((r.quantity for r in ruling.rejected if r.line_number == line.number), Decimal(0))
        for line in order.lines
    }
    left = tuple(
        msgspec.structs.replace(line, quantity=line.quantity - refused[line.number])
        for line in order.lines
        if line.quantity > refused[line.number]
    )
    return msgspec.structs.replace(order, lines=left) if left else None
