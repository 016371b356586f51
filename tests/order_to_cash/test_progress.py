from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from trade import (
    MONDAY,
    billed,
    billed_thread,
    confirmed,
    d,
    decided,
    line,
    notice_of,
    opened,
    order,
    shipped,
    shipped_thread,
)

from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.order_to_cash.progress import bill, confirm, ship
from edi_gateway.order_to_cash.thread import Change
from edi_gateway.order_to_cash.turnaround import draft_acknowledgment, draft_invoice

ORDER = order(line("1", 10), line("2", 5))


def kinds(change: Change) -> list[str]:
    return [wrong.kind for wrong in change.disagreements]


def answer(*parts: tuple[str, str, int]) -> OrderAcknowledgment:
    return draft_acknowledgment(ORDER, decided(*parts), today=MONDAY)


def invoice(quantities: dict[str, int], **more: str):  # type: ignore[no-untyped-def]
    return draft_invoice(ORDER, billed(quantities, **more), None, today=MONDAY)


def test_an_855_sets_what_is_confirmed_backordered_and_rejected() -> None:
    thread = confirmed(ORDER, ("1", "accepted", 6), ("1", "backordered", 3), ("1", "rejected", 1), ("2", "accepted", 5))
    balance = thread.line("1")
    assert balance
    assert (balance.confirmed, balance.backordered, balance.rejected) == (6, 3, 1)


def test_a_later_855_replaces_the_earlier_one() -> None:
    first = confirmed(ORDER, ("1", "accepted", 6), ("1", "backordered", 4), ("2", "accepted", 5))
    thread = confirm(first, answer(("1", "accepted", 6), ("1", "rejected", 4), ("2", "accepted", 5))).thread
    balance = thread.line("1")
    assert balance
    assert (balance.confirmed, balance.backordered, balance.rejected) == (6, 0, 4)


def test_an_855_without_lines_speaks_for_every_line() -> None:
    whole = msgspec.structs.replace(answer(("1", "accepted", 10), ("2", "accepted", 5)), lines=())
    assert [x.confirmed for x in confirm(opened(ORDER), whole).thread.lines] == [10, 5]
    refused = msgspec.structs.replace(whole, decision="rejected")
    assert confirm(opened(ORDER), refused).thread.state == "rejected"


def test_a_rejection_of_the_whole_order_speaks_for_what_has_not_left() -> None:
    refused = msgspec.structs.replace(answer(("1", "rejected", 10), ("2", "rejected", 5)), lines=())
    thread = confirm(shipped_thread(ORDER, {"1": 4}), refused).thread
    assert [(x.rejected, x.to_ship) for x in thread.lines] == [(6, 0), (5, 0)]


def test_an_855_whose_quantities_do_not_add_up_changes_nothing() -> None:
    change = confirm(opened(ORDER), answer(("1", "accepted", 9), ("2", "accepted", 5)))
    assert kinds(change) == ["quantities do not add up"]
    assert change.thread == opened(ORDER)


def test_an_855_that_leaves_a_line_out_is_not_taken() -> None:
    short = answer(("1", "accepted", 10), ("2", "accepted", 5))
    change = confirm(opened(ORDER), msgspec.structs.replace(short, lines=short.lines[:1]))
    assert kinds(change) == ["line not covered"]


def test_what_has_left_cannot_be_rejected_any_more() -> None:
    change = confirm(shipped_thread(ORDER, {"1": 8}), answer(("1", "accepted", 7), ("1", "rejected", 3), ("2", "accepted", 5)))
    assert kinds(change) == ["less than shipped"]


def test_an_answer_to_another_release_of_the_order_is_not_taken() -> None:
    other = msgspec.structs.replace(answer(("1", "accepted", 10), ("2", "accepted", 5)), release_number="2")
    assert kinds(confirm(opened(ORDER), other)) == ["another order"]


def test_two_shipments_add_up() -> None:
    first = shipped_thread(ORDER, {"1": 4}, {"1": 2, "2": 5})
    thread = ship(first, notice_of(ORDER, shipped({"1": 4}, shipment="S2"))).thread
    assert [x.shipped for x in thread.lines] == [10, 5]
    assert [s.number for s in thread.shipments] == ["S1", "S2"]


def test_the_same_856_twice_changes_nothing() -> None:
    once = shipped_thread(ORDER, {"1": 4})
    assert ship(once, notice_of(ORDER, shipped({"1": 4}))) == Change(once)


