"""Thresholds at the cent: each is reckoned here once more in whole cents, and both must say the same of every amount near it."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from trade import MONDAY, NOON, d, line, order

from edi_gateway.documents.base import Terms
from edi_gateway.documents.order import Order
from edi_gateway.order_to_cash.advice import Advice, ItemAdvice
from edi_gateway.order_to_cash.rules import decide
from edi_gateway.trading.business import PaymentTerms
from edi_gateway.trading.profile import OrderTerms

CENTS = st.integers(min_value=1, max_value=1_000_000)
NEAR = st.integers(min_value=-3, max_value=3)


def money(cents: int) -> Decimal:
    return Decimal(cents) / 100


def held(asked: Order, terms: OrderTerms, list_cents: int | None = None, **more: Decimal) -> set[str]:
    """Which rules want a person to look; the ERP has all of it, at this price."""
    price = asked.lines[0].unit_price if list_cents is None else money(list_cents)
    known = ItemAdvice(line_number="001", known=True, item="PB-1", list_price=price, available=d(10_000_000))
    advice = Advice(as_of=NOON, items=(known,), **more)
    return {reason.rule for reason in decide(asked, advice, terms, today=MONDAY).needs_approval}


def priced(cents: int, quantity: int = 1) -> Order:
    return order(line(quantity=quantity, price=str(money(cents))))


@given(CENTS, st.integers(min_value=0, max_value=1000), NEAR, st.sampled_from([-1, 1]))
def test_a_price_is_held_from_the_first_cent_beyond_its_tolerance(list_cents: int, tenths: int, by: int, side: int) -> None:
    """The tolerance is in tenths of a percent of the list price: in thousandths of it."""
    allowed = list_cents * tenths // 1000
    asked = max(list_cents + side * (allowed + by), 1)
    is_beyond = abs(asked - list_cents) * 1000 > list_cents * tenths
    terms = OrderTerms(price_tolerance_percent=Decimal(tenths) / 10)
    assert ("price" in held(priced(asked), terms, list_cents)) == is_beyond


@given(CENTS, st.integers(min_value=1, max_value=500), CENTS, NEAR)
def test_credit_is_held_from_the_first_cent_beyond_the_limit(price: int, quantity: int, used: int, by: int) -> None:
    limit = used + price * quantity + by
    found = held(priced(price, quantity), OrderTerms(), credit_limit=money(limit), credit_used=money(used))
    assert ("credit" in found) == (by < 0)


@given(CENTS, st.integers(min_value=1, max_value=500), NEAR)
def test_the_least_we_take_is_enough_and_a_cent_less_is_not(price: int, quantity: int, by: int) -> None:
    terms = OrderTerms(minimum_order=money(max(price * quantity + by, 0)))
    assert ("minimum order" in held(priced(price, quantity), terms)) == (by > 0)


@given(st.integers(min_value=0, max_value=1000), NEAR, st.integers(min_value=0, max_value=90), NEAR)
def test_terms_of_payment_are_held_from_the_first_hundredth_and_the_first_day(
    percent: int, by: int, days: int, more: int
) -> None:
    wants = Terms(discount_percent=Decimal(max(percent + by, 0)) / 100, discount_days=10, net_days=days + more)
    terms = OrderTerms(payment=PaymentTerms(discount_percent=Decimal(percent) / 100, discount_days=10, net_days=days))
    asked = order(line(price="1.00"), terms=wants)
    is_beyond = max(percent + by, 0) > percent or days + more > days
    assert ("payment terms" in held(asked, terms)) == is_beyond
