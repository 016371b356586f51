"""What a change makes of lines that are for many stores (SDQ), of lines that have left, and of lines that were deleted."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from trade import NOON, d, line, opened, order

from edi_gateway.documents.order import Order, StoreQuantity
from edi_gateway.documents.order_change import ChangedLine, OrderChange
from edi_gateway.order_to_cash.changes import Revision, revise
from edi_gateway.order_to_cash.changing import take_change
from edi_gateway.order_to_cash.thread import OrderThread, ThreadChange

TAKEN = ThreadChange(document_id="C1", at=NOON, taken="all", digest="x")


def stores(**quantities: int) -> tuple[StoreQuantity, ...]:
    return tuple(StoreQuantity(store=store, quantity=d(quantity), unit="EA") for store, quantity in quantities.items())


ORDER = order(replace(line("001", 20), stores=stores(A=10, B=10)), line("002", 5))


def after(**left: int) -> OrderThread:
    """The order's thread once this has left of line 001 for these stores."""
    thread = opened(ORDER)
    first, second = thread.lines
    served = tuple(replace(one, shipped=d(left.get(one.store, 0))) for one in first.stores)
    return replace(thread, lines=(replace(first, shipped=sum((one.shipped for one in served), d(0)), stores=served), second))


def asked(change: str, quantity: int, told: tuple[StoreQuantity, ...] = (), number: str = "001") -> ChangedLine:
    return ChangedLine(number=number, change=change, quantity=d(quantity), unit="EA", stores=told)


def revised(thread: OrderThread, *lines: ChangedLine, before: Order = ORDER, purpose: str = "change", **how: str) -> Revision:
    change = OrderChange(number=before.number, purpose=purpose, lines=lines)
    return revise(before, change, thread.gone, gone_to=thread.gone_to, **how)  # type: ignore[arg-type]  # quantities=


def of_stores(revision: Revision) -> dict[str, int]:
    return {one.store: int(one.quantity) for one in revision.order.lines[0].stores}


def test_a_store_that_has_its_goods_is_not_taken_off_the_order() -> None:
    revision = revised(after(A=10), asked("quantity decrease", 10, stores(B=10)))
    assert [(one.refused, one.too_late) for one in revision.lines] == [("10 EA of it have left for store A", True)]
    assert revision.is_too_late
    assert revision.order.lines == ORDER.lines


def test_fewer_without_saying_for_whom_are_a_doubt_and_take_nothing_from_a_store_that_has_its_goods() -> None:
    revision = revised(after(B=10), asked("quantity decrease", 12))
    assert revision.doubts == ("line 001 is for 2 stores, and it does not say which get how many now",)
    assert of_stores(revision) == {"A": 2, "B": 10}


def test_more_told_for_the_store_that_changes_keeps_the_others() -> None:
    revision = revised(after(), asked("quantity increase", 30, stores(B=20)))
    assert (revision.doubts, of_stores(revision)) == ((), {"A": 10, "B": 20})


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ((), "line 001 is for 2 stores, and it does not say which get how many now"),
        (stores(A=10, B=15), "line 001: 30 EA are ordered, for its stores (SDQ) 25"),
        ((StoreQuantity(store="B", quantity=d(2), unit="CA"),), "line 001: it is ordered in EA, for its stores (SDQ) in CA"),
    ],
)
def test_quantities_that_would_belong_to_no_store_are_a_doubt(told: tuple[StoreQuantity, ...], said: str) -> None:
    assert revised(after(), asked("quantity increase", 30, told)).doubts == (said,)


def test_a_line_whose_stores_stay_as_they_were_ruled_on_is_no_doubt() -> None:
    cases = (StoreQuantity(store="A", quantity=d(2), unit="CA"), StoreQuantity(store="B", quantity=d(3), unit="CA"))
    before = order(replace(line("001", 60), stores=cases))
    assert revised(opened(before), asked("price change", 60, cases), before=before).doubts == ()
    assert revised(opened(before), asked("change", 72, cases), before=before).doubts != ()


@pytest.mark.parametrize("told", [(), stores(A=10, B=15)])
def test_a_partner_whose_stores_may_differ_is_not_asked_about_it(told: tuple[StoreQuantity, ...]) -> None:
    assert revised(after(), asked("quantity increase", 30, told), stores_differ="accept").doubts == ()
    assert revised(after(), asked("add", 9, stores(A=4), "003"), stores_differ="accept").doubts == ()


@pytest.mark.parametrize(("quantity", "told"), [(12, ()), (30, stores(B=5))])
def test_what_each_store_is_to_get_is_asked_about_though_they_may_differ(quantity: int, told: tuple[StoreQuantity, ...]) -> None:
    assert revised(after(), asked("change", quantity, told), stores_differ="accept").doubts != ()


