"""Line amounts to the cent: what a unit price covers (PO105), and how amounts are rounded.

Usually every line is rounded for itself, half a cent up (away from zero), and totals are sums of rounded lines; so an invoice's
TDS01 is always the sum of what its lines show. What a partner wants otherwise is its ``Rounding``.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from itertools import accumulate, pairwise
from typing import NamedTuple

CENT = Decimal("0.01")
_LEFT_OVER = Decimal("1E-15")


class Rounding(NamedTuple):
    """How a partner wants amounts rounded: half a cent away from zero or to the even cent; each line, or their sum alone."""

    half_even: bool = False
    of_total: bool = False


USUAL = Rounding()

# Basis of unit price (X12 element 639) → how many of the unit ordered (PO103) one unit price covers. In practice "each" in these
# codes means one of the unit ordered: PE on a line of cases is the price of a case. Codes that measure something else (per foot,
# per month), that state a retail price, or that settle no price (TB, NQ) are left out on purpose: they are for a person.
_COVERS = {
    1: ("", "CA", "CP", "CT", "DI", "FX", "LE", "NT", "PE", "QE", "QT", "TE", "UM", "WE", "WH"),
    10: ("PN",),
    12: ("LD", "PD", "TD", "WD"),
    100: ("HP", "LC", "QH", "TC", "WC"),
    1_000: ("LM", "QS", "TM", "TP", "WM"),
    10_000: ("TT",),
    100_000: ("HT",),
}
_UNITS_PER_PRICE = {code: Decimal(units) for units, codes in _COVERS.items() for code in codes}


def to_cent(amount: Decimal, rounding: Rounding = USUAL) -> Decimal:
    """``amount`` rounded to the cent, half up unless ``rounding`` says otherwise."""
    return amount.quantize(CENT, rounding=ROUND_HALF_EVEN if rounding.half_even else ROUND_HALF_UP)


def basis_is_known(basis: str) -> bool:
    """Whether we know how many units a price on this basis covers; where not, the order is held."""
    return basis in _UNITS_PER_PRICE


def price_of_one(unit_price: Decimal, basis: str) -> Decimal:
    """The price of one of the unit ordered, unrounded; an unknown basis is read as per each."""
    return unit_price / _UNITS_PER_PRICE.get(basis, Decimal(1))


def price_on_basis(price_of_one: Decimal, basis: str) -> Decimal:
    """The same the other way: what a unit price on ``basis`` must say; an unknown basis is read as per each."""
    return price_of_one * _UNITS_PER_PRICE.get(basis, Decimal(1))


def line_amount(quantity: Decimal, unit_price: Decimal, basis: str = "") -> Decimal:
    """Quantity × unit price on its basis, to the cent; an unknown basis is read as per each."""
    return to_cent(exact_amount(quantity, unit_price, basis))


def exact_amount(quantity: Decimal, unit_price: Decimal, basis: str = "") -> Decimal:
    """Quantity × unit price on its basis, unrounded but for what a twelfth leaves over in the 28th digit."""
    return quantity * unit_price / _UNITS_PER_PRICE.get(basis, Decimal(1))


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


def total(amounts: list[Decimal]) -> Decimal:
    """The sum of amounts that are rounded already; 0.00 for none."""
    return sum(amounts, Decimal("0.00"))
