from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.price import UNITS_PER_PRICE
from edi_gateway.mapping.computed import COMPUTED
from edi_gateway.mapping.conversions import CONVERSIONS
from edi_gateway.order_to_cash.money import basis_is_known, line_amount, price_of_one, price_on_basis, to_cent
from edi_gateway.x12.validation.rules.invoice import PER


@pytest.mark.parametrize(
    ("quantity", "price", "basis", "amount"),
    [
        ("3", "2.50", "", "7.50"),
        ("3", "2.50", "PE", "7.50"),
        ("250", "31.50", "HP", "78.75"),
        ("24", "18.00", "PD", "36.00"),
        ("500", "7.25", "TP", "3.63"),
        ("7", "1.10", "CT", "7.70"),
        ("40", "5.00", "PN", "20.00"),
    ],
)
def test_a_line_amount_honors_the_price_basis(quantity: str, price: str, basis: str, amount: str) -> None:
    assert line_amount(Decimal(quantity), Decimal(price), basis) == Decimal(amount)


@pytest.mark.parametrize("basis", UNITS_PER_PRICE)
def test_maps_and_the_check_of_a_total_know_the_same_bases(basis: str) -> None:
    line = OrderLine(number="1", quantity=Decimal(24), unit="EA", unit_price=Decimal("12.00"), price_basis=basis)
    order = Order(number="PO-1", purpose="original", ordered_on=date(2026, 1, 5), lines=(line,))
    amount = line_amount(Decimal(24), Decimal("12.00"), basis)
    assert CONVERSIONS["line amount"].read("24", "EA", "12.00", basis) == amount
    assert COMPUTED["order total"].total(order) == amount
    assert PER.get(basis, 1) == UNITS_PER_PRICE[basis]


def test_half_a_cent_is_rounded_up_and_away_from_zero() -> None:
    assert to_cent(Decimal("0.125")) == Decimal("0.13")
    assert to_cent(Decimal("2.675")) == Decimal("2.68")
    assert to_cent(Decimal("-0.125")) == Decimal("-0.13")


def test_an_unknown_basis_is_read_as_each_and_known_to_be_unknown() -> None:
    assert line_amount(Decimal(3), Decimal("2.50"), "PF") == Decimal("7.50")
    assert not basis_is_known("PF")
    assert basis_is_known("")


@given(st.decimals("0.01", "9999", places=4), st.sampled_from(["", "PE", "HP", "TP", "PN", "TT"]))
def test_a_price_goes_to_a_basis_and_back_without_loss(price: Decimal, basis: str) -> None:
    assert price_of_one(price_on_basis(price, basis), basis) == price
