"""The ship notice: a shipment, the orders in it, their packs and what is in each (856)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from edi_gateway.documents.base import Carrier, DateOf, Extra, Freight, ItemId, Reference, Value
from edi_gateway.documents.party import Party


class PackedItem(Value, frozen=True, kw_only=True):
    """A quantity of one order line inside a pack."""

    line_number: str
    quantity: Decimal
    unit: str
    item_ids: tuple[ItemId, ...] = ()
    description: str = ""
    ordered_quantity: Decimal | None = None
    ordered_unit: str = ""
    pack: int | None = None
    lot: str = ""
    expires_on: date | None = None


class Pack(Value, frozen=True, kw_only=True):
    """A carton or pallet. ``sscc`` is the 18 digits of its label, without the application identifier (00).

    It is empty where a partner is not told of packs (structure shipment, order, item): one pack then stands for all.
    """

    sscc: str
    items: tuple[PackedItem, ...]
    weight: Decimal | None = None
    weight_unit: str = ""
    tracking: str = ""


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
    pack_count: int
    weight: Decimal | None = None
    weight_unit: str = "LB"
    ship_from: Party | None = None
    ship_to: Party | None = None
    orders: tuple[ShippedOrder, ...]
    freight: Freight | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()
    parties: tuple[Party, ...] = ()
    extras: tuple[Extra, ...] = ()
