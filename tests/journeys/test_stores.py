"""One order for three stores (SDQ), from its 850 to the bank: what each store ordered is shipped, billed and paid to the cent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from desk import Desk, Profiles
from partner_says import northwind, order, remittance

from edi_gateway.operations.deposit import record_deposit
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.views.order_trace import OrderTrace, order_trace

STORES = {"0101": 20, "0102": 15, "0103": 13}
PRICE = Decimal("18.50")
APART = "    billing: {stores: apart}\n"


def split_order() -> list[list[str]]:
    """48 lanterns, by store."""
    segments = order("PO-1")
    split = [word for store, quantity in STORES.items() for word in (store, str(quantity))]
    segments.insert(10, ["SDQ", "EA", "92", *split])
    return segments


@pytest.fixture
def begin(profiles: Profiles, make_desk: Callable[..., Desk]) -> Callable[..., Desk]:
    """A desk on which an order was shipped and billed; an 856, an 810 for each store where a scene says so."""

    def make(*, notices: bool = False, invoices: bool = False) -> Desk:
        if notices:
            profiles.replace("northwind", "  ship_notice: true\n", "  ship_notice: true\n  ship_notice_stores: apart\n")
        if invoices:
            profiles.replace("northwind", "    map: invoice-810\n", f"    map: invoice-810\n{APART}")
        desk = make_desk()
        desk.drop(northwind(1, split_order()))
        desk.later(hours=8)
        assert desk.held() == []
        return desk

    return make


def pay(desk: Desk) -> None:
    """One remittance for every invoice, and its money at the bank."""
    thread = trace(desk).thread
    paid = [(one.invoice, f"{one.amount}") for one in thread.receivables]
    desk.drop(northwind(2, remittance("T-77", *paid)))
    record_deposit(desk.store, trace="T-77", amount=thread.billed_amount, on=date(2026, 11, 18), method="ACH", by="anna")


def trace(desk: Desk, number: str = "PO-1") -> OrderTrace:
    return order_trace(desk.store, number)


def quantities(thread: OrderThread) -> dict[str, tuple[Decimal, ...]]:
    return {one.store: (one.ordered, one.shipped, one.billed) for one in thread.lines[0].stores}


@pytest.mark.parametrize("notices", [False, True])
@pytest.mark.parametrize("invoices", [False, True])
def test_every_store_balance_closes_whether_stores_are_told_together_or_apart(
    begin: Callable[..., Desk], notices: bool, invoices: bool
) -> None:
    desk = begin(notices=notices, invoices=invoices)
    assert (len(desk.sent("856")), len(desk.sent("810"))) == (3 if notices else 1, 3 if invoices else 1)
    assert quantities(trace(desk).thread) == {store: (q, q, q) for store, q in STORES.items()}
    assert {one.store: one.money.open for one in trace(desk).stores} == {store: q * PRICE for store, q in STORES.items()}
    pay(desk)
    found = trace(desk)
    assert {one.store: (one.money.remitted, one.money.paid, one.money.open) for one in found.stores} == {
        store: (q * PRICE, q * PRICE, 0) for store, q in STORES.items()
    }
    assert (found.state, found.thread.open, found.disagreements, desk.held()) == ("paid", 0, (), [])


def test_each_store_has_an_invoice_of_its_own_that_names_it(begin: Callable[..., Desk]) -> None:
    desk = begin(invoices=True)
    told = {}
    for sent in desk.sent("810"):
        (buyer,) = [each for each in sent.all("N1") if each[1] == "BY"]
        told[buyer[4]] = (sent.one("BIG")[2], sent.one("TDS")[1])
    assert told == {store: (f"00090001-{store}", f"{quantity * 1850}") for store, quantity in STORES.items()}


def test_each_store_has_a_ship_notice_of_its_own_with_its_cartons_alone(begin: Callable[..., Desk]) -> None:
    desk = begin(notices=True)
    shipped = {}
    for sent in desk.sent("856"):
        marked = {each[4] for each in sent.all("N1") if each[1] == "BY"}
        shipped[sent.one("BSN")[2].rpartition("-")[2]] = (marked, sum(int(each[2]) for each in sent.all("SN1")))
    assert shipped == {store: ({store}, quantity) for store, quantity in STORES.items()}


def test_any_number_of_one_store_finds_the_order_of_all(begin: Callable[..., Desk]) -> None:
    desk = begin(notices=True, invoices=True)
    pay(desk)
    shipment = desk.sent("856")[1].one("BSN")[2]
    for number in ("PO-1", shipment, "00090001-0102", "000000001", "T-77"):
        assert trace(desk, number).thread.order_number == "PO-1", number


def test_one_invoice_names_the_shipments_of_all_stores_in_the_order_they_were_told_of(begin: Callable[..., Desk]) -> None:
    desk = begin(notices=True)
    (bill,) = desk.sent("810")
    assert [each[2] for each in bill.all("REF") if each[1] == "SI"] == [sent.one("BSN")[2] for sent in desk.sent("856")]
