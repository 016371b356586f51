"""What a change makes of an order and its thread, whatever it is."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from trade import NOON, d, line, opened, order

from edi_gateway.documents.order_change import ChangedLine, OrderChange
from edi_gateway.order_to_cash.changes import digest, revise, turn
from edi_gateway.order_to_cash.changing import take_change
from edi_gateway.order_to_cash.thread import LineBalance, OrderThread, ThreadChange

WORDS = st.sampled_from(["add", "delete", "quantity decrease", "quantity increase", "change", "price change", "no change"])
LINES = st.lists(
    st.builds(
        ChangedLine,
        number=st.sampled_from(["001", "002", "003"]),
        change=WORDS,
        quantity=st.integers(0, 30).map(Decimal),
        unit=st.just("EA"),
        unit_price=st.sampled_from([None, Decimal("2.50"), Decimal(3)]),
    ),
    max_size=4,
)
PURPOSES = st.sampled_from(["change", "cancellation", "replacement"])
ORDER = order(line("001", 10), line("002", 20))


def entry(change: OrderChange, document: str = "C1") -> ThreadChange:
    return ThreadChange(document_id=document, at=NOON, taken="all", digest=digest(change), sequence=change.sequence)


@given(LINES, PURPOSES, st.integers(0, 10), st.integers(0, 20))
def test_no_change_takes_back_what_has_left_and_every_balance_adds_up(
    lines: list[ChangedLine], purpose: str, first: int, second: int
) -> None:
    change = OrderChange(number=ORDER.number, purpose=purpose, lines=tuple(lines))
    gone = {"001": d(first), "002": d(second)}
    revision = revise(ORDER, change, gone)
    before = opened(ORDER)
    shipped = tuple(_shipped(each, gone[each.number]) for each in before.lines)
    taken = take_change(_with(before, shipped), revision.order, entry(change))
    assert taken.agreed, taken.disagreements
    for each in taken.thread.lines:
        assert each.shipped <= each.ordered
        assert each.first_ordered + each.changed - each.cancelled == each.ordered
        assert each.confirmed + each.backordered + each.rejected <= each.ordered
        assert each.first_ordered == {"001": 10, "002": 20}.get(each.number, 0)


def _shipped(each: LineBalance, quantity: Decimal) -> LineBalance:
    return replace(each, shipped=quantity, confirmed=each.ordered)


def _with(thread: OrderThread, lines: tuple[LineBalance, ...]) -> OrderThread:
    return replace(thread, lines=lines)


def test_the_same_change_twice_moves_a_thread_once() -> None:
    change = OrderChange(number=ORDER.number, purpose="cancellation")
    revised = revise(ORDER, change, {}).order
    once = take_change(opened(ORDER), revised, entry(change)).thread
    assert take_change(once, revised, entry(change)).thread == once


def test_an_order_changed_there_and_back_without_numbers_is_changed_twice() -> None:
    there = OrderChange(number=ORDER.number, purpose="change", lines=(ChangedLine(number="001", change="change", quantity=d(5)),))
    back = OrderChange(number=ORDER.number, purpose="change", lines=(ChangedLine(number="001", change="change", quantity=d(10)),))
    known = [entry(there, "C1"), entry(back, "C2")]
    assert (turn(back, known), turn(there, known)) == ("repeated", "next")