def test_one_shipment_told_in_two_ways_is_a_disagreement() -> None:
    change = ship(shipped_thread(ORDER, {"1": 4}), notice_of(ORDER, shipped({"1": 5})))
    assert kinds(change) == ["shipment told otherwise"]


def test_more_than_ordered_does_not_ship() -> None:
    change = ship(opened(ORDER), notice_of(ORDER, shipped({"1": 11})))
    assert kinds(change) == ["shipped beyond ordered"]
    assert change.thread == opened(ORDER)


def test_the_tolerance_is_inclusive() -> None:
    assert ship(opened(ORDER), notice_of(ORDER, shipped({"1": 11})), over_shipment_percent=d(10)).agreed
    assert not ship(opened(ORDER), notice_of(ORDER, shipped({"1": 12})), over_shipment_percent=d(10)).agreed


def test_what_was_rejected_does_not_ship() -> None:
    thread = confirmed(ORDER, ("1", "accepted", 6), ("1", "rejected", 4), ("2", "accepted", 5))
    assert kinds(ship(thread, notice_of(ORDER, shipped({"1": 7})))) == ["shipped beyond ordered"]


def test_goods_that_left_are_told_as_they_left_once_a_person_says_so() -> None:
    change = ship(opened(ORDER), notice_of(ORDER, shipped({"1": 12})), as_it_left=True)
    assert change.agreed
    balance = change.thread.line("1")
    assert balance
    assert (balance.shipped, balance.to_ship) == (12, 0)


def test_a_shipment_that_holds_nothing_of_the_order_is_told() -> None:
    other = order(line("1", 10), number="0004712")
    assert kinds(ship(opened(ORDER), notice_of(other, shipped({"1": 1})))) == ["another order"]


def test_goods_in_another_unit_are_not_counted() -> None:
    cases = order(line("1", 10, unit="CA"))
    assert kinds(ship(opened(ORDER), notice_of(cases, shipped({"1": 1})))) == ["unit differs"]


def test_an_invoice_opens_a_receivable() -> None:
    thread = billed_thread(ORDER, {"1": 10, "2": 5})
    receivable = thread.receivable("00090001")
    assert receivable
    assert (receivable.amount, receivable.open, receivable.shipment) == (d("37.50"), d("37.50"), "S1")
    assert [x.billed for x in thread.lines] == [10, 5]


def test_no_more_is_billed_than_shipped() -> None:
    shipped_part = shipped_thread(ORDER, {"1": 4})
    change = bill(shipped_part, invoice({"1": 5}))
    assert kinds(change) == ["billed beyond shipped"]
    assert change.thread == shipped_part


def test_the_same_invoice_twice_changes_nothing() -> None:
    once = billed_thread(ORDER, {"1": 4})
    assert bill(once, invoice({"1": 4})) == Change(once)


def test_an_invoice_number_is_used_once() -> None:
    assert kinds(bill(billed_thread(ORDER, {"1": 4}), invoice({"1": 3}))) == ["invoice number used"]


def test_an_invoice_in_another_currency_is_not_taken() -> None:
    change = bill(shipped_thread(ORDER, {"1": 4}), msgspec.structs.replace(invoice({"1": 4}), currency="CAD"))
    assert kinds(change) == ["another currency"]


def test_a_credit_of_no_invoice_and_a_kind_of_invoice_nobody_knows_bill_no_goods() -> None:
    for type_, kind in (("credit", "unknown invoice"), ("prepaid", "no debit")):
        change = bill(shipped_thread(ORDER, {"1": 4}), msgspec.structs.replace(invoice({"1": 4}), type=type_))
        assert kinds(change) == [kind]


facts = st.lists(
    st.tuples(st.sampled_from(["ship", "bill"]), st.sampled_from(["1", "2"]), st.integers(1, 8), st.integers(1, 4)), max_size=12
)


@given(facts)
def test_whatever_comes_in_whatever_order_the_invariants_hold(events: list[tuple[str, str, int, int]]) -> None:
    thread = opened(ORDER)
    for kind, number, quantity, which in events:
        before = thread
        if kind == "ship":
            change = ship(thread, notice_of(ORDER, shipped({number: quantity}, shipment=f"S{which}")))
        else:
            change = bill(thread, invoice({number: quantity}, invoice=f"I{which}"))
        thread = change.thread
        assert change.agreed or thread == before
        assert all(x.billed <= x.shipped <= x.ordered for x in thread.lines)
        assert thread.open == thread.billed_amount
