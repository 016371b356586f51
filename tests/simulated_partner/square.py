"""A market square for two: a buyer, and a supplier written out by hand that does exactly what a test tells it to."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from edi_gateway.clock import MovableClock
from edi_gateway.documents.base import DateOf, ItemId, Terms, Value
from edi_gateway.documents.invoice import Invoice, InvoiceLine
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.order_acknowledgment import AcknowledgedLine, LineDecision, OrderAcknowledgment
from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import Pack, PackedItem, ShipNotice, ShippedOrder
from edi_gateway.mapping.library import Library
from edi_gateway.simulated_partner import Buyer, Habits
from edi_gateway.trading.profile import OurIdentity, TradingPartner
from edi_gateway.transports.folder import FolderConfig, FolderTransport
from edi_gateway.x12.acknowledgment import Form, SetResult, functional_acknowledgment
from edi_gateway.x12.envelope import GroupEnd, Segment, TransactionSet
from edi_gateway.x12.finding import Finding, Severity
from edi_gateway.x12.group_codes import group_code
from edi_gateway.x12.reader import read
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange

MAPS = Library.load(Path(__file__).parents[2] / "maps")
TODAY = date(2026, 1, 5)
LABELS = ("006141410000000012", "006141410000000029", "006141410000000036")  # right check digits

_SETS = {Order: "850", OrderAcknowledgment: "855", ShipNotice: "856", Invoice: "810"}
_MAPS = {"855": "order-acknowledgment-855", "856": "ship-notice-856", "810": "invoice-810"}

SUPPLIER = OurIdentity.model_validate(
    {"name": "main", "title": "Alder Works", "interchange": "12:5550100", "group": "5550100", "company_prefix": "0614141"}
)


def partner(**changes: Any) -> TradingPartner:
    """A buyer's profile; the deadlines are those of a day."""
    said = {
        "name": "birch",
        "title": "Birch Stores",
        "interchange": ["08:7005550111"],
        "group": ["7005550111"],
        "connection": "birch-mailbox",
        "agreements": [
            {"set": "850", "direction": "in", "map": "850-order"},
            {"set": "820", "direction": "in", "map": "820-remittance"},
            *({"set": code, "direction": "out", "map": name} for code, name in _MAPS.items()),
        ],
    }
    return TradingPartner.model_validate(said | changes)


def order(number: str = "PO-0007", *, quantity: str = "24", price: str = "18.50", **changes: Any) -> Order:
    """An order of two lines: what is given on the first, 10 at 2.25 on the second."""
    ids = (ItemId(qualifier="UP", id="614141001378"), ItemId(qualifier="IN", id="000044013"))
    other = (ItemId(qualifier="UP", id="614141001743"), ItemId(qualifier="IN", id="000044026"))
    lines = (
        OrderLine(number="1", quantity=Decimal(quantity), unit="EA", unit_price=Decimal(price), price_basis="PE", item_ids=ids),
        OrderLine(number="2", quantity=Decimal(10), unit="EA", unit_price=Decimal("2.25"), price_basis="PE", item_ids=other),
    )
    plain = Order(
        number=number,
        purpose="original",
        type="stand-alone",
        ordered_on=TODAY,
        department="042",
        vendor_number="0045190",
        ship_to=Party(role="ST", name="Dock 4", id_qualifier="92", id="0423"),
        dates=(DateOf(qualifier="010", date=date(2026, 1, 8)), DateOf(qualifier="001", date=date(2026, 1, 20))),
        terms=Terms(type="01", basis="3", net_days=30),
        lines=lines,
    )
    return msgspec.structs.replace(plain, **changes)


def confirmation(order: Order, **changes: Any) -> OrderAcknowledgment:
    """A plain yes to every line."""
    lines = tuple(
        AcknowledgedLine(
            number=line.number,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            price_basis=line.price_basis,
            item_ids=line.item_ids,
            decisions=(LineDecision(status="accepted", quantity=line.quantity, unit=line.unit, ship_on=date(2026, 1, 8)),),
        )
        for line in order.lines
    )
    plain = OrderAcknowledgment(
        number=order.number,
        decision="accepted",
        ordered_on=order.ordered_on,
        acknowledged_on=TODAY,
        department=order.department,
        vendor_number=order.vendor_number,
        ship_to=order.ship_to,
        lines=lines,
    )
    return msgspec.structs.replace(plain, **changes)


def notice(order: Order, shipment: str = "S-1", *, labels: tuple[str, ...] = LABELS[:2], **changes: Any) -> ShipNotice:
    """Everything ordered, a pack a line."""
    packs = tuple(Pack(sscc=label, items=(item(line),)) for label, line in zip(labels, order.lines, strict=True))
    shipped = ShippedOrder(
        order_number=order.number,
        ordered_on=order.ordered_on,
        department=order.department,
        vendor_number=order.vendor_number,
        packs=packs,
    )
    plain = ShipNotice(
        shipment=shipment,
        created_at=MovableClock().now().replace(tzinfo=None),
        shipped_on=date(2026, 1, 8),
        pack_count=len(packs),
        ship_to=order.ship_to,
        orders=(shipped,),
    )
    return msgspec.structs.replace(plain, **changes)


