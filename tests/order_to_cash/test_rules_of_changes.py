"""What our rules ask of a change, and what was asked of its order."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from trade import MONDAY, NOON, d, dated, line, order

from edi_gateway.documents.base import Terms
from edi_gateway.documents.order_change import ChangedLine, OrderChange
from edi_gateway.order_to_cash.advice import Advice, ItemAdvice
from edi_gateway.order_to_cash.changes import revise, rule
from edi_gateway.order_to_cash.rules import decide
from edi_gateway.trading.business import OrderTerms, PaymentTerms

CONTRACT = OrderTerms(payment=PaymentTerms(discount_percent=d(2), discount_days=10, net_days=30))
ADVICE = Advice(as_of=NOON, items=(ItemAdvice(line_number="001", item="X", known=True, list_price=d(10)),))
TWO_PERCENT = Terms(discount_amount=d("20.00"), discount_days=10, net_days=30)  # of what is ordered


def test_a_change_is_not_held_for_the_terms_of_payment_its_order_was_let_pass_with() -> None:
    before = replace(order(line("001", 100, "10")), terms=TWO_PERCENT)
    one_more = ChangedLine(number="001", change="quantity increase", quantity=d(101), unit="EA")
    revision = revise(before, OrderChange(number=before.number, purpose="change", lines=(one_more,)), {})
    assert decide(before, ADVICE, CONTRACT, today=MONDAY).needs_approval == ()
    assert rule(before, revision, ADVICE, CONTRACT, today=MONDAY).needs_approval == ()


@pytest.mark.parametrize(("last_day", "held"), [(2, ["ship window"]), (9, [])])
def test_days_a_change_moves_are_held_where_they_are_over(last_day: int, held: list[str]) -> None:
    days = dated(q001=date(2026, 1, last_day))
    of_line = ChangedLine(number="001", change="date change", dates=days)
    for change in (
        OrderChange(number="0004711", purpose="change", dates=days),
        OrderChange(number="0004711", purpose="change", lines=(of_line,)),
    ):
        ruled = rule(order(), revise(order(), change, {}), ADVICE, OrderTerms(), today=MONDAY)
        assert [reason.rule for reason in ruled.needs_approval] == held
