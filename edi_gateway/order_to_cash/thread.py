"""The order thread: one order's whole life, 850 → 855 → 856 → 810 → 820, and its balances.

A thread is a frozen value; ``progress`` moves it with one pure function for each document. The invariants hold on every thread
there is: confirmed + backordered + rejected ≤ ordered, billed − credited ≤ shipped − returned (of each line, and of each store
that a line is for), paid ≤ remitted ≤ billed, and shipped ≤ ordered (with the partner's tolerance) unless a person has said that
the goods did leave so. A fact that would break one is returned as a ``Disagreement``, with the thread as it was.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order, each_store_once
from edi_gateway.order_to_cash.disagreement import Disagreement
from edi_gateway.order_to_cash.money import basis_is_known, line_amount, total
from edi_gateway.order_to_cash.receivable import Receivable

State: TypeAlias = Literal[
    "received", "rejected", "cancelled", "confirmed", "partly shipped", "shipped", "billed", "remitted", "paid"
]


class StoreBalance(Value, frozen=True, kw_only=True):
    """What of a line is for one store (SDQ), and what of that has left and was billed; its money is told by ``store_money``."""

    store: str
    ordered: Decimal = Decimal(0)
    changed: Decimal = Decimal(0)
    cancelled: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)
    billed: Decimal = Decimal(0)
    credited: Decimal = Decimal(0)
    returned: Decimal = Decimal(0)


class LineBalance(Value, frozen=True, kw_only=True):
    """One line's balances, all in its own ``unit``.

    ``ordered`` is what is wanted now: what was first ordered, and ``changed`` since, less what the buyer ``cancelled`` (deleted
    with the line, or with the order). ``agreed_price`` is what our 855 said of the price, where that is not the order's
    ``unit_price``. ``rejected`` is what we or the ERP refused, at once or later. ``credited`` is what credit
    notes took back of what was ``billed``, and ``returned`` the part of it that came back and is not to be billed again.
    """

    number: str
    unit: str
    unit_price: Decimal | None = None
    price_basis: str = ""
    agreed_price: Decimal | None = None
    ordered: Decimal
    changed: Decimal = Decimal(0)
    cancelled: Decimal = Decimal(0)
    confirmed: Decimal = Decimal(0)
    backordered: Decimal = Decimal(0)
    rejected: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)
    billed: Decimal = Decimal(0)
    credited: Decimal = Decimal(0)
    returned: Decimal = Decimal(0)
    stores: tuple[StoreBalance, ...] = ()

    @property
    def first_ordered(self) -> Decimal:
        """What the order said when it came."""
        return self.ordered - self.changed + self.cancelled

    @property
    def undecided(self) -> Decimal:
        """What nobody has said anything of yet."""
        return max(self.ordered - self.confirmed - self.backordered - self.rejected, Decimal(0))

    @property
    def expected(self) -> Decimal:
        """What is not refused: what we said will come, now or later, and what nobody has said anything of yet."""
        return self.confirmed + self.backordered + self.undecided

    @property
    def to_ship(self) -> Decimal:
        """What the buyer still waits for."""
        return max(self.ordered - self.rejected - self.shipped, Decimal(0))

    @property
    def to_bill(self) -> Decimal:
        """What has left, did not come back, and stands on no invoice that holds."""
        return self.shipped - self.returned - (self.billed - self.credited)

    @property
    def ordered_amount(self) -> Decimal:
        """The line's worth as ordered; 0.00 where the order names no price."""
        return line_amount(self.ordered, self.price or Decimal(0), self.price_basis)

    @property
    def price(self) -> Decimal | None:
        """What one of it costs, on its basis: as our 855 said, else as the order does."""
        return self.unit_price if self.agreed_price is None else self.agreed_price


class LineQuantity(Value, frozen=True, kw_only=True):
    """A quantity of one line."""

    number: str
    quantity: Decimal


class ThreadShipment(Value, frozen=True, kw_only=True):
    """What of this order one shipment carried."""

    number: str
    shipped_on: date
    lines: tuple[LineQuantity, ...]


class ThreadChange(Value, frozen=True, kw_only=True):
    """One change of the order (860), in the order they were taken up. ``document_id`` is its document.

    ``taken`` is "all", "part" or "nothing"; ``because`` says why not all. ``digest`` is of what it says; ``answered``: our
    865, or an 855 after it, was made.
    """

    document_id: str
    at: datetime
    taken: Literal["all", "part", "nothing"]
    digest: str
    sequence: str = ""
    because: str = ""
    answered: bool = False


