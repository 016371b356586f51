"""Line amounts to the cent: what a unit price covers (PO105), and how amounts are rounded.

Every line is rounded for itself, half a cent up (away from zero), and totals are sums of rounded lines; so an invoice's TDS01
is always the sum of what its lines show.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")

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


def to_cent(amount: Decimal) -> Decimal:
    """``amount`` rounded to the cent, half up."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


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
    return to_cent(quantity * unit_price / _UNITS_PER_PRICE.get(basis, Decimal(1)))


def total(amounts: list[Decimal]) -> Decimal:
    """The sum of amounts that are rounded already; 0.00 for none."""
    return sum(amounts, Decimal("0.00"))
