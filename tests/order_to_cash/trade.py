"""Invented orders and what becomes of them, for the scenes of this folder."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from edi_gateway.documents.base import DateOf, ItemId
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.party import Party
from edi_gateway.order_to_cash.facts import Billed, BilledLine, Decided, DecidedQuantity, PackContent, PackedCarton, Shipped
from edi_gateway.order_to_cash.progress import bill, confirm, ship
from edi_gateway.order_to_cash.sscc import sscc
from edi_gateway.order_to_cash.thread import OrderThread, open_thread
from edi_gateway.order_to_cash.turnaround import ShipTerms, draft_acknowledgment, draft_invoice, draft_ship_notice

MONDAY = date(2026, 1, 5)
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
PREFIX = "0614141"


def d(number: str | int) -> Decimal:
    return Decimal(number)


def line(number: str = "001", quantity: str | int = 10, price: str | None = "2.50", **more: object) -> OrderLine:
    fields: dict[str, object] = {"unit": "EA", "item_ids": (ItemId(qualifier="IN", id="000044104"),), "description": "Headlamp"}
    unit_price = None if price is None else d(price)
    return OrderLine(number=number, quantity=d(quantity), unit_price=unit_price, **(fields | more))  # type: ignore[arg-type]


def order(*lines: OrderLine, **more: object) -> Order:
    fields: dict[str, object] = {
        "number": "0004711",
        "purpose": "original",
        "ordered_on": MONDAY,
        "currency": "USD",
        "department": "042",
        "vendor_number": "0090210",
        "ship_to": Party(role="ST", name="Store 423", id_qualifier="92", id="0423"),
    }
    return Order(lines=lines or (line(),), **(fields | more))  # type: ignore[arg-type]


def dated(**dates: date) -> tuple[DateOf, ...]:
    """``dated(q037=…)``: a DTM each."""
    return tuple(DateOf(qualifier=name[1:], date=day) for name, day in dates.items())


def decided(*parts: tuple[str, str, int]) -> Decided:
    """``(line, status, quantity)`` each; what is rejected has a reason."""
    lines = (
        DecidedQuantity(line_number=n, status=status, quantity=d(q), reason="out of stock" if status == "rejected" else "")
        for n, status, q in parts
    )
    return Decided(at=NOON, lines=tuple(lines))


def shipped(*cartons: dict[str, int], shipment: str = "S1") -> Shipped:
    """A carton is ``{line: quantity}``; each weighs five pounds."""
    packed = (
        PackedCarton(contents=tuple(PackContent(line_number=n, quantity=d(q)) for n, q in content.items()), weight=d(5))
        for content in cartons
    )
    return Shipped(at=NOON, shipment=shipment, cartons=tuple(packed), bill_of_lading="06141410000000012")


def billed(quantities: dict[str, int], *, invoice: str = "00090001", shipment: str = "S1", price: str = "2.50") -> Billed:
    lines = tuple(BilledLine(line_number=n, quantity=d(q), unit_price=d(price)) for n, q in quantities.items())
    return Billed(at=NOON, invoice=invoice, shipment=shipment, lines=lines)


def labels(count: int) -> list[str]:
    return [sscc(PREFIX, serial) for serial in range(count)]


def notice_of(asked: Order, fact: Shipped, terms: ShipTerms | None = None):  # type: ignore[no-untyped-def]
    return draft_ship_notice(asked, fact, terms or ShipTerms(), now=NOON, sscc=labels(len(fact.cartons)))


def opened(asked: Order) -> OrderThread:
    return open_thread(asked, partner="northwind", document_id="D1").thread


def confirmed(asked: Order, *parts: tuple[str, str, int]) -> OrderThread:
    change = confirm(opened(asked), draft_acknowledgment(asked, decided(*parts), today=MONDAY))
    assert change.agreed, change.disagreements
    return change.thread


def shipped_thread(asked: Order, *cartons: dict[str, int]) -> OrderThread:
    change = ship(opened(asked), notice_of(asked, shipped(*cartons)))
    assert change.agreed, change.disagreements
    return change.thread


def billed_thread(asked: Order, quantities: dict[str, int], invoice: str = "00090001") -> OrderThread:
    thread = shipped_thread(asked, quantities)
    change = bill(thread, draft_invoice(asked, billed(quantities, invoice=invoice), None, today=MONDAY))
    assert change.agreed, change.disagreements
    return change.thread
