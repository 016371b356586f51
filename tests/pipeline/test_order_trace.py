"""One true picture of an order, found by any number, with the documents behind each figure."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from desk import CASCADE, Desk, sample
from partner_says import northwind, order, remittance

from edi_gateway.errors import WrongInput
from edi_gateway.operations.deposit import record_deposit
from edi_gateway.operations.resume import resume
from edi_gateway.order_to_cash.figures import recount
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.views.order_trace import OrderTrace, order_trace
from edi_gateway.views.orders import orders
from edi_gateway.views.which_order import Which, which_order


@pytest.fixture
def paid(desk: Desk) -> Desk:
    """An order that has been paid, among others that have not."""
    desk.drop(northwind(1, order("PO-0"), order("PO-1"), order("PO-2")))
    desk.later(hours=8)
    invoice = next(one for one in desk.sent("810") if one.one("BIG")[4] == "PO-1").one("BIG")[2]
    desk.drop(northwind(2, remittance("T-77", (invoice, "888.00"))))
    record_deposit(desk.store, trace="T-77", amount=Decimal("888.00"), on=date(2026, 11, 18), method="ACH", by="anna")
    return desk


def trace(desk: Desk, number: str = "PO-1") -> OrderTrace:
    return order_trace(desk.store, number)


def test_any_number_finds_its_order_and_no_other(paid: Desk) -> None:
    one = which_order(paid.store, "PO-1")
    shipment = next(each for each in paid.sent("856") if each.one("PRF")[1] == "PO-1").one("BSN")[2]
    invoice = next(each for each in paid.sent("810") if each.one("BIG")[4] == "PO-1").one("BIG")[2]
    for number in ("PO-1", shipment, invoice, "T-77"):
        assert which_order(paid.store, number) == one, number


def test_a_number_nobody_knows_is_said_to_be_unknown(paid: Desk) -> None:
    with pytest.raises(WrongInput, match="no order, shipment, invoice, interchange or payment has number NOPE"):
        trace(paid, "NOPE")


def test_an_interchange_of_several_orders_says_what_names_each_and_each_is_found_by_that(paid: Desk) -> None:
    with pytest.raises(WrongInput) as told:
        trace(paid, "000000001")
    named = re.findall(r"(order:\d+) (PO-\d) of northwind, of 2026-11-\d\d \d\d:\d\d, (\w+)", told.value.what)
    assert [(number, state) for _, number, state in named] == [("PO-0", "billed"), ("PO-1", "paid"), ("PO-2", "billed")]
    assert told.value.do == f"name the one that is meant, such as {named[0][0]}"
    assert [trace(paid, name).thread.order_number for name, _, _ in named] == ["PO-0", "PO-1", "PO-2"]


def test_a_document_of_an_order_finds_it_by_its_id_and_by_the_beginning_of_that(paid: Desk) -> None:
    for one in trace(paid).documents[:-1]:
        assert which_order(paid.store, one.id) == which_order(paid.store, f"document:{one.id}") == which_order(paid.store, "PO-1")
    invoice = next(one.id for one in trace(paid).documents if one.kind == "invoice")
    begins = next(invoice[:most] for most in range(8, 33) if is_found(paid, f"document:{invoice[:most]}"))
    assert which_order(paid.store, f"document:{begins}") == which_order(paid.store, "PO-1")


def test_an_id_is_read_in_any_case_and_who_writes_one_wrong_hears_how(paid: Desk) -> None:
    (first,) = which_order(paid.store, "PO-1")[:1]
    document = trace(paid).documents[0].id
    assert which_order(paid.store, f"Order:{first}") == which_order(paid.store, f"DOCUMENT:{document.upper()}") == Which(first)
    for wrong in ("order:PO-1", "Document:01a1", "order:999999"):
        with pytest.raises(WrongInput, match=f"has number {wrong} — an id is written like order:182, or like document:"):
            which_order(paid.store, wrong)
    with pytest.raises(WrongInput, match="see 'edi-gateway order list'"):
        which_order(paid.store, "ORDER-1")


def is_found(desk: Desk, name: str) -> bool:
    try:
        return bool(which_order(desk.store, name))
    except WrongInput:
        return False


def test_a_number_that_two_partners_have_is_found_by_the_partner(paid: Desk) -> None:
    body = sample("cascade-850-plain.edi").replace(b"C26-30417", b"PO-1")
    paid.drop(body, at=CASCADE)
    with pytest.raises(WrongInput, match=r"PO-1 of northwind, .*; .*PO-1 of cascade, .*or its --partner"):
        trace(paid)
    for partner in ("northwind", "cascade"):
        assert order_trace(paid.store, "PO-1", partner).thread.partner == partner
    with pytest.raises(WrongInput, match="of cascade has number PO-2"):
        order_trace(paid.store, "PO-2", "cascade")


def test_an_order_whose_repeats_were_refused_is_found_by_its_number_and_names_them(any_desk: Desk) -> None:
    desk = any_desk
    body = sample("cascade-850-plain.edi")
    for nth in range(3):
        desk.drop(body.replace(b"000000881", b"00000088%d" % (nth + 1)).replace(b"|881", b"|88%d" % (nth + 1)), at=CASCADE)
        desk.later(hours=1)
    first, *others = orders(desk.store)[::-1]
    assert [one.state for one in others] == ["rejected", "rejected"]
    found = which_order(desk.store, "C26-30417")
    assert found == Which(first.id, tuple(one.id for one in others))
    assert which_order(desk.store, f"order:{others[0].id}") == Which(others[0].id)


def test_of_two_orders_of_a_number_that_both_stand_none_is_preferred(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(northwind(2, order("PO-1")))
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    with pytest.raises(WrongInput, match=r"PO-1 has to do with 2 orders: order:1 PO-1 of .*; order:2 PO-1 of northwind"):
        trace(desk)
    assert [trace(desk, f"order:{id}").id for id in (1, 2)] == [1, 2]


def test_each_balance_is_the_sum_of_the_documents_behind_it(paid: Desk) -> None:
    found = trace(paid)
    assert found.disagreements == ()
    sums = {(each.line, each.balance): Decimal(0) for one in found.documents for each in one.figures}
    for each in (each for one in found.documents for each in one.figures):
        sums[each.line, each.balance] += each.quantity
    (line,) = found.thread.lines
    for balance in ("ordered", "confirmed", "shipped", "billed"):
        assert sums["001", balance] == getattr(line, balance), balance
    assert [one.code for one in found.documents] == ["850", "855", "856", "810", "820"]


def test_the_money_of_the_lines_is_the_money_of_the_order(paid: Desk) -> None:
    money = trace(paid).money["001"]
    assert (money.billed, money.remitted, money.paid, money.open) == (Decimal(888), Decimal(888), Decimal(888), Decimal(0))


def test_a_balance_no_document_bears_out_is_a_named_disagreement(paid: Desk) -> None:
    thread: OrderThread = trace(paid).thread
    (wrong,) = [each for each in recount(thread, []) if "shipped" in each.message]
    assert (wrong.kind, wrong.place, wrong.message) == (
        "documents disagree",
        "line 001",
        "shipped is 48, and its documents say 0",
    )
