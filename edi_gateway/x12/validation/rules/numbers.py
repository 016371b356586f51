"""Numbers as they stand in elements, read exactly; None for what is no number (the element checks report that)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation


def decimal(text: str) -> Decimal | None:
    """An R value: ``12.50``, ``.5``, ``-3``."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def total(texts: Iterable[str]) -> Decimal | None:
    """The sum of R values; None where one is no number. Whole numbers, which most quantities are, are added as such."""
    known = list(texts)
    try:
        return Decimal(sum(map(int, known)))
    except ValueError:
        values = [decimal(text) for text in known]
        return None if None in values else sum((value for value in values if value is not None), Decimal(0))


def cents(text: str) -> Decimal | None:
    """An N2 value: ``1250`` is 12.50. A decimal point, which partners do send, is taken at its word."""
    value = decimal(text)
    return value if value is None or "." in text else value.scaleb(-2)
