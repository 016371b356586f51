"""Numbers in the forms that answer an order: a comma groups thousands, and a price of nothing is a price."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.erp.base import OrderBilled
from edi_gateway.errors import WrongInput
from edi_gateway.web.forms import Form
from edi_gateway.web.routes.turnaround import event_of

NOON = datetime(2026, 11, 17, 12, tzinfo=UTC)


def billed(quantity: str, price: str, *, ordered_at: str | None = "18.50") -> tuple[Decimal, Decimal]:
    """What a form about an order of one line tells: quantity and unit price."""
    given = {"invoice": "I-1", "shipment": "S-1", "quantity-001": quantity, "price-001": price}
    line = OrderLine(number="001", quantity=Decimal(48), unit="EA", unit_price=Decimal(ordered_at) if ordered_at else None)
    order = Order(number="PO-1", purpose="original", ordered_on=date(2026, 11, 16), lines=(line,))
    event = event_of("810", Form(tuple(given.items())), "d", order, NOON)
    assert isinstance(event, OrderBilled)
    return event.lines[0].quantity, event.lines[0].unit_price


@pytest.mark.parametrize(
    ("keyed", "means"), [("12", "12"), ("1,500", "1500"), ("1,234,567.5", "1234567.5"), ("0.5", "0.5"), (".5", "0.5")]
)
def test_a_quantity_is_read_as_it_is_meant(keyed: str, means: str) -> None:
    assert billed(keyed, "") == (Decimal(means), Decimal("18.50"))


@pytest.mark.parametrize("keyed", ["1,5", "18,50", "1,50,000", "1.500,00", ",5", "1500,000"])
@pytest.mark.parametrize("place", ["quantity", "price"])
def test_a_comma_that_groups_no_thousands_is_refused(keyed: str, place: str) -> None:
    with pytest.raises(WrongInput, match=r"a comma groups thousands.*decimals with a point"):
        billed(keyed if place == "quantity" else "1", keyed if place == "price" else "1")


@pytest.mark.parametrize("keyed", ["a dozen", "NaN", "1_000"])
def test_what_is_no_number_is_refused(keyed: str) -> None:
    with pytest.raises(WrongInput, match="is no number"):
        billed(keyed, "")


def test_a_price_of_nothing_is_billed_as_nothing() -> None:
    assert billed("12", "0") == (Decimal(12), Decimal(0))


def test_without_a_price_in_the_order_one_is_asked_for() -> None:
    with pytest.raises(WrongInput, match="line 001 has no price"):
        billed("12", "", ordered_at=None)
    assert billed("12", "2.25", ordered_at=None) == (Decimal(12), Decimal("2.25"))
