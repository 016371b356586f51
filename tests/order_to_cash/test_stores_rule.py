"""A line whose quantity is not what its stores are to get is for a person, before anything is confirmed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from trade import MONDAY, NOON, d, line, order

from edi_gateway.documents.order import StoreQuantity
from edi_gateway.order_to_cash.advice import Advice, ItemAdvice
from edi_gateway.order_to_cash.rules import Ruling, decide
from edi_gateway.trading.profile import OrderTerms

ADVICE = Advice(as_of=NOON, items=(ItemAdvice(line_number="001", known=True, list_price=d("2.50"), available=d(100)),))


def ruled(*stores: tuple[str, int, str], **terms: str) -> Ruling:
    """What our rules say of 10 EA for these stores."""
    of_stores = tuple(StoreQuantity(store=store, quantity=d(quantity), unit=unit) for store, quantity, unit in stores)
    return decide(order(replace(line("001", 10), stores=of_stores)), ADVICE, OrderTerms(**terms), today=MONDAY)  # type: ignore[arg-type]  # words


@pytest.mark.parametrize(
    ("stores", "said"),
    [
        ([("A", 4, "EA"), ("B", 3, "EA")], "10 EA are ordered, for its stores (SDQ) 7"),
        ([("A", 12, "EA")], "10 EA are ordered, for its stores (SDQ) 12"),
        ([("A", 10, "CA")], "it is ordered in EA, for its stores (SDQ) in CA"),
    ],
)
def test_stores_that_do_not_come_to_the_line_are_held_unless_the_profile_accepts_them(
    stores: list[tuple[str, int, str]], said: str
) -> None:
    (reason,) = ruled(*stores).needs_approval
    assert (reason.rule, reason.place, reason.message) == ("stores", "line 001", said)
    assert ruled(*stores, stores_differ="accept").needs_approval == ()


def test_stores_that_come_to_the_line_and_a_line_for_no_store_in_particular_are_fine() -> None:
    assert ruled(("A", 4, "EA"), ("B", 6, "")).needs_approval == ruled().needs_approval == ()
