"""What the journal's entries add up to: stock, orders and their balances, events waiting, and what is due when.

``apply`` is the only way anything changes, and it depends on nothing but the entries and the catalog: a replay gives the
same world. Quantities of a line are in its own unit; stock is counted in each.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.erp.base import ChangePosted, OrderBilled, OrderCredited, OrderDecided, OrderEvent, OrderShipped, Posted
from edi_gateway.erp.simulator import entries
from edi_gateway.erp.simulator.catalog import Catalog, Item, ItemFinder
from edi_gateway.erp.simulator.entries import (
    Confirmed,
    Entry,
    NothingShipped,
    OrderPosted,
    RemittancePosted,
    Restocked,
    StockCounted,
    Told,
)
from edi_gateway.erp.simulator.mishaps import NONE, Mishap, Mishaps
from edi_gateway.order_to_cash.money import line_amount, price_on_basis, total
from edi_gateway.order_to_cash.window import line_windows

Deed: TypeAlias = Literal["decide", "ship", "bill", "restock", "cancel"]


class Due(NamedTuple):
    """Something to look at when its time comes; whether it still applies is decided then. ``about`` is a key or an item."""

    at: datetime
    sequence: int
    deed: Deed
    about: str
    shipment: str = ""


@dataclass
class Line:
    """One order line in the ERP: ``promised`` is reserved and waits to leave, ``waiting`` is backordered."""

    line: OrderLine
    item: Item | None
    each: Decimal  # how many each are in one of the line's unit
    promised: Decimal = Decimal(0)
    waiting: Decimal = Decimal(0)
    shipped: Decimal = Decimal(0)
    rejected: Decimal = Decimal(0)
    reason: str = ""

    @property
    def price(self) -> Decimal:
        """The price it is billed at, on the line's own basis: the buyer's, or ours where the order names none."""
        if self.line.unit_price is not None or self.item is None:
            return self.line.unit_price or Decimal(0)
        return price_on_basis(self.item.list_price * self.each, self.line.price_basis)

    def amount(self, quantity: Decimal) -> Decimal:
        """What so much of it costs."""
        return line_amount(quantity, self.price, self.line.price_basis)


@dataclass
class SalesOrder:
    """An order in the ERP, under its own ``reference``."""

    key: str
    reference: str
    partner: str
    order: Order
    lines: dict[str, Line]
    decisions: int = 0
    to_decide: bool = True
    picked: bool = False
    ships_at: datetime | None = None
    shipments: dict[str, OrderShipped] = field(default_factory=dict)
    unbilled: set[str] = field(default_factory=set)

    @property
    def amount(self) -> Decimal:
        """What the partner owes or will owe for it."""
        return total([line.amount(line.line.quantity - line.rejected) for line in self.lines.values()])


class World:
    """The simulated ERP's state."""

    def __init__(self, catalog: Catalog, mishaps: Mishaps | None = None) -> None:
        self.catalog = catalog
        self._mishaps = mishaps or {}
        self.items = {item.number: item for item in catalog.items}
        self.orders: dict[str, SalesOrder] = {}
        self.posted: dict[str, Posted] = {}
        self.changes: dict[str, ChangePosted] = {}
        self.on_hand: dict[str, Decimal] = {}
        self.reserved: dict[str, Decimal] = defaultdict(Decimal)
        self.owed: dict[str, Decimal] = defaultdict(Decimal)
        self.pending: dict[str, OrderEvent] = {}
        self.shipments = 0
        self.billed: dict[str, OrderBilled] = {}
        self.credits = 0
        self._short: dict[str, SalesOrder] = {}
        self._due: list[Due] = []
        self._sequence = 0
        self._finder = ItemFinder(catalog.items)

    # What can be asked of it

    def free(self, item: str) -> Decimal:
        """How many each are on the shelf and promised to nobody."""
        return max(self.on_hand.get(item, Decimal(0)) - self.reserved[item], Decimal(0))

    def missing(self, item: str) -> Decimal:
        """How many each are backordered beyond what is free."""
        waited = sum((x.waiting * x.each for x in self._lines_short_of(item)), Decimal(0))
        return max(waited - self.free(item), Decimal(0))

    def is_waited_for(self, item: str) -> bool:
        """Whether any of an item is backordered."""
        return any(line.waiting for line in self._lines_short_of(item))

    def mishap(self, order: SalesOrder) -> Mishap:
        """What goes wrong with an order until it was picked for the first time."""
        return NONE if order.picked else self._mishaps.get(order.order.number, NONE)

    def lines_of(self, partner: str, order: Order) -> list[Line]:
        """The lines of an order as this ERP understands them; a line without an item is one it cannot sell."""
        return [self._line(partner, line) for line in order.lines]

    def next_due(self) -> datetime | None:
        """When something may happen next."""
        return self._due[0].at if self._due else None

    def take_due(self, now: datetime) -> Due | None:
        """The earliest thing due by ``now``, taken off the list."""
        return heapq.heappop(self._due) if self._due and self._due[0].at <= now else None

    def put_back(self, due: Due) -> None:
        """It was taken and could not be done."""
        heapq.heappush(self._due, due)

    # What changes it

    def apply(self, entry: Entry) -> None:
        """Lets one entry have happened."""
        match entry:
            case OrderPosted():
                self._order_posted(entry)
            case entries.ChangePosted():
                self._change_posted(entry)
            case RemittancePosted():
                self.posted[entry.key] = Posted(entry.reference)
                self.owed[entry.partner] -= entry.amount
            case Told():
                self.pending[entry.event.id] = entry.event
                self._told(entry.event)
            case NothingShipped():
                order = self.orders[entry.key]
                self._send_off(order, {})
                self._wait(order, entry.at)
            case StockCounted():
                self.on_hand[entry.item] = entry.on_hand
                self._share_out(entry.item, entry.at)
            case Restocked():
                self.on_hand[entry.item] = self.on_hand.get(entry.item, Decimal(0)) + entry.quantity
                self._share_out(entry.item, entry.at)
            case Confirmed():
                for id in entry.ids:
                    self.pending.pop(id, None)

    def _order_posted(self, entry: OrderPosted) -> None:
        lines = {line.line.number: line for line in self.lines_of(entry.partner, entry.order)}
        order = SalesOrder(entry.key, entry.reference, entry.partner, entry.order, lines)
        self.orders[entry.key] = order
        self.posted[entry.key] = Posted(entry.reference)
        self.owed[order.partner] += order.amount
        self._schedule(entry.at + self.catalog.pace.decides_after, "decide", entry.key)

    def _change_posted(self, entry: entries.ChangePosted) -> None:
        self.changes[entry.key] = ChangePosted(entry.reference, entry.refused)
        self.posted[entry.key] = Posted(entry.reference)
        if entry.refused:
            return
        order = self.orders[entry.of]
        self.owed[order.partner] -= order.amount
        for line in self.lines_of(order.partner, entry.order):
            known = order.lines.setdefault(line.line.number, line)
            self._resize(known, line)
        order.order, order.to_decide, order.ships_at = entry.order, True, None
        self.owed[order.partner] += order.amount
        self._plan_to_ship(order, entry.at)
        self._schedule(entry.at + self.catalog.pace.decides_after, "decide", order.key)

    def _resize(self, line: Line, wanted: Line) -> None:
        """What was rejected is open again; of what is no longer wanted, goes first what waits and then what was promised."""
        line.line, line.item, line.each = wanted.line, wanted.item, wanted.each
        line.rejected, line.reason = Decimal(0), ""
        left = line.line.quantity - line.shipped
        self._promise(line, min(line.promised, left))
        line.waiting = min(line.waiting, left - line.promised)

    def _told(self, event: OrderEvent) -> None:
        order = self.orders[event.order]
        match event:
            case OrderDecided():
                self._decided(order, event)
            case OrderShipped():
                self.shipments += 1
                self._shipped(order, event)
            case OrderBilled():
                self.billed[event.invoice] = event
                order.unbilled.discard(event.shipment)
            case OrderCredited():
                self.credits += 1
                lines = ((order.lines[line.line_number].line, line) for line in event.lines)
                self.owed[order.partner] -= total([line_amount(b.quantity, b.unit_price, o.price_basis) for o, b in lines])

    def _decided(self, order: SalesOrder, event: OrderDecided) -> None:
        order.decisions += 1
        order.to_decide = False
        self.owed[order.partner] -= order.amount
        said: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for decided in event.lines:
            said[decided.line_number, decided.status] += decided.quantity
            if decided.status == "rejected":
                order.lines[decided.line_number].reason = decided.reason
        for number, line in order.lines.items():
            self._promise(line, said[number, "accepted"] - line.shipped)
            line.waiting = said[number, "backordered"]
            line.rejected = said[number, "rejected"]
        self.owed[order.partner] += order.amount
        self._plan_to_ship(order, event.at)
        self._wait(order, event.at)

    def _shipped(self, order: SalesOrder, event: OrderShipped) -> None:
        left: dict[str, Decimal] = defaultdict(Decimal)
        for carton in event.cartons:
            for content in carton.contents:
                left[content.line_number] += content.quantity
        self._send_off(order, left)
        order.shipments[event.shipment] = event
        order.unbilled.add(event.shipment)
        self._schedule(event.at + self.catalog.pace.bills_after, "bill", order.key, event.shipment)
        self._wait(order, event.at)

    def _send_off(self, order: SalesOrder, left: dict[str, Decimal]) -> None:
        """Takes what left off the shelf; what was promised and did not leave waits again."""
        order.ships_at, order.picked = None, True
        for number, line in order.lines.items():
            quantity = left.get(number, Decimal(0))
            line.waiting += line.promised - quantity
            line.shipped += quantity
            self._promise(line, Decimal(0))
            if line.item and quantity:
                self.on_hand[line.item.number] -= quantity * line.each

    def _promise(self, line: Line, quantity: Decimal) -> None:
        if line.item:
            self.reserved[line.item.number] += (quantity - line.promised) * line.each
        line.promised = quantity

    def _plan_to_ship(self, order: SalesOrder, now: datetime) -> None:
        if order.ships_at or not any(line.promised for line in order.lines.values()):
            return
        order.ships_at = self.ships_at(order.order, now) + self.mishap(order).late
        self._schedule(order.ships_at, "ship", order.key)

    def ships_at(self, order: Order, now: datetime) -> datetime:
        """When goods promised at ``now`` leave: after the usual time, but not before the ship window of each line opens."""
        opens = [window.not_before for line, window in line_windows(order) if window.not_before and line.quantity]
        return max([now + self.catalog.pace.ships_after, *(datetime.combine(day, time(), UTC) for day in opens)])

    def _wait(self, order: SalesOrder, now: datetime) -> None:
        """Sees to what the order still waits for: somebody restocks, or it is given up."""
        pace = self.catalog.pace
        short = [line.item.number for line in order.lines.values() if line.item and line.waiting]
        if not short:
            self._short.pop(order.key, None)
            return
        self._short[order.key] = order
        if pace.short_stock == "cancel":
            self._schedule(now + pace.cancels_after, "cancel", order.key)
        if pace.restocks_after is not None:
            for item in short:
                self._schedule(now + pace.restocks_after, "restock", item)

    def _share_out(self, item: str, now: datetime) -> None:
        """Promises what is free to those who wait for it, the oldest order first."""
        for order in list(self._short.values()):
            for line in order.lines.values():
                if line.item and line.item.number == item and line.waiting:
                    more = min(line.waiting, self.free(item) // line.each)
                    self._promise(line, line.promised + more)
                    line.waiting -= more
            self._plan_to_ship(order, now)
            if not any(line.waiting for line in order.lines.values()):
                del self._short[order.key]

    def _lines_short_of(self, item: str) -> list[Line]:
        lines = (line for order in self._short.values() for line in order.lines.values())
        return [line for line in lines if line.item and line.item.number == item]

    def _line(self, partner: str, line: OrderLine) -> Line:
        item = self._finder.item_of(partner, line)
        each = item.eaches(line.unit) if item else None
        return Line(line, item if each else None, each or Decimal(1))

    def _schedule(self, at: datetime, deed: Deed, about: str, shipment: str = "") -> None:
        self._sequence += 1
        heapq.heappush(self._due, Due(at, self._sequence, deed, about, shipment))