class OrderThread(Value, frozen=True, kw_only=True):
    """One order and everything that came of it. ``document_id`` is the order document's id in our store.

    ``ended`` is the state it was in when retention took its lines, shipments and changes away; the money of its invoices stays.
    """

    partner: str
    order_number: str
    release_number: str = ""
    ship_to: str = ""  # N104 of the ship-to, as the buyer wrote it
    document_id: str
    ordered_on: date
    currency: str = ""
    lines: tuple[LineBalance, ...]
    changes: tuple[ThreadChange, ...] = ()
    shipments: tuple[ThreadShipment, ...] = ()
    receivables: tuple[Receivable, ...] = ()
    ended: State | None = None

    @property
    def ordered_amount(self) -> Decimal:
        """The order's worth: the sum of its lines, each to the cent."""
        return total([line.ordered_amount for line in self.lines])

    @property
    def billed_amount(self) -> Decimal:
        """The sum of invoice totals, charges and allowances included."""
        return total([receivable.amount for receivable in self.receivables])

    @property
    def remitted(self) -> Decimal:
        """Promised by remittances."""
        return total([receivable.remitted for receivable in self.receivables])

    @property
    def paid(self) -> Decimal:
        """Matched at the bank."""
        return total([receivable.paid for receivable in self.receivables])

    @property
    def discount(self) -> Decimal:
        """Cash discount granted."""
        return total([receivable.discount for receivable in self.receivables])

    @property
    def deducted(self) -> Decimal:
        """Held back by the partner, and accepted or written off."""
        return total([receivable.deducted for receivable in self.receivables])

    @property
    def claimed(self) -> Decimal:
        """Held back by the partner, and not accepted: it is still open."""
        return total([receivable.claimed for receivable in self.receivables])

    @property
    def credited(self) -> Decimal:
        """Taken back by credit notes of ours."""
        return total([receivable.credited for receivable in self.receivables])

    @property
    def open(self) -> Decimal:
        """Billed, not credited, and not yet in the bank; below nothing where we owe it to them."""
        return total([receivable.open for receivable in self.receivables])

    @property
    def state(self) -> State:
        """How far the order has come, in one word; the balances say the rest."""
        return _state(self)

    @property
    def unanswered(self) -> tuple[ThreadChange, ...]:
        """Changes of which the buyer has no answer yet."""
        return tuple(change for change in self.changes if not change.answered)

    @property
    def deleted(self) -> dict[str, Decimal]:
        """What was taken off the lines of which nothing is wanted any more."""
        return {line.number: line.cancelled for line in self.lines if line.cancelled and not line.ordered}

    @property
    def agreed_prices(self) -> dict[str, Decimal]:
        """The prices our 855 said otherwise than the order, by line."""
        return {line.number: line.agreed_price for line in self.lines if line.agreed_price is not None}

    @property
    def gone(self) -> dict[str, Decimal]:
        """What has left, by line."""
        return {line.number: line.shipped for line in self.lines}

    @property
    def gone_to(self) -> dict[tuple[str, str], Decimal]:
        """What has left, by line and store."""
        return {(line.number, one.store): one.shipped for line in self.lines for one in line.stores}

    def line(self, number: str) -> LineBalance | None:
        """The line with this number, as the buyer wrote it."""
        return next((line for line in self.lines if line.number == number), None)

    def receivable(self, invoice: str) -> Receivable | None:
        """The receivable of an invoice."""
        return next((receivable for receivable in self.receivables if receivable.invoice == invoice), None)


class Change(NamedTuple):
    """What came of a fact: the new thread, or the old one with what it disagrees about."""

    thread: OrderThread
    disagreements: tuple[Disagreement, ...] = ()

    @property
    def agreed(self) -> bool:
        """Whether the fact was taken."""
        return not self.disagreements


def open_thread(order: Order, *, partner: str, document_id: str) -> Change:
    """The thread an order begins. Always opened, even when something disagrees, so that the order is seen."""
    lines = tuple(
        LineBalance(
            number=line.number,
            unit=line.unit,
            unit_price=line.unit_price,
            price_basis=line.price_basis,
            ordered=line.quantity,
            stores=tuple(StoreBalance(store=one.store, ordered=one.quantity) for one in each_store_once(line.stores)),
        )
        for line in order.lines
    )
    thread = OrderThread(
        partner=partner,
        order_number=order.number,
        release_number=order.release_number,
        ship_to=order.ship_to.id if order.ship_to else "",
        document_id=document_id,
        ordered_on=order.ordered_on,
        currency=order.currency,
        lines=lines,
    )
    return Change(thread, (*_repeated_numbers(lines), *_unknown_bases(lines)))


def _repeated_numbers(lines: tuple[LineBalance, ...]) -> list[Disagreement]:
    repeated = [number for number, times in Counter(line.number for line in lines).items() if times > 1]
    return [
        Disagreement(
            kind="line number used twice",
            message=f"line number {number} stands on more than one line, so answers to it would be ambiguous",
            place=f"line {number}",
        )
        for number in repeated
    ]


def _unknown_bases(lines: tuple[LineBalance, ...]) -> list[Disagreement]:
    return [
        Disagreement(
            kind="price basis unknown",
            message=f"the basis {line.price_basis} (PO105) does not say how many units the price covers; read as each",
            place=f"line {line.number}",
        )
        for line in lines
        if not basis_is_known(line.price_basis)
    ]


def _state(thread: OrderThread) -> State:
    lines = thread.lines
    if thread.ended and not thread.receivables:
        return thread.ended
    if lines and all(line.rejected >= line.ordered for line in lines):
        return "cancelled" if all(line.cancelled and not line.ordered for line in lines) else "rejected"
    if any(line.to_ship for line in lines):
        if any(line.shipped for line in lines):
            return "partly shipped"
        return "confirmed" if any(line.confirmed or line.backordered or line.rejected for line in lines) else "received"
    if any(line.billed < line.shipped for line in lines) or not thread.receivables:
        return "shipped"
    if any(receivable.unremitted > 0 for receivable in thread.receivables):
        return "billed"
    return "remitted" if any(receivable.open > 0 or receivable.claimed for receivable in thread.receivables) else "paid"
