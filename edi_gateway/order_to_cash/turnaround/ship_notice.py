"""The 856 drafted from the 850 and the cartons that left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order
from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import Pack, PackedItem, ShipNotice, ShippedOrder
from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.order_to_cash.facts import PackContent, PackedCarton, Shipped
from edi_gateway.order_to_cash.sscc import is_sscc
from edi_gateway.order_to_cash.turnaround.lines import line_of
from edi_gateway.order_to_cash.turnaround.parts import store_party


class ShipTerms(Value, frozen=True, kw_only=True):
    """What the partner's profile says about its 856. A ``structure`` without "pack" names no cartons: items only."""

    ship_from: Party | None = None
    structure: str = "shipment, order, pack, item"
    packaging: str = "CTN25"
    weight_unit: str = "LB"

    @property
    def has_packs(self) -> bool:
        """Whether the structure has a pack level."""
        return "pack" in self.structure

    @property
    def has_pallets(self) -> bool:
        """Whether the structure has a level of its own for pallets, the tare."""
        return "tare" in self.structure


def labels_to_give(shipped: Shipped, terms: ShipTerms) -> int:
    """How many SSCC numbers the gateway has to give for a shipment: to cartons, and to pallets where those are told of."""
    cartons = sum(not carton.sscc for carton in shipped.cartons) if terms.has_packs else 0
    return cartons + (len(_unlabelled_pallets(shipped)) if terms.has_pallets else 0)


def _unlabelled_pallets(shipped: Shipped) -> list[str]:
    """The pallets that have a name but no label yet, in the order they first come."""
    return list(dict.fromkeys(carton.pallet for carton in shipped.cartons if carton.pallet and not is_sscc(carton.pallet)))


def draft_ship_notice(
    order: Order,
    shipped: Shipped,
    terms: ShipTerms,
    *,
    now: datetime,
    sscc: Sequence[str] = (),
    zone: tzinfo = UTC,
    others: Mapping[str, Order] | None = None,
) -> ShipNotice:
    """What left, told as it left: each carton with its SSCC and content, item ids as the buyer wrote them.

    ``sscc`` are the numbers given to cartons that came without one, in order, and then to pallets. The day it left is the one
    that was told, else the day of its moment in ``zone``, the partner's. ``others`` are further orders in the same shipment, by
    the id their cartons name them by. Raises WrongInput when there are fewer numbers than that, NeedsPerson when a carton names a
    line, a store or an order that there is not, and for orders that go to different places.
    """
    every = {"": order, **(others or {})}
    _check_together(shipped, every)
    labelled = _labelled(shipped, terms, sscc) if terms.has_packs else shipped
    return ShipNotice(
        shipment=shipped.shipment,
        created_at=now,
        structure=terms.structure,
        shipped_on=shipped.shipped_on or shipped.at.astimezone(zone).date(),
        delivery_on=shipped.delivery_on,
        bill_of_lading=shipped.bill_of_lading,
        carrier_reference=shipped.carrier_reference,
        carrier=shipped.carrier,
        packaging=terms.packaging,
        pack_count=len(shipped.cartons),
        weight=_weight(shipped.cartons),
        weight_unit=terms.weight_unit,
        ship_from=terms.ship_from,
        ship_to=order.ship_to,
        freight=order.freight,
        orders=tuple(
            _shipped_order(each, tuple(carton for carton in labelled.cartons if carton.order == id), terms)
            for id, each in every.items()
        ),
    )


def _check_together(shipped: Shipped, orders: Mapping[str, Order]) -> None:
    if strange := {carton.order for carton in shipped.cartons} - set(orders):
        raise NeedsPerson(
            f"a carton of shipment {shipped.shipment} is of order document {min(strange)}, which is not in it",
            do="see which orders the shipment holds",
        )
    first, *more = orders.values()
    for other in more:
        if (other.ship_to and other.ship_to.id) != (first.ship_to and first.ship_to.id):
            raise NeedsPerson(
                f"shipment {shipped.shipment} holds orders {first.number} and {other.number}, which go to different places",
                do="tell them as two shipments",
            )


def _shipped_order(order: Order, cartons: tuple[PackedCarton, ...], terms: ShipTerms) -> ShippedOrder:
    return ShippedOrder(
        order_number=order.number,
        ordered_on=order.ordered_on,
        release_number=order.release_number,
        department=order.department,
        vendor_number=order.vendor_number,
        references=order.references,
        packs=tuple(_pack(order, carton) for carton in cartons) if terms.has_packs else (_all_items(order, cartons),),
    )


def _weight(cartons: tuple[PackedCarton, ...]) -> Decimal | None:
    """The sum of carton weights; None as soon as one is unknown, for half a weight would be a wrong one."""
    weights = [carton.weight for carton in cartons if carton.weight is not None]
    return sum(weights, Decimal(0)) if weights and len(weights) == len(cartons) else None


def _labelled(shipped: Shipped, terms: ShipTerms, sscc: Sequence[str]) -> Shipped:
    """The shipment with a label on each carton, and on each pallet where those are told of."""
    needed = labels_to_give(shipped, terms)
    if len(sscc) < needed:
        what = "cartons and pallets" if terms.has_pallets else "cartons"
        raise WrongInput(f"shipment {shipped.shipment} has {needed} {what} without an SSCC, and {len(sscc)} numbers were given")
    unlabelled = sum(not carton.sscc for carton in shipped.cartons)
    pallets = dict(zip(_unlabelled_pallets(shipped), sscc[unlabelled:], strict=False))
    numbers = iter(sscc)
    cartons = tuple(
        msgspec.structs.replace(
            carton,
            sscc=carton.sscc or next(numbers),
            pallet=pallets.get(carton.pallet, carton.pallet) if terms.has_pallets else "",
        )
        for carton in shipped.cartons
    )
    return msgspec.structs.replace(shipped, cartons=cartons)


def _pack(order: Order, carton: PackedCarton) -> Pack:
    return Pack(
        sscc=carton.sscc,
        items=tuple(_item(order, content) for content in carton.contents),
        weight=carton.weight,
        pallet=carton.pallet,
        mark_for=_store(order, carton),
    )


def _store(order: Order, carton: PackedCarton) -> Party | None:
    """The store a carton is for (N1*BY), by the id the buyer has for it."""
    if not carton.store:
        return None
    if (party := store_party(order, carton.store)) is not None:
        return party
    raise NeedsPerson(
        f"a carton of order {order.number} is for store {carton.store}, and no line of the order is for that store",
        do="see in the ERP which store it went to",
    )


def _all_items(order: Order, cartons: tuple[PackedCarton, ...]) -> Pack:
    """For structures without packs: one unnamed pack, each line and lot once with all that left of it."""
    sums: dict[PackContent, Decimal] = {}
    for content in (content for carton in cartons for content in carton.contents):
        key = msgspec.structs.replace(content, quantity=Decimal(0))
        sums[key] = sums.get(key, Decimal(0)) + content.quantity
    contents = (msgspec.structs.replace(key, quantity=quantity) for key, quantity in sums.items())
    return Pack(sscc="", items=tuple(_item(order, content) for content in contents))


def _item(order: Order, content: PackContent) -> PackedItem:
    line = line_of(order, content.line_number)
    return PackedItem(
        line_number=line.number,
        quantity=content.quantity,
        unit=line.unit,
        item_ids=line.item_ids,
        description=line.description,
        ordered_quantity=line.quantity,
        lot=content.lot,
        expires_on=content.expires_on,
    )
