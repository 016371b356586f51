"""Orders nobody placed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from square import MAPS, Square, partner

from edi_gateway.documents.base import ItemId
from edi_gateway.errors import WrongInput
from edi_gateway.simulated_partner import OfferedItem, invent_orders
from edi_gateway.x12 import standard
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.validation import checker

DAY = date(2026, 1, 5)
ITEMS = tuple(
    OfferedItem(
        ids=(ItemId(qualifier="BP", id=f"CDR-{place:04d}"),), price=Decimal(f"{place}.25"), per_carton=place, title="Thing"
    )
    for place in range(1, 13)
)


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), count=st.integers(1, 5))
def test_any_invented_order_is_a_valid_850_that_reads_as_it_was_invented(seed: int, count: int) -> None:
    for invented in invent_orders(partner(), ITEMS, seed, count, on=DAY):
        body = MAPS.writing("850-order").write(invented)
        sent = TransactionSet.of([["ST", "850", "0001"], *body, ["SE", str(len(body) + 2), "0001"]])
        assert checker(standard.load("850", "004010")).check(sent) == ()
        assert MAPS.reading("850-order").read(sent) == invented


def test_the_same_seed_gives_the_same_orders_and_another_one_others() -> None:
    assert invent_orders(partner(), ITEMS, 7, 20, on=DAY) == invent_orders(partner(), ITEMS, 7, 20, on=DAY)
    assert invent_orders(partner(), ITEMS, 7, 20, on=DAY) != invent_orders(partner(), ITEMS, 8, 20, on=DAY)


def test_numbers_go_on_from_where_they_are_told_to() -> None:
    first = invent_orders(partner(), ITEMS, 7, 3, on=DAY)
    second = invent_orders(partner(), ITEMS, 7, 3, on=DAY, first=4)
    assert [order.number for order in (*first, *second)] == [f"BI26{n:06d}" for n in range(1, 7)]


def test_an_order_asks_for_no_item_twice_and_for_at_least_one() -> None:
    for order in invent_orders(partner(), ITEMS, 3, 200, on=DAY):
        ids = [line.item_ids for line in order.lines]
        assert len(set(ids)) == len(ids)
        assert all(line.quantity >= 1 for line in order.lines)


def test_without_items_there_is_nothing_to_order() -> None:
    with pytest.raises(WrongInput, match="nothing to order"):
        invent_orders(partner(), (), 1, 1, on=DAY)


def test_invented_orders_can_be_placed(tmp_path: Path) -> None:
    square = Square(tmp_path)
    for order in invent_orders(partner(), ITEMS, 1, 5, on=DAY):
        square.buyer.order(order)
    square.acknowledge()
    square.buyer.look()
    assert square.kinds() == []
