"""How much of a line can be promised?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeAlias

import msgspec

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.order_to_cash.advice import ItemAdvice
from edi_gateway.order_to_cash.facts import DecidedQuantity
from edi_gateway.order_to_cash.rules.ruling import Objection
from edi_gateway.trading.profile import OrderTerms

_Key: TypeAlias = tuple[tuple[str, ...], str]


class Stock:
    """What is there of each item while the lines of an order are gone through: what one line takes is not there for the next.

    Where the ERP says more of one line than of another, the most is what is there. Lines are of one item where the ERP gives
    them one number, or else the buyer the same ids; each in its own unit.
    """

    def __init__(self, order: Order, advised: Mapping[str, ItemAdvice]) -> None:
        self._left: dict[_Key, Decimal] = {}
        for line in order.lines:
            advice = advised.get(line.number)
            if advice is not None and advice.available is not None:
                key = _key(line, advice)
                self._left[key] = max(advice.available, self._left.get(key, advice.available))

    def left(self, line: OrderLine, advice: ItemAdvice | None) -> ItemAdvice | None:
        """The advice with what the lines before have left; never more than the ERP says of the line itself."""
        if advice is None or advice.available is None:
            return advice
        return msgspec.structs.replace(advice, available=min(self._left[_key(line, advice)], advice.available))

    def take(self, line: OrderLine, advice: ItemAdvice | None, parts: Iterable[DecidedQuantity]) -> None:
        """What is accepted of a line is there no more."""
        if advice is not None and advice.available is not None:
            self._left[_key(line, advice)] -= sum((part.quantity for part in parts if part.status == "accepted"), Decimal(0))


def _key(line: OrderLine, advice: ItemAdvice) -> _Key:
    ids = tuple(sorted(f"{one.qualifier} {one.id}" for one in line.item_ids)) or (f"line {line.number}",)
    return (advice.item,) if advice.item else ids, line.unit


def split_by_stock(line: OrderLine, advice: ItemAdvice | None, terms: OrderTerms) -> list[DecidedQuantity]:
    """Accepts what is available; what is missing is backordered or rejected, as the terms say. An ERP that counts no stock
    has it all."""
    missing = _missing(line, advice)
    status = "rejected" if terms.short_stock == "reject" else "backordered"
    parts = (
        DecidedQuantity(line_number=line.number, status="accepted", quantity=line.quantity - missing),
        DecidedQuantity(line_number=line.number, status=status, quantity=missing, reason="out of stock"),
    )
    return [part for part in parts if part.quantity]


def short_stock(line: OrderLine, advice: ItemAdvice | None, terms: OrderTerms) -> Objection | None:
    """Where the terms want a person to see it: the line can be promised in full."""
    if terms.short_stock == "hold" and (missing := _missing(line, advice)):
        return Objection("hold", "stock", f"{missing} of {line.quantity} {line.unit} are not in stock")
    return None


def _missing(line: OrderLine, advice: ItemAdvice | None) -> Decimal:
    if advice is None or advice.available is None:
        return Decimal(0)
    return max(line.quantity - max(advice.available, Decimal(0)), Decimal(0))
