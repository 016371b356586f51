"""One true picture of an order, found by any number, with the documents behind each figure."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from desk import Desk
from partner_says import northwind, order, remittance

from edi_gateway.errors import WrongInput
from edi_gateway.operations.deposit import record_deposit
from edi_gateway.order_to_cash.figures import recount
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.views.order_trace import OrderTrace, find_orders, order_trace


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
    (one,) = find_orders(paid.store, "PO-1")
    shipment = next(each for each in paid.sent("856") if each.one("PRF")[1] == "PO-1").one("BSN")[2]
    invoice = next(each for each in paid.sent("810") if each.one("BIG")[4] == "PO-1").one("BIG")[2]
    for number in ("PO-1", shipment, invoice, "T-77", "000000002"):
        assert one in find_orders(paid.store, number), number
    assert find_orders(paid.store, shipment) == find_orders(paid.store, invoice) == find_orders(paid.store, "T-77") == [one]


def test_a_number_nobody_knows_is_said_to_be_unknown(paid: Desk) -> None:
    with pytest.raises(WrongInput, match="no order, shipment, invoice, interchange or payment has number NOPE"):
        trace(paid, "NOPE")


def test_an_interchange_of_several_orders_names_them(paid: Desk) -> None:
    with pytest.raises(WrongInput, match="PO-0 of northwind, PO-1 of northwind, PO-2 of northwind"):
        trace(paid, "000000001")


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
