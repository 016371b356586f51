"""What the simulated ERP does when something is due: it decides, ships, bills, restocks and gives up.

Pure over the world: each function looks and returns the entry to write, or None when nothing is left to do. Ids and numbers
come from the world's own counts, so the same journal always gives the same ones.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import ROUND_UP, Decimal

from edi_gateway.documents.base import Carrier
from edi_gateway.documents.order import Order
from edi_gateway.erp.base import OrderBilled, OrderDecided, OrderShipped
from edi_gateway.erp.simulator.entries import Entry, NothingShipped, Restocked, Told
from edi_gateway.erp.simulator.packing import Goods, pack, split
from edi_gateway.erp.simulator.world import Due, Line, SalesOrder, World
from edi_gateway.order_to_cash.facts import BilledLine, DecidedQuantity
from edi_gateway.order_to_cash.sscc import check_digit


def entry_for(world: World, due: Due) -> Entry | None:
    """What happens at ``due``."""
    if due.deed == "restock":
        return _restock(world, due.at, due.about)
    order = world.orders[due.about]
    match due.deed:
        case "decide":
            return _decide(world, due.at, order) if order.to_decide else None
        case "ship":
            return _ship(world, due.at, order) if order.ships_at == due.at else None
        case "bill":
            return _bill(world, due.at, order, due.shipment) if due.shipment in order.unbilled else None
        case "cancel":
            return _cancel(due.at, order)


def _decide(world: World, at: datetime, order: SalesOrder) -> Told:
    """Accepts what is in stock; the rest is backordered, or rejected where the ERP keeps no backorders.

    Of an order that was changed, what has left, is promised or waits already stays so.
    """
    free: dict[str, Decimal] = {}
    decided = []
    for line in order.lines.values():
        if line.item is None or line.item.blocked:
            reason = "item blocked" if line.item else "item unknown"
            decided.append(_quantity(line, "rejected", line.line.quantity, reason=reason))
            continue
        left = free.setdefault(line.item.number, world.free(line.item.number))
        settled = line.shipped + line.promised
        more = min(line.line.quantity - settled, left // line.each)
        free[line.item.number] = left - more * line.each
        decided.append(_quantity(line, "accepted", settled + more, world.ships_at(order.order, at)))
        decided.append(_missing(world, at, line, line.line.quantity - settled - more))
    return _told(order, at, decided)


def too_late(order: SalesOrder, wanted: Order) -> str:
    """Why a change cannot be made any more: more has left than is wanted now. Nothing where it can be."""
    quantities = {line.number: line.quantity for line in wanted.lines}
    for number, line in order.lines.items():
        if line.shipped > (left := quantities.get(number, Decimal(0))):
            return f"{line.shipped} {line.line.unit} of line {number} have left, and {left} are wanted"
    return ""


def _missing(world: World, at: datetime, line: Line, quantity: Decimal) -> DecidedQuantity:
    pace = world.catalog.pace
    if pace.short_stock == "reject":
        return _quantity(line, "rejected", quantity, reason="out of stock")
    comes = at + pace.restocks_after + pace.ships_after if pace.restocks_after is not None else None
    return _quantity(line, "backordered", quantity, comes)


def _cancel(at: datetime, order: SalesOrder) -> Told | None:
    """Gives up what still waits. The whole order is decided anew, so that the latest decision says all of it."""
    if not any(line.waiting for line in order.lines.values()):
        return None
    decided = []
    for line in order.lines.values():
        reason = "backorder cancelled" if line.waiting else line.reason
        decided.append(_quantity(line, "accepted", line.shipped + line.promised, order.ships_at))
        decided.append(_quantity(line, "rejected", line.rejected + line.waiting, reason=reason))
    return _told(order, at, decided)


def _told(order: SalesOrder, at: datetime, decided: list[DecidedQuantity]) -> Told:
    return Told(
        event=OrderDecided(
            id=f"{order.reference}/decided/{order.decisions + 1}",
            order=order.key,
            at=at,
            lines=tuple(quantity for quantity in decided if quantity.quantity),
        )
    )


def _quantity(line: Line, status: str, quantity: Decimal, ships: datetime | None = None, *, reason: str = "") -> DecidedQuantity:
    return DecidedQuantity(
        line_number=line.line.number,
        status=status,
        quantity=quantity,
        ship_on=ships.date() if ships else None,
        reason=reason,
    )


def _ship(world: World, at: datetime, order: SalesOrder) -> Entry | None:
    """Ships what was promised and is really on the shelf."""
    shelf: dict[str, Decimal] = {}
    goods = []
    not_found = world.mishap(order).not_found
    for line in order.lines.values():
        if line.item is None or not line.promised:
            continue
        there = shelf.setdefault(line.item.number, world.on_hand[line.item.number])
        quantity = max(min(line.promised, there // line.each) - not_found, Decimal(0))
        not_found = Decimal(0)
        shelf[line.item.number] = there - quantity * line.each
        if quantity:
            per_carton = max(line.item.per_carton // line.each, Decimal(1))
            whole = Goods(line.line.number, quantity, per_carton, line.item.weight * line.each)
            goods += split(whole, line.line.stores, line.shipped)
    if not goods:
        return NothingShipped(at=at, key=order.key)
    return Told(event=_shipped(world, at, order, goods))


def _shipped(world: World, at: datetime, order: SalesOrder, goods: list[Goods]) -> OrderShipped:
    count = len(order.shipments) + 1
    serial = world.shipments + 1
    customer = world.catalog.customers.get(order.partner)
    return OrderShipped(
        id=f"{order.reference}/shipped/{count}",
        order=order.key,
        at=at,
        shipment=f"{order.reference}-{count}",
        cartons=pack(goods, world.catalog.empty_carton, customer.per_pallet if customer else None),
        carrier=Carrier(scac=world.catalog.scac, mode="M") if world.catalog.scac else None,
        bill_of_lading=_bill_of_lading(world.catalog.company_prefix, serial),
        carrier_reference=f"{700000 + serial}",
        delivery_on=(at + world.catalog.pace.travels).date(),
    )


def _bill_of_lading(company_prefix: str, serial: int) -> str:
    """17 digits as VICS numbers them: company prefix, serial, check digit."""
    body = f"{company_prefix}{serial:0{16 - len(company_prefix)}d}"
    return body + check_digit(body)


def _bill(world: World, at: datetime, order: SalesOrder, shipment: str) -> Told:
    billed: dict[str, Decimal] = defaultdict(Decimal)
    for carton in order.shipments[shipment].cartons:
        for content in carton.contents:
            billed[content.line_number] += content.quantity
    return Told(
        event=OrderBilled(
            id=f"{order.reference}/billed/{shipment}",
            order=order.key,
            at=at,
            invoice=f"{90000 + len(world.billed) + 1:08d}",
            shipment=shipment,
            lines=tuple(
                BilledLine(line_number=number, quantity=quantity, unit_price=order.lines[number].price)
                for number in order.lines
                if (quantity := billed[number])
            ),
        )
    )


def _restock(world: World, at: datetime, item: str) -> Restocked | None:
    """Buys what is missing, in whole cartons. What was only not found is there already, and found now."""
    if not world.is_waited_for(item):
        return None
    missing = world.missing(item)
    carton = Decimal(world.items[item].per_carton)
    return Restocked(at=at, item=item, quantity=(missing / carton).to_integral_value(ROUND_UP) * carton)
