from __future__ import annotations

from trade import billed_thread, confirmed, d, line, notice_of, opened, order, shipped, shipped_thread

from edi_gateway.order_to_cash.progress import ship
from edi_gateway.order_to_cash.thread import open_thread


def test_a_thread_begins_with_what_was_ordered() -> None:
    thread = opened(order(line("001", 10, "2.50"), line("002", 250, "31.50", price_basis="HP")))
    assert thread.state == "received"
    assert thread.ordered_amount == d("103.75")
    assert (thread.ship_to, thread.order_number) == ("0423", "0004711")


def test_a_line_number_used_twice_is_told_and_the_thread_is_opened_all_the_same() -> None:
    change = open_thread(order(line("1"), line("1")), partner="northwind", document_id="D1")
    assert [wrong.kind for wrong in change.disagreements] == ["line number used twice"]
    assert len(change.thread.lines) == 2


def test_a_price_basis_we_do_not_know_is_told() -> None:
    change = open_thread(order(line(price_basis="PF")), partner="northwind", document_id="D1")
    assert [(wrong.kind, wrong.place) for wrong in change.disagreements] == [("price basis unknown", "line 001")]


def test_a_line_without_a_price_is_worth_nothing_yet() -> None:
    assert opened(order(line(price=None))).ordered_amount == 0


def test_the_state_follows_the_balances() -> None:
    two = order(line("1", 10), line("2", 5))
    assert opened(two).state == "received"
    assert confirmed(two, ("1", "accepted", 10), ("2", "backordered", 5)).state == "confirmed"
    assert confirmed(two, ("1", "backordered", 10), ("2", "backordered", 5)).state == "confirmed"
    assert confirmed(two, ("1", "rejected", 10), ("2", "rejected", 5)).state == "rejected"
    assert shipped_thread(two, {"1": 10}).state == "partly shipped"
    assert shipped_thread(two, {"1": 10, "2": 5}).state == "shipped"
    assert billed_thread(two, {"1": 10, "2": 5}).state == "billed"


def test_an_order_of_which_one_shipment_is_not_billed_yet_is_not_billed() -> None:
    asked = order(line("1", 10))
    first = billed_thread(asked, {"1": 4})
    assert ship(first, notice_of(asked, shipped({"1": 6}, shipment="S2"))).thread.state == "shipped"


def test_an_order_is_shipped_when_all_that_was_not_rejected_has_left() -> None:
    two = order(line("1", 10), line("2", 5))
    thread = confirmed(two, ("1", "accepted", 10), ("2", "rejected", 5))
    assert ship(thread, notice_of(two, shipped({"1": 10}))).thread.state == "shipped"
