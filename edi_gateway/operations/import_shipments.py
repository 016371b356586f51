"""Import shipments: what left, from a CSV file, goes the way of what an ERP tells; the whole file, or nothing of it."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from edi_gateway.documents.order import Order
from edi_gateway.erp.base import OrderShipped, event_to_json
from edi_gateway.order_to_cash.shipment_file import COLUMNS, FileShipment, read_shipments
from edi_gateway.pipeline.inbound.find_order import taken_orders
from edi_gateway.pipeline.outbound.owing import owe_for_event
from edi_gateway.pipeline.standing import standing_order
from edi_gateway.pipeline.tools import Tools, order_queue, start
from edi_gateway.plaincsv import Row
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.unit import Unit
from edi_gateway.wording import count

FILES = "shipment files"
"""What stands in the place of the ERP connector's name."""


class Imported(NamedTuple):
    """A shipment of the file: its orders, its cartons, and whether it was on record already."""

    shipment: str
    orders: tuple[str, ...]
    cartons: int
    is_new: bool


class _Order(NamedTuple):
    row: DocumentRow
    order: Order


def import_shipments(tools: Tools, body: bytes, file: str, *, by: str, partner: str = "") -> list[Imported]:
    """Puts every shipment of the file on its way to its 856. The same file again changes nothing.

    ``file`` is what mistakes call it; ``partner`` decides where two have an order of one number. Raises Collected with every
    mistake, of form and about orders, each with its line and column; then nothing is imported.
    """
    shipments, mistakes = read_shipments(body, file)
    with tools.store.write() as unit:
        known = {number: _find(unit, number, partner) for one in shipments for number in one.orders}
        for one in shipments:
            _check(one, known)
        mistakes.raise_if_any()
        taken = [_take(unit, tools, one, [known[number][0] for number in one.orders], by) for one in shipments]
        mistakes.raise_if_any()
    return taken


def _find(unit: Unit, number: str, partner: str) -> list[_Order]:
    """The orders of a number that were taken, whoever's they are."""
    rows = [row for row in unit.documents.meant("order", number, partner=partner) if row.direction == "in"]
    whose = dict.fromkeys(row.partner for row in rows)
    found = [stored for name in whose for stored in taken_orders(unit, name, number)]
    opened = [stored for stored in found if stored.thread.state != "rejected"]
    return [_Order(unit.documents.get(each.thread.document_id), standing_order(unit, each.thread.document_id)) for each in opened]


def _check(shipment: FileShipment, known: dict[str, list[_Order]]) -> None:
    """Notes what the orders have to say against a shipment."""
    for row in shipment.rows:
        found = known.get(row["order"], [])
        if row["order"] and len(found) != 1:
            said = f"{len(found)} orders have number '{row['order']}'" if found else f"there is no order '{row['order']}' to ship"
            row.wrong("order", said, "say whose, with --partner" if found else "see edi-gateway order list")
        elif found and row["line"]:
            _check_line(row, found[0].order)
    partners = {known[number][0].row.partner for number in shipment.orders if known[number]}
    if len(partners) > 1:
        said = f"shipment {shipment.shipment} holds orders of {', '.join(sorted(partners))}"
        shipment.rows[0].wrong("shipment", said, "give each partner's a shipment id of its own")


def _check_line(row: Row, order: Order) -> None:
    lines = {line.number: line for line in order.lines}
    line = lines.get(row["line"])
    if line is None:
        row.wrong("line", f"order {order.number} has no line '{row['line']}'", f"it has {', '.join(lines)}")
        return
    stores = [one.store for one in line.stores]
    if row["store"] and row["store"] not in stores:
        said = f"line {line.number} of order {order.number} is for no store '{row['store']}'"
        row.wrong("store", said, f"it is for {', '.join(stores) or 'none'}")


def _take(unit: Unit, tools: Tools, one: FileShipment, orders: list[_Order], by: str) -> Imported:
    first = orders[0].row
    of = {each.order.number: each.row.id for each in orders[1:]}
    cartons = tuple(msgspec.structs.replace(carton, order=of.get(carton.order, "")) for carton in one.cartons)
    digest = sha256(repr([[(name, row[name]) for name in sorted(COLUMNS)] for row in one.rows]).encode()).hexdigest()[:16]
    event = OrderShipped(
        id=f"{one.shipment}/{digest}",
        order=first.id,
        at=_left_at(unit, tools, one, first.partner),
        shipment=one.shipment,
        cartons=cartons,
        carrier=one.carrier,
        bill_of_lading=one.bill_of_lading,
        carrier_reference=one.carrier_reference,
        delivery_on=one.delivery_on,
    )
    made = Imported(one.shipment, one.orders, len(cartons), is_new=True)
    row = unit.documents.record_event(FILES, event.id, event_to_json(event))
    if row is None:
        return made._replace(is_new=False)
    if unit.documents.of_number(first.partner, "ship notice", one.shipment, usage=first.usage):
        said = f"{first.partner} was told of a shipment '{one.shipment}' before, with other content"
        one.rows[0].wrong("shipment", said, "give what left now a shipment id of its own")
        return made
    owe_for_event(unit, tools.directory, event)
    follows = order_queue(first.partner, first.usage, first.number)
    start(unit, "draft", f"erp_event:{row}", partner=first.partner, connector=FILES, follows=follows)
    text = f"shipment {one.shipment} of {', '.join(one.orders)} was imported: {count(len(cartons), 'carton')}"
    unit.events.tell("shipment.imported", f"document:{first.id}", text, partner=first.partner, actor=by)
    return made


def _left_at(unit: Unit, tools: Tools, one: FileShipment, partner: str) -> datetime:
    """When it left; a day without a time is a day at the partner's place."""
    if one.shipped_at is None:
        return unit.clock.now()
    if one.shipped_at.tzinfo is None:
        return one.shipped_at.replace(hour=12, tzinfo=ZoneInfo(tools.directory.partner(partner).time_zone))
    return one.shipped_at
