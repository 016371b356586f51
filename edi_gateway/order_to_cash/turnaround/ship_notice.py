"""The 856 drafted from the 850 and the cartons that left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal

from edi_gateway.documents.base import Value
from edi_gateway.documents.order import Order
from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import Pack, PackedItem, ShipNotice, ShippedOrder
from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.order_to_cash.facts import PackContent, PackedCarton, Shipped
from edi_gateway.order_to_cash.sscc import is_sscc
from edi_gateway.order_to_cash.turnaround.lines import line_of


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
) -> ShipNotice:
    """What left, told as it left: each carton with its SSCC and content, item ids as the buyer wrote them.

    ``sscc`` are the numbers given to cartons that came without one, in order, and then to pallets. Dates are days in ``zone``,
    the warehouse's. Raises WrongInput when there are fewer numbers than that, NeedsPerson when a carton names a line or a
    store the order does not have.
    """
    return ShipNotice(
        shipment=shipped.shipment,
        created_at=now,
        structure=terms.structure,
        shipped_on=shipped.at.astimezone(zone).date(),
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
        orders=(
            ShippedOrder(
                order_number=order.number,
                ordered_on=order.ordered_on,
                release_number=order.release_number,
                department=order.department,
                vendor_number=order.vendor_number,
                references=order.references,
                packs=_packs(order, shipped, terms, sscc) if terms.has_packs else (_all_items(order, shipped),),
            ),
        ),
    )


def _weight(cartons: tuple[PackedCarton, ...]) -> Decimal | None:
    """The sum of carton weights; None as soon as one is unknown, for half a weight would be a wrong one."""
    weights = [carton.weight for carton in cartons if carton.weight is not None]
    return sum(weights, Decimal(0)) if weights and len(weights) == len(cartons) else None


def _packs(order: Order, shipped: Shipped, terms: ShipTerms, sscc: Sequence[str]) -> tuple[Pack, ...]:
    needed = labels_to_give(shipped, terms)
    if len(sscc) < needed:
        what = "cartons and pallets" if terms.has_pallets else "cartons"
        raise WrongInput(f"shipment {shipped.shipment} has {needed} {what} without an SSCC, and {len(sscc)} numbers were given")
    cartons = sum(not carton.sscc for carton in shipped.cartons)
    pallets = dict(zip(_unlabelled_pallets(shipped), sscc[cartons:], strict=False))
    numbers = iter(sscc)
    return tuple(
        Pack(
            sscc=carton.sscc or next(numbers),
            items=tuple(_item(order, content) for content in carton.contents),
            weight=carton.weight,
            pallet=pallets.get(carton.pallet, carton.pallet) if terms.has_pallets else "",
            mark_for=_store(order, carton),
        )
        for carton in shipped.cartons
    )


def _store(order: Order, carton: PackedCarton) -> Party | None:
    """The store a carton is for (N1*BY), by the id the buyer has for it."""
    if not carton.store:
        return None
    for line in order.lines:
        for one in line.stores:
            if one.store == carton.store:
                return Party(role="BY", id_qualifier=one.id_qualifier, id=one.store)
    raise NeedsPerson(
        f"a carton of order {order.number} is for store {carton.store}, and no line of the order is for that store",
        do="see in the ERP which store it went to",
    )


def _all_items(order: Order, shipped: Shipped) -> Pack:
    """For structures without packs: one unnamed pack, each line once with all that left of it."""
    sums: dict[str, Decimal] = {}
    for carton in shipped.cartons:
        for content in carton.contents:
            sums[content.line_number] = sums.get(content.line_number, Decimal(0)) + content.quantity
    contents = (PackContent(line_number=number, quantity=quantity) for number, quantity in sums.items())
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
    )
