"""Amounts to the cent: how they are rounded. What a unit price covers is said in ``documents.price``.

Usually every line is rounded for itself, half a cent up (away from zero), and totals are sums of rounded lines; so an invoice's
TDS01 is always the sum of what its lines show. What a partner wants otherwise is its ``Rounding``.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import accumulate, pairwise
from typing import NamedTuple

from edi_gateway.documents.price import CENT, basis_is_known, exact_amount, line_amount, price_of_one, price_on_basis

__all__ = [
    "CENT",
    "USUAL",
    "Rounding",
    "basis_is_known",
    "exact_amount",
    "line_amount",
    "price_of_one",
    "price_on_basis",
    "rounded",
    "same_currency",
    "shares",
    "to_cent",
    "total",
]

_LEFT_OVER = Decimal("1E-15")


class Rounding(NamedTuple):
    """How a partner wants amounts rounded: half a cent away from zero or to the even cent; each line, or their sum alone."""

    half_even: bool = False
    of_total: bool = False


USUAL = Rounding()


def to_cent(amount: Decimal, rounding: Rounding = USUAL) -> Decimal:
    """``amount`` rounded to the cent, half up unless ``rounding`` says otherwise."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN if rounding.half_even else ROUND_HALF_UP)


def rounded(amounts: Iterable[Decimal], rounding: Rounding = USUAL) -> tuple[Decimal, ...]:
    """Amounts to the cent: each for itself; or, of a total that is rounded once, each its part of that, so that they add up."""
    if not rounding.of_total:
        return tuple(to_cent(amount, rounding) for amount in amounts)
    return _steps(accumulate(amounts, initial=Decimal(0)), rounding)


def shares(amount: Decimal, parts: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """``amount`` shared out by the size of each part, to the cent: rounded as running sums, so that no cent is lost or made.

    Parts that come to nothing have no share.
    """
    every = list(parts)
    whole = sum(every, Decimal(0))
    if not whole:
        return tuple(Decimal(0) for _ in every)
    return _steps(amount * part / whole for part in accumulate(every, initial=Decimal(0)))


def _steps(sums: Iterable[Decimal], rounding: Rounding = USUAL) -> tuple[Decimal, ...]:
    """From one running sum to the next, each rounded to the cent; what a division left over is no half cent."""
    cents = [to_cent(each.quantize(_LEFT_OVER), rounding) for each in sums]
    return tuple(after - before for before, after in pairwise(cents))


def same_currency(one: str, other: str) -> bool:
    """Whether money in the one may be money in the other: they are the same, or one is not named."""
    return not one or not other or one == other


def total(amounts: list[Decimal]) -> Decimal:
    """The sum of amounts that are rounded already; 0.00 for none."""
    return sum(amounts, Decimal("0.00"))
