"""What of which shipment stands on no invoice yet."""

from __future__ import annotations

from msgspec.structs import replace
from trade import MONDAY, NOON, billed, d, line, opened, order

from edi_gateway.documents.invoice import Invoice
from edi_gateway.order_to_cash.credit import Why
from edi_gateway.order_to_cash.facts import Credited
from edi_gateway.order_to_cash.thread import LineQuantity, OrderThread, ThreadShipment
from edi_gateway.order_to_cash.turnaround import InvoicePolicy, consolidated, draft_credit, draft_invoice
from edi_gateway.order_to_cash.unbilled import unbilled

ORDER = order(line("001", 20))


def left_with(to_bill: int, **shipments: int) -> OrderThread:
    """The order's thread once these shipments of its line have left, with so much to bill."""
    thread = opened(ORDER)
    carried = tuple(
        ThreadShipment(number=number, shipped_on=MONDAY, lines=(LineQuantity(number="001", quantity=d(quantity)),))
        for number, quantity in shipments.items()
    )
    shipped = sum(shipments.values())
    balance = replace(thread.lines[0], shipped=d(shipped), billed=d(shipped - to_bill))
    return replace(thread, shipments=carried, lines=(balance,))


def invoice(shipment: str, quantity: int) -> Invoice:
    return draft_invoice(ORDER, billed({"001": quantity}, invoice=f"I-{shipment}", shipment=shipment), None, today=MONDAY)


def credit(of: Invoice, quantity: int, why: Why) -> Invoice:
    fact = Credited(at=NOON, credit="C1", invoice=of.number, why=why, lines=billed({"001": quantity}).lines)
    return draft_credit(of, fact, today=MONDAY)


def proposed(thread: OrderThread, *invoices: Invoice) -> dict[str, int]:
    return {one.number: int(one.lines[0].quantity) for one in unbilled(thread, invoices)}


def test_each_shipment_has_its_own_quantity_to_bill_and_one_that_is_billed_has_none() -> None:
    assert proposed(left_with(15, S1=10, S2=5)) == {"S1": 10, "S2": 5}
    assert proposed(left_with(10, S1=10, S2=5), invoice("S2", 5)) == {"S1": 10}
    assert proposed(left_with(11, S1=10, S2=5), invoice("S1", 4)) == {"S1": 6, "S2": 5}
    assert proposed(left_with(0, S1=10, S2=5), invoice("S1", 10), invoice("S2", 5)) == {}


def test_an_invoice_of_two_shipments_bills_both() -> None:
    both = consolidated([invoice("S1", 10), invoice("S2", 5)], today=MONDAY, policy=InvoicePolicy())
    assert proposed(left_with(5, S1=10, S2=5, S3=5), both) == {"S3": 5}


def test_what_was_billed_by_mistake_is_to_be_billed_again_and_what_came_back_or_was_too_dear_is_not() -> None:
    first = invoice("S1", 10)
    assert proposed(left_with(8, S1=10, S2=5), first, credit(first, 3, "overbilled")) == {"S1": 3, "S2": 5}
    for why in ("returned", "price"):
        assert proposed(left_with(5, S1=10, S2=5), first, credit(first, 3, why)) == {"S2": 5}  # type: ignore[arg-type]  # a Why


def test_no_shipment_has_more_to_bill_than_the_order() -> None:
    assert proposed(left_with(2, S1=10)) == {"S1": 2}
