"""What the rules say of an order."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order
from edi_gateway.order_to_cash.facts import DecidedQuantity


class Reason(Value, frozen=True, kw_only=True):
    """Why a person has to approve: the rule that asks, what it found, and where."""

    rule: str
    message: str
    place: str = ""


class Ruling(NamedTuple):
    """What one rule says against a line: reject it, or hold the order for a person."""

    action: Literal["hold", "reject"]
    rule: str
    message: str


class Outcome(Value, frozen=True, kw_only=True):
    """``lines`` say what can become of each line's quantity; with ``needs_approval`` the order is held for a person."""

    lines: tuple[DecidedQuantity, ...]
    needs_approval: tuple[Reason, ...] = ()

    @property
    def rejected(self) -> tuple[DecidedQuantity, ...]:
        """What our rules refused; the order acknowledgment says it beside what the ERP decides of the rest."""
        return tuple(line for line in self.lines if line.status == "rejected")


def order_for_erp(order: Order, outcome: Outcome) -> Order | None:
    """The order without what the rules rejected; None when nothing is left to post."""
    refused: Mapping[str, Decimal] = {
        line.number: sum((r.quantity for r in outcome.rejected if r.line_number == line.number), Decimal(0))
        for line in order.lines
    }
    left = tuple(
        msgspec.structs.replace(line, quantity=line.quantity - refused[line.number])
        for line in order.lines
        if line.quantity > refused[line.number]
    )
    return msgspec.structs.replace(order, lines=left) if left else None
