"""The order change acknowledgment: what we answer to a change, or what we ask to change ourselves (865)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi_gateway.documents.base import Carrier, Charge, DateOf, Extra, ItemId, Note, Reference, Value
from edi_gateway.documents.order_acknowledgment import LineDecision
from edi_gateway.documents.party import Party


class AnsweredLine(Value, frozen=True, kw_only=True):
    """One POC of the change with what becomes of it; ``change`` is our word for POC02."""

    number: str = ""
    change: str
    quantity: Decimal | None = None
    quantity_left: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    price_basis: str = ""
    item_ids: tuple[ItemId, ...] = ()
    description: str = ""
    decisions: tuple[LineDecision, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()


class OrderChangeAcknowledgment(Value, frozen=True, kw_only=True):
    """The answer to change ``sequence`` of order ``number``; ``decision`` is our word for BCA02.

    ``changed_on`` is the date of the change, as the buyer gave it (BCH11, BCA11).
    """

    number: str
    purpose: str = "original"
    decision: str = ""
    release_number: str = ""
    sequence: str = ""
    ordered_on: date
    acknowledged_on: date | None = None
    changed_on: date | None = None
    type: str = ""
    seller_order_number: str = ""
    currency: str = ""
    department: str = ""
    vendor_number: str = ""
    ship_to: Party | None = None
    parties: tuple[Party, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()
    carrier: Carrier | None = None
    charges: tuple[Charge, ...] = ()
    notes: tuple[Note, ...] = ()
    lines: tuple[AnsweredLine, ...] = ()
    extras: tuple[Extra, ...] = ()
