"""What happened to an order in the business: it was decided on, goods left, an invoice was made.

These are neutral words; the events of ``erp.base`` are these facts with an id and the order they belong to.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from edi_gateway.documents.base import Carrier, Value


class DecidedQuantity(Value, frozen=True, kw_only=True):
    """What becomes of part of a line: ``status`` is accepted, backordered or rejected; in the unit of the order line."""

    line_number: str
    status: str
    quantity: Decimal
    ship_on: date | None = None
    reason: str = ""


class PackContent(Value, frozen=True, kw_only=True):
    """A quantity of one order line inside a carton, in the unit of the order line."""

    line_number: str
    quantity: Decimal


class PackedCarton(Value, frozen=True, kw_only=True):
    """A carton as it was packed, gross ``weight`` in pounds; ``sscc`` is empty where the gateway gives the number.

    ``pallet`` is the label of the pallet it stands on (an SSCC-18), or any name for it within the shipment where the gateway
    gives that number too; empty: it stands on none. ``store`` is the store it is for, as the order's lines name it (SDQ).
    """

    contents: tuple[PackContent, ...]
    weight: Decimal | None = None
    sscc: str = ""
    pallet: str = ""
    store: str = ""


class BilledLine(Value, frozen=True, kw_only=True):
    """A quantity billed of one order line; ``unit_price`` is stated on the price basis of that line (PO105)."""

    line_number: str
    quantity: Decimal
    unit_price: Decimal


class Decided(Value, frozen=True, kw_only=True):
    """An order was decided on; each line may be split between several statuses."""

    at: datetime
    lines: tuple[DecidedQuantity, ...]


class Shipped(Value, frozen=True, kw_only=True):
    """Goods left, in these cartons."""

    at: datetime
    shipment: str
    cartons: tuple[PackedCarton, ...]
    carrier: Carrier | None = None
    bill_of_lading: str = ""
    carrier_reference: str = ""
    delivery_on: date | None = None


class Billed(Value, frozen=True, kw_only=True):
    """An invoice was made for a shipment."""

    at: datetime
    invoice: str
    shipment: str
    lines: tuple[BilledLine, ...]