def item(line: OrderLine, quantity: Decimal | None = None) -> PackedItem:
    """A quantity of an order line in a pack; all of it if not said."""
    return PackedItem(line_number=line.number, quantity=quantity or line.quantity, unit=line.unit, item_ids=line.item_ids)


def invoice(order: Order, number: str = "INV-1", shipment: str = "S-1", **changes: Any) -> Invoice:
    """Everything ordered, at the order's prices."""
    lines = tuple(
        InvoiceLine(
            number=line.number,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price or Decimal(0),
            price_basis=line.price_basis,
            amount=line.quantity * (line.unit_price or Decimal(0)),
            item_ids=line.item_ids,
        )
        for line in order.lines
    )
    plain = Invoice(
        number=number,
        invoiced_on=date(2026, 1, 9),
        order_number=order.number,
        ordered_on=order.ordered_on,
        department=order.department,
        vendor_number=order.vendor_number,
        shipment=shipment,
        ship_to=order.ship_to,
        terms=order.terms,
        lines=lines,
        total=sum((line.amount for line in lines), Decimal(0)),
    )
    return msgspec.structs.replace(plain, **changes)


@dataclass
class Square:
    """A buyer and a supplier's two folders. The supplier's control numbers count up with everything it writes."""

    folder: Path
    habits: Habits = field(default_factory=Habits)
    profile: TradingPartner = field(default_factory=partner)

    def __post_init__(self) -> None:
        self.inbox, self.outbox = self.folder / "inbox", self.folder / "outbox"
        self.inbox.mkdir()
        self.outbox.mkdir()
        self.clock = MovableClock()
        self.number = 100
        config = FolderConfig(inbox=self.outbox, outbox=self.inbox, stable_for=0)
        self.buyer = Buyer(self.profile, SUPPLIER, MAPS, FolderTransport(config, self.clock), self.clock, self.habits)
        self.supplier = FolderTransport(FolderConfig(outbox=self.outbox), self.clock)

    # What the supplier does

    def write(self, *documents: Value) -> str:
        """One interchange for each document."""
        for document in documents:
            code = _SETS[type(document)]
            name = self.put(code, [["ST", code, "0001"], *MAPS.writing(_MAPS[code]).write(document)])
        return name

    def put(self, code: str, segments: list[Segment], **header: Any) -> str:
        """An interchange with one set of theirs, under the next control number or the one given."""
        name, body = self.interchange(code, segments, **header)
        self.supplier.send(name, io.BytesIO(body))
        return name

    def interchange(self, code: str, segments: list[Segment], **header: Any) -> tuple[str, bytes]:
        """The same as bytes, kept back."""
        self.number += 1
        number = header.pop("control_number", self.number)
        group = GroupHeader(
            code=group_code(code),
            sender=SUPPLIER.group,
            receiver=self.profile.group[0],
            control_number=self.number,
            release="004010",
            at=self.clock.now(),
        )
        told = {
            "sender": SUPPLIER.interchange,
            "receiver": self.profile.interchange[0],
            "control_number": number,
            "at": self.clock.now(),
        }
        return f"{code}_{self.number}.edi", write_interchange(InterchangeHeader(**(told | header)), [(group, [segments])])

    def acknowledge(self, *findings: Finding, later: timedelta = timedelta(0)) -> None:
        """A 997 for every group the buyer sent, with these findings about each set; what the reader found only warns."""
        self.clock.advance(later)
        for group in self.received_groups():
            sets = [set_ for set_ in self.received("850") if set_.group == group.group]
            results = [SetResult(set_.code, set_.control_number, (*warnings(set_), *findings)) for set_ in sets]
            answer = functional_acknowledgment(group.group, results, group.findings, declared=group.declared, form=Form())
            self.put("997", [["ST", "997", "0001"], *answer.body])

    # What the supplier sees

    def received(self, code: str) -> list[TransactionSet]:
        """Sets of one kind the buyer sent, in the order of their file names."""
        return [event for event in self._events() if isinstance(event, TransactionSet) and event.code == code]

    def received_groups(self) -> list[GroupEnd]:
        """Groups the buyer sent, acknowledgments left out."""
        return [event for event in self._events() if isinstance(event, GroupEnd) and event.group.code != "FA"]

    def files(self) -> list[str]:
        """Names of the files the buyer sent."""
        return sorted(path.name for path in self.inbox.iterdir())

    def _events(self) -> Iterator[Any]:
        for name in self.files():
            yield from read((self.inbox / name).read_bytes())

    def kinds(self) -> list[str]:
        """The kinds of all complaints so far."""
        return [str(complaint.kind) for complaint in self.buyer.complaints()]


def deal(square: Square, **changes: Any) -> Order:
    """An order placed, acknowledged, confirmed and shipped, each as it should be."""
    placed = order(**changes)
    square.buyer.order(placed)
    square.acknowledge()
    square.write(confirmation(placed), notice(placed))
    square.buyer.look()
    return placed


def warnings(transaction_set: TransactionSet) -> list[Finding]:
    """What the reader found, as a supplier sees it who rejects for nothing of it."""
    return [msgspec.structs.replace(finding, severity=Severity.WARN) for finding in transaction_set.findings]
