"""What a buyer remembers of each order: what it ordered, what was confirmed, announced, billed, and what it paid.

Only documents the buyer did not reject are in it: a rejected one never existed for its sender's partner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import msgspec

from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.order_acknowledgment import AcknowledgedLine, OrderAcknowledgment
from edi_gateway.documents.order_change import OrderChange
from edi_gateway.documents.ship_notice import PackedItem, ShipNotice

NOTHING = Decimal(0)


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """What an 820 said: so much, found in the bank's books by ``trace`` (TRN02), moving on the day ``on`` (BPR16)."""

    trace: str
    amount: Decimal
    on: date
    currency: str
    invoices: tuple[str, ...]
    deducted: Decimal = NOTHING


@dataclass
class OrderAccount:
    """One order and all that answered it. ``sent`` counts how often it went out as an original."""

    order: Order
    sent_at: datetime
    sent: int = 1
    confirmation: OrderAcknowledgment | None = None
    confirmed_at: datetime | None = None
    refusals: int = 0  # 855s that turned a repetition of the order down
    notices: dict[str, ShipNotice] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    asked: Order | None = None  # the order as the buyer wants it now, until it is answered

    def line(self, number: str) -> OrderLine | None:
        """The order's line with just this id."""
        return next((line for line in self.order.lines if line.number == number), None)

    def confirmed_line(self, number: str) -> AcknowledgedLine | None:
        """What the order acknowledgment says of a line."""
        lines = self.confirmation.lines if self.confirmation else ()
        return next((line for line in lines if line.number == number), None)

    def shipped(self, number: str) -> Decimal:
        """How much of a line was announced, over all ship notices."""
        return sum((item.quantity for item in self.items() if item.line_number == number), NOTHING)

    def billed(self, number: str) -> Decimal:
        """How much of a line was billed, over all invoices."""
        lines = (line for invoice in self.invoices.values() for line in invoice.lines)
        return sum((line.quantity for line in lines if line.number == number), NOTHING)

    def items(self) -> Iterator[PackedItem]:
        """Everything announced for this order, pack by pack."""
        for notice in self.notices.values():
            yield from items_of(notice, self.order.number)


@dataclass
class Ledger:
    """A buyer's books with one supplier."""

    orders: dict[str, OrderAccount] = field(default_factory=dict)
    shipments: dict[str, ShipNotice] = field(default_factory=dict)
    invoices: dict[str, Invoice] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)  # SSCC → the shipment it was first used for
    payments: list[Payment] = field(default_factory=list)

    def enter_order(self, order: Order, at: datetime) -> OrderAccount:
        """An order went out; the same number again only counts up."""
        account = self.orders.get(order.number)
        if account is None:
            return self.orders.setdefault(order.number, OrderAccount(order, at))
        account.sent += 1
        return account

    def forget_order(self, number: str) -> None:
        """The 997 rejected one 850: that one never existed, though another of the same number may."""
        account = self.orders.get(number)
        if account is None:
            return
        account.sent -= 1
        if account.sent == 0:
            del self.orders[number]

    def enter_confirmation(self, confirmation: OrderAcknowledgment, at: datetime) -> None:
        """An 855 came. One that refuses a repetition does not undo what was confirmed of the order."""
        account = self.orders.get(confirmation.number)
        if account is None:
            return
        if refuses_repetition(account, confirmation):
            account.refusals += 1
        else:
            account.confirmation = confirmation
            account.confirmed_at = account.confirmed_at or at

    def ask_change(self, change: OrderChange, *, answered: bool) -> None:
        """A change went out. Without an answer to come, it counts at once, unless something has left."""
        account = self.orders.get(change.number)
        if account is None:
            return
        asked = _as_asked(account.asked or account.order, change)
        if answered:
            account.asked = asked
        elif not account.notices:
            account.order = asked

    def take_answer_to_change(self, confirmation: OrderAcknowledgment) -> None:
        """An 855 came after a change: if it says the quantities that were asked for, the order is so from now on."""
        account = self.orders.get(confirmation.number)
        if account is None or account.asked is None:
            return
        said = {
            line.number: sum((each.quantity for each in line.decisions if each.status != "deleted"), NOTHING)
            for line in confirmation.lines
        }
        wanted = {line.number: line.quantity for line in account.asked.lines}
        if said == wanted or (confirmation.decision == "accepted" and not said):
            account.order, account.asked = account.asked, None

    def enter_notice(self, notice: ShipNotice) -> None:
        """An 856 came; a correction takes the place of the one it corrects."""
        if notice.shipment in self.shipments and notice.purpose == "original":
            return
        self.shipments[notice.shipment] = notice
        for shipped in notice.orders:
            account = self.orders.get(shipped.order_number)
            if account:
                account.notices[notice.shipment] = notice
            for pack in shipped.packs:
                self.labels.setdefault(pack.sscc, notice.shipment)

    def enter_invoice(self, invoice: Invoice) -> None:
        """An 810 came."""
        if invoice.number in self.invoices:
            return
        self.invoices[invoice.number] = invoice
        account = self.orders.get(invoice.order_number)
        if account:
            account.invoices[invoice.number] = invoice

    def enter_payment(self, payment: Payment) -> None:
        """An 820 went out."""
        self.payments.append(payment)

    def unpaid(self) -> list[Invoice]:
        """Invoices no payment named yet, oldest first."""
        paid = {number for payment in self.payments for number in payment.invoices}
        return [invoice for number, invoice in self.invoices.items() if number not in paid]


def refuses_repetition(account: OrderAccount, confirmation: OrderAcknowledgment) -> bool:
    """Whether an 855 turns down the second of an order that was sent twice."""
    answered = account.confirmation is not None
    return answered and confirmation.decision == "rejected" and account.refusals < account.sent - 1


def _as_asked(order: Order, change: OrderChange) -> Order:
    """The order as a change of quantities and prices wants it; a deleted line is one of nothing."""
    named = {line.number: line for line in change.lines}
    lines = []
    for line in order.lines:
        asked = named.get(line.number)
        if change.purpose == "cancellation" or (asked and asked.change == "delete"):
            line = msgspec.structs.replace(line, quantity=NOTHING, stores=())
        elif asked:
            quantity = line.quantity if asked.quantity is None else asked.quantity
            price = line.unit_price if asked.unit_price is None else asked.unit_price
            line = msgspec.structs.replace(line, quantity=quantity, unit_price=price)
        lines.append(line)
    return msgspec.structs.replace(order, lines=tuple(lines))


def items_of(notice: ShipNotice, order_number: str) -> Iterator[PackedItem]:
    """What a ship notice says of one order."""
    for shipped in notice.orders:
        if shipped.order_number == order_number:
            for pack in shipped.packs:
                yield from pack.items
