"""The ship notice: a shipment, the orders in it, their packs and what is in each (856)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from edi_gateway.documents.base import Carrier, DateOf, Extra, Freight, ItemId, Measurement, Reference, Value
from edi_gateway.documents.party import Party


class PackedItem(Value, frozen=True, kw_only=True):
    """A quantity of one order line inside a pack."""

    line_number: str = ""
    quantity: Decimal
    unit: str
    item_ids: tuple[ItemId, ...] = ()
    description: str = ""
    ordered_quantity: Decimal | None = None
    ordered_unit: str = ""
    pack: int | None = None
    lot: str = ""
    expires_on: date | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()


class Mark(Value, frozen=True, kw_only=True):
    """A mark on a pack beside its SSCC and tracking number (MAN): ``qualifier`` UC, SM, AA …"""

    qualifier: str
    value: str


class Pack(Value, frozen=True, kw_only=True):
    """A carton or pallet. ``sscc`` is the 18 digits of its label, without the application identifier (00).

    It is empty where a partner is not told of packs (structure shipment, order, item): one pack then stands for all. ``pallet``
    is the 18 digits of the pallet it stands on, if that has a label of its own (the tare level of an 856). ``mark_for`` is the
    store it is for, where one shipment is for many.
    """

    sscc: str = ""
    items: tuple[PackedItem, ...] = ()
    weight: Decimal | None = None
    weight_unit: str = ""
    tracking: str = ""
    pallet: str = ""
    mark_for: Party | None = None
    marks: tuple[Mark, ...] = ()


class Pallet(Value, frozen=True, kw_only=True):
    """Packs that stand on one pallet: how an 856 with tare levels tells them. No document holds it; ``Pack.pallet`` does."""

    sscc: str = ""
    packs: tuple[Pack, ...]


class ItemQuantity(Value, frozen=True, kw_only=True):
    """How much of one item a pack holds; none where only the pack is named."""

    sscc: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    tracking: str = ""
    weight: Decimal | None = None
    weight_unit: str = ""
    marks: tuple[Mark, ...] = ()
    mark_for: Party | None = None


class ItemInPacks(PackedItem, frozen=True, kw_only=True):
    """One item with the packs it is in, as a standard carton 856 (shipment, order, item, pack) tells it. No document holds it."""

    packs: tuple[ItemQuantity, ...] = ()


class ShippedOrder(Value, frozen=True, kw_only=True):
    """What of one order is in this shipment."""

    order_number: str
    ordered_on: date | None = None
    release_number: str = ""
    department: str = ""
    vendor_number: str = ""
    references: tuple[Reference, ...] = ()
    packs: tuple[Pack, ...]
    pack_count: int | None = None
    weight: Decimal | None = None
    weight_unit: str = ""
    parties: tuple[Party, ...] = ()
    dates: tuple[DateOf, ...] = ()


class ShipNotice(Value, frozen=True, kw_only=True):
    """``shipment`` is BSN02, used once for each unrejected original. ``weight`` is gross, in ``weight_unit``."""

    shipment: str
    purpose: str = "original"
    created_at: datetime
    structure: str = "shipment, order, pack, item"
    shipped_on: date
    delivery_on: date | None = None
    bill_of_lading: str = ""
    carrier_reference: str = ""
    carrier: Carrier | None = None
    packaging: str = "CTN25"
    pack_count: int = 0
    weight: Decimal | None = None
    weight_unit: str = "LB"
    ship_from: Party | None = None
    ship_to: Party | None = None
    orders: tuple[ShippedOrder, ...]
    freight: Freight | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()
    parties: tuple[Party, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    extras: tuple[Extra, ...] = ()
