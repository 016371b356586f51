"""What a unit price covers (PO105, IT105: X12 element 639), and what a line comes to: said once, for maps and our own figures."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
_ANY_LENGTH = Context(prec=1000)  # of a product of two numbers as long as partners write them

# In practice "each" in these codes means one of the unit ordered (PO103): PE on a line of cases is the price of a case. Codes
# that measure something else (per foot, per month), state a retail price, or settle no price (TB, NQ) are left out on purpose:
# they are for a person.
_COVERS = {
    1: ("", "CA", "CP", "CT", "DI", "FX", "LE", "NT", "PE", "QE", "QT", "TE", "UM", "WE", "WH"),
    10: ("PN",),
    12: ("LD", "PD", "TD", "WD"),
    100: ("HP", "LC", "QH", "TC", "WC"),
    1_000: ("LM", "QS", "TM", "TP", "WM"),
    10_000: ("TT",),
    100_000: ("HT",),
}
UNITS_PER_PRICE = {code: Decimal(units) for units, codes in _COVERS.items() for code in codes}
"""Basis of unit price → how many of the unit ordered one unit price covers; a basis that is not there is for a person."""


def basis_is_known(basis: str) -> bool:
    """Whether we know how many units a price on this basis covers; where not, the order is held."""
    return basis in UNITS_PER_PRICE


def price_of_one(unit_price: Decimal, basis: str) -> Decimal:
    """The price of one of the unit ordered, unrounded; an unknown basis is read as per each."""
    return unit_price / UNITS_PER_PRICE.get(basis, Decimal(1))


def price_on_basis(price_of_one: Decimal, basis: str) -> Decimal:
    """The same the other way: what a unit price on ``basis`` must say; an unknown basis is read as per each."""
    return price_of_one * UNITS_PER_PRICE.get(basis, Decimal(1))


def exact_amount(quantity: Decimal, unit_price: Decimal, basis: str = "") -> Decimal:
    """Quantity × unit price on its basis, unrounded but for what a twelfth leaves over in the 28th digit."""
    return quantity * unit_price / UNITS_PER_PRICE.get(basis, Decimal(1))


def line_amount(quantity: Decimal, unit_price: Decimal, basis: str = "") -> Decimal:
    """Quantity × unit price on its basis, to the cent, half a cent up; an unknown basis is read as per each."""
    return exact_amount(quantity, unit_price, basis).quantize(CENT, ROUND_HALF_UP, _ANY_LENGTH)
