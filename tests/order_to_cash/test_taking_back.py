"""What was rejected is taken back from the order thread, as if it had never been; not what money stands on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from trade import MONDAY, NOON, billed, billed_thread, line, notice_of, opened, order, shipped, shipped_thread

from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import StoreQuantity
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.order_to_cash.facts import BilledLine, Credited, PackContent, PackedCarton
from edi_gateway.order_to_cash.progress import bill, ship
from edi_gateway.order_to_cash.receivable import Payment
from edi_gateway.order_to_cash.taking_back import taken_back, uncovered
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.order_to_cash.turnaround import draft_credit, draft_invoice

ORDER = order(line("1", 10, "2.50"), line("2", 7, "3.33"))
STORES = order(
    line(
        "1",
        10,
        stores=(
            StoreQuantity(store="A", quantity=Decimal(6), unit="EA"),
            StoreQuantity(store="B", quantity=Decimal(4), unit="EA"),
        ),
    )
)


def told(*cartons: dict[str, int], shipment: str = "S1") -> ShipNotice:
    return notice_of(ORDER, shipped(*cartons, shipment=shipment))


def invoiced(quantities: dict[str, int], number: str = "00090001") -> Invoice:
    return draft_invoice(ORDER, billed(quantities, invoice=number), None, today=MONDAY)


def credit(of: Invoice, quantity: int) -> Invoice:
    fact = Credited(
        at=NOON,
        credit="C1",
        invoice=of.number,
        lines=(BilledLine(line_number="1", quantity=Decimal(quantity), unit_price=Decimal("2.50")),),
    )
    return draft_credit(of, fact, today=date(2026, 1, 20))


quantities = st.fixed_dictionaries({"1": st.integers(1, 5), "2": st.integers(1, 3)})


@given(quantities, quantities)
def test_a_shipment_and_an_invoice_taken_back_leave_the_thread_as_it_was(first: dict[str, int], second: dict[str, int]) -> None:
    before = billed_thread(ORDER, first)
    notice, invoice = told(second, shipment="S2"), invoiced(second, "00090002")
    after = bill(ship(before, notice).thread, invoice).thread
    assert taken_back(taken_back(after, invoice).thread, notice).thread == before


def test_a_credit_note_taken_back_leaves_the_thread_as_it_was() -> None:
    invoice = invoiced({"1": 10})
    before = bill(shipped_thread(ORDER, {"1": 10}), invoice).thread
    note = credit(invoice, 4)
    assert taken_back(bill(before, note).thread, note).thread == before


def test_what_did_not_move_the_thread_is_not_taken_back() -> None:
    thread = billed_thread(ORDER, {"1": 4})
    for document in (told({"1": 4}, shipment="S9"), invoiced({"1": 4}, "X"), credit(invoiced({"1": 4}, "X"), 1)):
        assert taken_back(thread, document).thread == thread


def test_an_invoice_that_money_or_a_credit_note_stands_on_is_not_taken_back() -> None:
    invoice = invoiced({"1": 10})
    thread = bill(shipped_thread(ORDER, {"1": 10}), invoice).thread
    (owed,) = thread.receivables
    paid = msgspec.structs.replace(thread, receivables=(owed.with_payment(Payment(remittance="R", item=1, net=Decimal(1))),))
    for standing in (paid, bill(thread, credit(invoice, 4)).thread):
        change = taken_back(standing, invoice)
        assert ([each.kind for each in change.disagreements], change.thread) == (["stands on it"], standing)


def test_less_shipped_than_was_billed_is_named() -> None:
    thread = billed_thread(ORDER, {"1": 10})
    less = ship(taken_back(thread, told({"1": 10})).thread, told({"1": 8})).thread
    assert [each.message for each in uncovered(less)] == ["10 EA are billed, and 8 were shipped"]
    assert uncovered(thread) == []


def of_stores(thread: OrderThread) -> list[tuple[str, Decimal]]:
    return [(one.store, one.shipped) for one in thread.lines[0].stores]


def test_what_was_marked_for_a_store_is_taken_back_from_it_and_the_rest_from_the_last_that_has_it() -> None:
    cartons = (
        PackedCarton(contents=(PackContent(line_number="1", quantity=Decimal(2)),), store="B", weight=Decimal(1)),
        PackedCarton(contents=(PackContent(line_number="1", quantity=Decimal(6)),), weight=Decimal(1)),
    )
    notice = notice_of(STORES, msgspec.structs.replace(shipped(), cartons=cartons))
    before = opened(STORES)
    after = ship(before, notice).thread
    assert of_stores(after) == [("A", 6), ("B", 2)]
    assert taken_back(after, notice).thread == before
