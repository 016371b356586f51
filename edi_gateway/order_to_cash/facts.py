"""What happened to an order in the business: it was decided on, goods left, an invoice was made.

These are neutral words; the events of ``erp.base`` are these facts with an id and the order they belong to.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from edi_gateway.documents.base import Carrier, ItemId, Value


class DecidedQuantity(Value, frozen=True, kw_only=True):
    """What becomes of part of a line: ``status`` is accepted, backordered or rejected; in the unit of the order line.

    Or it is "substituted": another item comes instead, by the ``item_ids`` the buyer is to know it by.

    Our rules may set its price: ``unit_price`` then is on the price basis of the line, and ``instead_of`` the order's.
    """

    line_number: str
    status: str
    quantity: Decimal
    ship_on: date | None = None
    reason: str = ""
    item_ids: tuple[ItemId, ...] = ()
    unit_price: Decimal | None = None
    instead_of: Decimal | None = None


class PackContent(Value, frozen=True, kw_only=True):
    """A quantity of one order line inside a carton, in the unit of the order line; of one lot, where lots are kept apart."""

    line_number: str
    quantity: Decimal
    lot: str = ""
    expires_on: date | None = None


class PackedCarton(Value, frozen=True, kw_only=True):
    """A carton as it was packed, gross ``weight`` in pounds; ``sscc`` is empty where the gateway gives the number.

    ``pallet`` is the label of the pallet it stands on (an SSCC-18), or any name for it within the shipment where the gateway
    gives that number too; empty: it stands on none. ``store`` is the store it is for, as the order's lines name it (SDQ).
    ``order`` is our document id of the order it is of, where a shipment holds several; empty: the order the shipment is told of.
    """

    contents: tuple[PackContent, ...]
    weight: Decimal | None = None
    sscc: str = ""
    pallet: str = ""
    store: str = ""
    order: str = ""


class BilledLine(Value, frozen=True, kw_only=True):
    """A quantity billed of one order line; ``unit_price`` is stated on the price basis of that line (PO105).

    Or it is the price of ``price_units`` of the unit ordered, where the ERP says of how many. ``store`` is the store it is for,
    where the order is for many and the ERP says so.
    """

    line_number: str
    quantity: Decimal
    unit_price: Decimal
    store: str = ""
    price_units: Decimal | None = None


class Decided(Value, frozen=True, kw_only=True):
    """An order was decided on; each line may be split between several statuses."""

    at: datetime
    lines: tuple[DecidedQuantity, ...]


class Shipped(Value, frozen=True, kw_only=True):
    """Goods left, in these cartons. ``shipped_on`` is the day at the warehouse, where it is told; else the day of ``at``."""

    at: datetime
    shipment: str
    cartons: tuple[PackedCarton, ...]
    carrier: Carrier | None = None
    bill_of_lading: str = ""
    carrier_reference: str = ""
    delivery_on: date | None = None
    shipped_on: date | None = None


class Billed(Value, frozen=True, kw_only=True):
    """An invoice was made for a shipment."""

    at: datetime
    invoice: str
    shipment: str
    lines: tuple[BilledLine, ...]


class Credited(Value, frozen=True, kw_only=True):
    """Part of an invoice was taken back by a credit note: ``credit`` is its number, ``invoice`` that of what it is of.

    ``why``: "returned" (goods came back), "overbilled" (more was billed than was due), or "price": then unit prices are the
    difference, and no quantity is taken back.
    """

    at: datetime
    credit: str
    invoice: str
    why: Literal["returned", "overbilled", "price"] = "returned"
    lines: tuple[BilledLine, ...]