def test_an_added_line_whose_stores_come_to_something_else_is_a_doubt() -> None:
    assert revised(after(), asked("add", 9, stores(A=4), "003")).doubts == ("line 003: 9 EA are ordered, for its stores (SDQ) 4",)


def test_a_store_that_stands_twice_keeps_and_gets_both() -> None:
    before = order(replace(line("001", 20), stores=(*stores(A=4, B=10), *stores(A=6))))
    thread = opened(before)
    fewer = revised(thread, asked("quantity decrease", 17, (*stores(A=4), *stores(A=3))), before=before)
    assert (of_stores(fewer), fewer.doubts) == ({"A": 7, "B": 10}, ())
    served = replace(thread.lines[0], shipped=d(10), stores=tuple(replace(one, shipped=d(10)) for one in thread.lines[0].stores))
    late = revised(replace(thread, lines=(served,)), asked("quantity decrease", 16, stores(A=6, B=10)), before=before)
    assert late.lines[0].refused == "10 EA of it have left for store A"


def test_differences_of_stores_are_added_where_the_buyer_says_differences() -> None:
    more = revised(after(), asked("quantity increase", 5, stores(B=5)), quantities="difference")
    fewer = revised(after(A=8), asked("quantity decrease", 4, stores(A=2, B=2)), quantities="difference")
    assert (more.doubts, of_stores(more)) == ((), {"A": 10, "B": 15})
    assert (fewer.doubts, of_stores(fewer)) == ((), {"A": 8, "B": 8})


def test_a_deleted_line_keeps_what_has_left_for_each_store() -> None:
    revision = revised(after(B=4), asked("delete", 0))
    assert (revision.doubts, of_stores(revision), revision.order.lines[0].quantity) == ((), {"B": 4}, 4)


QUANTITIES = st.integers(0, 15)


@given(
    st.tuples(st.integers(0, 10), st.integers(0, 10)),
    st.sampled_from(["quantity decrease", "quantity increase", "change", "delete", "no change", "price change"]),
    st.integers(0, 40),
    st.one_of(st.just({}), st.dictionaries(st.sampled_from(["A", "B", "C"]), QUANTITIES, min_size=1)),
    st.sampled_from(["total", "difference"]),
)
def test_nothing_is_taken_from_a_store_that_has_it_and_what_belongs_to_nobody_is_asked_about(
    left: tuple[int, int], word: str, quantity: int, told: dict[str, int], how: str
) -> None:
    thread = after(A=left[0], B=left[1])
    revision = revised(thread, asked(word, quantity, stores(**told)), quantities=how)
    taken = take_change(thread, revision.order, TAKEN)
    assert taken.agreed, taken.disagreements
    (first, _) = taken.thread.lines
    assert all(one.shipped <= one.ordered for one in first.stores)
    assert revision.doubts or sum((one.ordered for one in first.stores), d(0)) == first.ordered


def test_a_thread_refuses_less_for_a_store_than_has_left_for_it() -> None:
    less = order(replace(line("001", 10), stores=stores(B=10)), line("002", 5))
    (wrong,) = take_change(after(A=10), less, TAKEN).disagreements
    assert (wrong.place, wrong.message) == ("line 001, store A", "changed to 0 EA, but 10 have left")


def test_a_line_that_has_left_may_be_named_as_it_stands_beside_others_that_change() -> None:
    named, more = asked("no change", 20), asked("quantity increase", 9, number="002")
    revision = revised(after(A=10, B=10), named, more)
    assert [(one.refused, one.quantity) for one in revision.lines] == [("", 20), ("", 9)]
    assert not revision.is_too_late


def test_a_store_told_in_two_places_is_the_store_as_it_stands() -> None:
    named = asked("no change", 20, (*stores(A=4, B=10), *stores(A=6)))
    assert [one.refused for one in revised(after(A=10, B=10), named, asked("quantity increase", 9, number="002")).lines] == [
        "",
        "",
    ]


@pytest.mark.parametrize("quantity", [19, 21])
def test_a_line_that_has_left_is_not_another_one_any_more(quantity: int) -> None:
    revision = revised(after(A=10, B=10), asked("change", quantity))
    assert [(one.refused, one.too_late) for one in revision.lines] == [("20 EA of it have left", True)]


def test_a_deleted_line_may_be_added_again() -> None:
    thread = opened(ORDER)
    deleted = revised(thread, asked("delete", 0, number="002")).order
    thread = take_change(thread, deleted, TAKEN).thread
    again = revised(thread, asked("add", 3, number="002"), before=deleted)
    assert [(one.refused, one.quantity) for one in again.lines] == [("", 3)]
    added = take_change(thread, again.order, replace(TAKEN, document_id="C2")).thread.lines[1]
    assert (added.first_ordered, added.cancelled, added.changed, added.ordered) == (5, 5, 3, Decimal(3))
    assert [one.refused for one in revised(thread, asked("add", 3)).lines] == ["the line is there already"]
