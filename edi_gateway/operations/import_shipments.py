"""Import shipments: what left, from a CSV file, goes the way of what an ERP tells; the whole file, or nothing of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from edi_gateway.documents.order import Order
from edi_gateway.erp.base import OrderShipped, event_to_json
from edi_gateway.errors import Collected, WrongInput
from edi_gateway.order_to_cash.shipment_file import FileShipment, read_shipments
from edi_gateway.pipeline.inbound.standing import standing_order
from edi_gateway.pipeline.tools import Tools, start
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.unit import Unit

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


def import_shipments(tools: Tools, text: str, *, by: str, partner: str = "") -> list[Imported]:
    """Puts every shipment of the file on its way to its 856. The same file again changes nothing.

    ``partner`` decides where two have an order of one number. Raises Collected with every mistake, each with its row and column;
    then nothing is imported.
    """
    shipments = read_shipments(text)
    with tools.store.write() as unit:
        wrong: list[WrongInput] = []
        known = {number: _find(unit, number, partner) for one in shipments for number in one.orders}
        for one in shipments:
            wrong += _mistakes(one, known)
        if wrong:
            raise Collected(wrong)
        taken = [_take(unit, tools, one, [known[number][0] for number in one.orders], by) for one in shipments]
        if repeated := [each for each in taken if isinstance(each, WrongInput)]:
            raise Collected(repeated)
    return [each for each in taken if isinstance(each, Imported)]


def _find(unit: Unit, number: str, partner: str) -> list[_Order]:
    """The orders of a number that were taken, whoever's they are."""
    rows = [row for row in unit.documents.numbered("order", number) if row.direction == "in" and partner in ("", row.partner)]
    opened = [stored for row in rows if (stored := unit.threads.of_document(row.id)) and stored.thread.state != "rejected"]
    return [_Order(unit.documents.get(each.thread.document_id), standing_order(unit, each.thread.document_id)) for each in opened]


def _mistakes(shipment: FileShipment, known: dict[str, list[_Order]]) -> Iterator[WrongInput]:
    partners = {known[number][0].row.partner for number in shipment.orders if known[number]}
    for row in shipment.rows:
        number = row.cells["order"]
        found = known[number]
        if len(found) != 1:
            said = f"{len(found)} orders have number '{number}'" if found else f"there is no order '{number}' to ship"
            yield WrongInput(said, where=row.where("order"), do="say whose, with --partner" if found else "")
            continue
        lines = {line.number: line for line in found[0].order.lines}
        line = lines.get(row.cells["line"])
        if line is None:
            yield WrongInput(
                f"order {number} has no line '{row.cells['line']}' (it has {', '.join(lines)})", where=row.where("line")
            )
            continue
        stores = [one.store for one in line.stores]
        if (store := row.cells["store"]) and store not in stores:
            said = f"line {line.number} of order {number} is for no store '{store}' (it is for {', '.join(stores) or 'none'})"
            yield WrongInput(said, where=row.where("store"))
    if len(partners) > 1:
        first = shipment.rows[0]
        said = f"shipment {shipment.shipment} holds orders of {', '.join(sorted(partners))}"
        yield WrongInput(said, where=first.where("shipment"), do="give each partner's a shipment id of its own")


def _take(unit: Unit, tools: Tools, one: FileShipment, orders: list[_Order], by: str) -> Imported | WrongInput:
    first = orders[0].row
    of = {each.order.number: each.row.id for each in orders[1:]}
    cartons = tuple(msgspec.structs.replace(carton, order=of.get(carton.order, "")) for carton in one.cartons)
    digest = sha256(repr([sorted(row.cells.items()) for row in one.rows]).encode()).hexdigest()[:16]
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
    if unit.documents.of_number(first.partner, "ship notice", one.shipment):
        where = one.rows[0].where("shipment")
        return WrongInput(f"{first.partner} was told of a shipment '{one.shipment}' before, with other content", where=where)
    follows = f"order:{first.partner}:{first.number}"
    start(unit, "draft", f"erp_event:{row}", partner=first.partner, connector=FILES, follows=follows)
    text = f"shipment {one.shipment} of {', '.join(one.orders)} was imported: {len(cartons)} cartons"
    unit.events.tell("shipment.imported", f"document:{first.id}", text, partner=first.partner, actor=by)
    return made


def _left_at(unit: Unit, tools: Tools, one: FileShipment, partner: str) -> datetime:
    """When it left; a day without a time is a day at the partner's place."""
    if one.shipped_at is None:
        return unit.clock.now()
    if one.shipped_at.tzinfo is None:
        return one.shipped_at.replace(hour=12, tzinfo=ZoneInfo(tools.directory.partner(partner).time_zone))
    return one.shipped_at
