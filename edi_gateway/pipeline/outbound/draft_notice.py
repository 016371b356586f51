"""Draft, for goods that left: the 856 of a shipment, or one for each store where the partner wants that."""

from __future__ import annotations

import msgspec

from edi_gateway.erp.base import OrderShipped
from edi_gateway.errors import NeedsPerson
from edi_gateway.order_to_cash.facts import Shipped
from edi_gateway.order_to_cash.turnaround import ShipTerms, draft_ship_notice
from edi_gateway.order_to_cash.turnaround.parts import shipments_apart
from edi_gateway.order_to_cash.turnaround.ship_notice import labels_to_give
from edi_gateway.pipeline.outbound.drafting import Drafted, Drafting, party
from edi_gateway.pipeline.outbound.labels import next_labels
from edi_gateway.pipeline.outbound.owing import owe_apart, owe_for_shipment
from edi_gateway.pipeline.outbound.their_stores import cartons_in_their_stores
from edi_gateway.pipeline.standing import standing_order


def draft_notices(at: Drafting, event: OrderShipped) -> list[Drafted]:
    """What left, told as the partner wants it; each 856 is owed from when the goods left."""
    told = _by_order(at, event)
    told = msgspec.structs.replace(told, cartons=cartons_in_their_stores(at, told.cartons))
    parts = shipments_apart(told) if at.partner.answers.ship_notice_stores == "apart" else (told,)
    if len(parts) > 1:
        owe_apart(at.unit, at.row, told.shipment)
    for part in parts:
        at.unit.departures.tell(at.partner.name, part.shipment, part.at, usage=at.row.usage)
        owe_for_shipment(at.unit, at.partner, at.tools.directory.pack(at.partner.name), at.row, part)
    return [_notice(at, part) for part in parts]


def _notice(at: Drafting, shipped: Shipped) -> Drafted:
    terms = ShipTerms(ship_from=party("SF", at.ours.ship_from), structure=at.partner.answers.ship_notice_structure)
    beside = _beside(shipped)
    notice = draft_ship_notice(
        at.order,
        shipped,
        terms,
        now=at.now,
        sscc=next_labels(at.unit, at.ours.company_prefix, labels_to_give(shipped, terms)),
        zone=at.zone,
        others={id: standing_order(at.unit, id) for id in beside},
    )
    return Drafted(notice, notice.shipment, beside)


def _beside(shipped: Shipped) -> tuple[str, ...]:
    """The further orders it has cartons of, each once."""
    return tuple(id for id in dict.fromkeys(carton.order for carton in shipped.cartons) if id)


def _by_order(at: Drafting, event: OrderShipped) -> OrderShipped:
    """Cartons that name the order the shipment is told of are its own. Raises NeedsPerson for one of no order of this partner."""
    own = (msgspec.structs.replace(each, order="") if each.order == at.row.id else each for each in event.cartons)
    told = msgspec.structs.replace(event, cartons=tuple(own))
    for id in _beside(told):
        row = at.unit.documents.find(id)
        alike = row is not None and (row.partner, row.usage) == (at.row.partner, at.row.usage)
        if not alike or at.unit.threads.of_document(id) is None:
            whose = f"order {row.number} of {row.partner}" if row else f"an order that did not come through here, {id}"
            raise NeedsPerson(
                f"shipment {event.shipment} to {at.row.partner} has a carton of {whose}",
                do="correct it in the ERP and let it tell of the shipment again, or key the 856 in by hand",
            )
    return told
