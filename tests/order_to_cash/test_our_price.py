"""A line accepted at our own price, by the partner's terms and the item's: exact at the cent, and never unless they say so."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trade import MONDAY, NOON, d, decided, line, opened, order

from edi_gateway.documents.base import ItemId
from edi_gateway.order_to_cash.advice import Advice, ItemAdvice
from edi_gateway.order_to_cash.facts import Decided, DecidedQuantity
from edi_gateway.order_to_cash.progress import confirm
from edi_gateway.order_to_cash.rules import Ruling, decide, order_for_erp
from edi_gateway.order_to_cash.turnaround import draft_acknowledgment
from edi_gateway.order_to_cash.turnaround.saying import in_their_words
from edi_gateway.trading.business import AnswerWords, ItemTerms, OrderTerms

OURS = OrderTerms(price_difference="our price")
ITEM = "000044104"  # the item of every line


def ruled(asked: str, terms: OrderTerms = OURS, **more: Any) -> Ruling:
    """Ten are ordered at that price, eight are there, and the ERP sells them at 2.50."""
    advised = ItemAdvice(line_number="001", known=True, list_price=d("2.50"), available=d(8))
    return decide(order(line("001", 10, price=asked)), Advice(as_of=NOON, items=(advised,), **more), terms, today=MONDAY)


def priced(ruling: Ruling) -> list[tuple[str, Decimal | None]]:
    return [(part.status, part.unit_price) for part in ruling.lines]


def test_what_comes_now_or_later_is_at_our_price_and_the_erp_gets_that_price() -> None:
    outcome = ruled("2.40")
    assert priced(outcome) == [("accepted", d("2.50")), ("backordered", d("2.50"))]
    assert outcome.needs_approval == ()
    posted = order_for_erp(order(line("001", 10, price="2.40")), outcome)
    assert posted
    assert posted.lines[0].unit_price == d("2.50")


def test_by_default_a_person_is_asked_and_no_price_is_ours() -> None:
    outcome = ruled("2.40", OrderTerms())
    assert priced(outcome) == [("accepted", None), ("backordered", None)]
    assert [reason.rule for reason in outcome.needs_approval] == ["price"]


@given(st.integers(100, 400))
def test_the_price_is_ours_from_the_first_cent_beyond_the_tolerance(cents: int) -> None:
    """Four percent of 2.50 are ten cents."""
    terms = OURS.model_copy(update={"price_tolerance_percent": Decimal(4)})
    is_ours = ruled(str(Decimal(cents) / 100), terms).lines[0].unit_price is not None
    assert is_ours == (abs(cents - 250) > 10)


def test_our_price_stands_on_the_basis_of_the_line() -> None:
    asked = order(line("001", 10, price="240", price_basis="HP"))
    advice = Advice(as_of=NOON, items=(ItemAdvice(line_number="001", known=True, list_price=d("2.5")),))
    assert decide(asked, advice, OURS, today=MONDAY).lines[0].unit_price == d("250")


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        (OrderTerms(items={ITEM: ItemTerms(price_difference="our price")}), "ours"),
        (OURS.model_copy(update={"items": {ITEM: ItemTerms(price_difference="hold")}}), "held"),
        (OURS.model_copy(update={"items": {ITEM: ItemTerms(price_tolerance_percent=Decimal(4))}}), "as asked"),
        (OURS.model_copy(update={"items": {"another": ItemTerms(price_difference="hold")}}), "ours"),
    ],
)
def test_what_an_item_says_goes_before_what_the_partner_does(terms: OrderTerms, says: str) -> None:
    outcome = ruled("2.40", terms)
    ours = outcome.lines[0].unit_price is not None
    assert ("ours" if ours else "held" if outcome.needs_approval else "as asked") == says


def test_in_a_change_of_an_order_a_person_is_asked_instead() -> None:
    terms = OURS.model_copy(update={"items": {ITEM: ItemTerms(price_difference="our price", short_stock="reject")}})
    outcome = ruled("2.40", terms.asking_of_prices())
    assert [reason.rule for reason in outcome.needs_approval] == ["price"]
    assert priced(outcome) == [("accepted", None), ("rejected", None)]


def test_credit_is_reckoned_at_the_price_that_will_be_billed() -> None:
    assert ruled("2.40", credit_limit=d("25.00"), credit_used=d(0)).needs_approval == ()
    assert [each.rule for each in ruled("2.40", credit_limit=d("24.99"), credit_used=d(0)).needs_approval] == ["credit"]


def test_a_price_the_buyer_has_changed_since_is_not_overruled() -> None:
    outcome = ruled("2.40")
    posted = order_for_erp(order(line("001", 10, price="2.60")), outcome)
    assert posted
    assert posted.lines[0].unit_price == d("2.60")


OUR_PRICES = {"001": d("2.50")}


def test_the_855_says_the_price_and_that_it_changed_and_the_thread_is_worth_it() -> None:
    asked = order(line("001", 10, price="2.40"))
    split = decided(("001", "accepted", 8), ("001", "backordered", 2))
    answer = draft_acknowledgment(asked, split, today=MONDAY, prices=OUR_PRICES)
    assert (answer.decision, answer.lines[0].unit_price) == ("accepted with changes", d("2.50"))
    assert [each.status for each in answer.lines[0].decisions] == ["price changed", "backordered"]
    thread = confirm(opened(asked), answer).thread
    assert (thread.agreed_prices, thread.ordered_amount) == (OUR_PRICES, d("25.00"))
    anew = draft_acknowledgment(asked, decided(("001", "accepted", 10)), today=MONDAY)
    assert confirm(thread, anew).thread.agreed_prices == {}


def test_a_line_that_is_refused_is_said_as_it_was_ordered() -> None:
    asked = order(line("001", 10, price="2.40"))
    answer = draft_acknowledgment(asked, decided(("001", "rejected", 10)), today=MONDAY, prices=OUR_PRICES)
    assert (answer.lines[0].unit_price, answer.decision) == (d("2.40"), "rejected")


def test_a_partner_that_takes_no_changed_price_gets_its_own_word() -> None:
    asked = order(line("001", 10, price="2.40"))
    answer = draft_acknowledgment(asked, decided(("001", "accepted", 10)), today=MONDAY, prices=OUR_PRICES)
    said = in_their_words(answer, AnswerWords(instead={"price changed": "rejected"}))
    assert (said.lines[0].decisions[0].status, said.lines[0].decisions[0].reason) == ("rejected", "not price changed")


def test_what_the_erp_ships_instead_is_said_with_its_ids_and_counts_as_confirmed() -> None:
    asked, instead = order(line("001", 10)), ItemId(qualifier="VN", id="LANTERN-2")
    told = Decided(
        at=NOON, lines=(DecidedQuantity(line_number="001", status="substituted", quantity=d(10), item_ids=(instead,)),)
    )
    answer = draft_acknowledgment(asked, told, today=MONDAY)
    (said,) = answer.lines[0].decisions
    assert (said.status, said.item_ids, answer.decision) == ("substituted", (instead,), "accepted with changes")
    change = confirm(opened(asked), answer)
    assert change.agreed
    assert change.thread.lines[0].confirmed == 10
