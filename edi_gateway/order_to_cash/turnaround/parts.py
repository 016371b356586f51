"""What the ERP told of several stores at once, taken apart: one shipment, one invoice for each store, where a partner wants that.

The number of each part is that of the whole with the store behind it; what is for one store alone keeps its number.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from edi_gateway.documents.order import Order, each_store_once
from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.errors import NeedsPerson
from edi_gateway.order_to_cash.facts import Billed, BilledLine, Shipped

Rooms = Mapping[tuple[str, str], Decimal]
"""By line and store: how much of it can be billed."""


def store_party(order: Order, store: str) -> Party | None:
    """The store (N1*BY) by the id the buyer has for it; None where no line is for it."""
    for line in order.lines:
        for one in line.stores:
            if one.store == store:
                return Party(role="BY", id_qualifier=one.id_qualifier, id=one.store)
    return None


def shipped_by_store(notice: ShipNotice, order_number: str) -> dict[tuple[str, str], Decimal]:
    """What packs hold that are marked for a store; nothing where none is."""
    found: dict[tuple[str, str], Decimal] = {}
    for pack in (pack for order in notice.orders if order.order_number == order_number for pack in order.packs):
        for item in pack.items if pack.mark_for else ():
            key = item.line_number, pack.mark_for.id if pack.mark_for else ""
            found[key] = found.get(key, Decimal(0)) + item.quantity
    return found


def ordered_by_store(order: Order) -> dict[tuple[str, str], Decimal]:
    """What each store ordered."""
    return {(line.number, one.store): one.quantity for line in order.lines for one in each_store_once(line.stores)}


def shipments_apart(shipped: Shipped) -> tuple[Shipped, ...]:
    """A shipment for each store, in the sequence of their first cartons."""
    stores = list(dict.fromkeys(carton.store for carton in shipped.cartons))
    if len(stores) == 1:
        return (shipped,)
    return tuple(
        msgspec.structs.replace(
            shipped,
            shipment=_number(shipped.shipment, store),
            cartons=tuple(carton for carton in shipped.cartons if carton.store == store),
        )
        for store in stores
    )


def invoices_apart(order: Order, billed: Billed, rooms: Rooms) -> tuple[tuple[str, Billed], ...]:
    """What is billed for each store: as the ERP says it; else in the sequence of the line's stores, by what each has room for.

    Raises NeedsPerson where more is billed of a line than its stores have room for, for nobody can tell for which that is; and
    where the ERP names a store that the line is not for; one that names no store (SDQ) may be for any of the order's.
    """
    lines: dict[str, list[BilledLine]] = {}
    for line in billed.lines:
        for store, part in _parts(order, line, rooms):
            lines.setdefault(store, []).append(part)
    if len(lines) == 1:
        return tuple((store, msgspec.structs.replace(billed, lines=tuple(parts))) for store, parts in lines.items())
    return tuple(
        (store, msgspec.structs.replace(billed, invoice=_number(billed.invoice, store), lines=tuple(parts)))
        for store, parts in lines.items()
    )


def _parts(order: Order, line: BilledLine, rooms: Rooms) -> list[tuple[str, BilledLine]]:
    stores = next((one.stores for one in order.lines if one.number == line.line_number), ())
    may_be_for = stores or [one for asked in order.lines for one in asked.stores]
    if line.store and line.store not in [one.store for one in may_be_for]:
        raise NeedsPerson(
            f"line {line.line_number} of order {order.number} is billed for store {line.store}, and it is for no such store",
            do="have the ERP say for which store it is, or give the store's code its cross-reference (edi-gateway xref)",
        )
    if line.store or not stores:
        return [(line.store, line)]
    parts, left = [], line.quantity
    for one in each_store_once(stores):
        part = min(rooms.get((line.line_number, one.store), Decimal(0)), left)
        if part > 0:
            parts.append((one.store, msgspec.structs.replace(line, quantity=part, store=one.store)))
            left -= part
    if left:
        raise NeedsPerson(
            f"{line.quantity} are billed of line {line.line_number} of order {order.number}, {left} too many for its stores",
            do="have the ERP say for which store they are",
        )
    return parts


def _number(whole: str, store: str) -> str:
    return f"{whole}-{store}" if store else whole
