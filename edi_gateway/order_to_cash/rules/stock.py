"""How much of a line can be promised?"""

from __future__ import annotations

from decimal import Decimal

from edi_gateway.documents.order import OrderLine
from edi_gateway.order_to_cash.advice import ItemAdvice
from edi_gateway.order_to_cash.facts import DecidedQuantity
from edi_gateway.order_to_cash.rules.outcome import Ruling
from edi_gateway.trading.profile import OrderTerms


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


def short_stock(line: OrderLine, advice: ItemAdvice | None, terms: OrderTerms) -> Ruling | None:
    """Where the terms want a person to see it: the line can be promised in full."""
    if terms.short_stock == "hold" and (missing := _missing(line, advice)):
        return Ruling("hold", "stock", f"{missing} of {line.quantity} {line.unit} are not in stock")
    return None


def _missing(line: OrderLine, advice: ItemAdvice | None) -> Decimal:
    if advice is None or advice.available is None:
        return Decimal(0)
    return max(line.quantity - max(advice.available, Decimal(0)), Decimal(0))
