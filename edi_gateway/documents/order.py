"""The order: a purchase order (850) in our own words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi_gateway.documents.base import Charge, DateOf, Extra, ItemId, Reference, Terms, Value
from edi_gateway.documents.party import Party


class OrderLine(Value, frozen=True, kw_only=True):
    """One PO1. ``number`` is the buyer's own line id as sent (or 1, 2, … where none was), echoed in all answers."""

    number: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None = None
    price_basis: str = ""
    item_ids: tuple[ItemId, ...] = ()
    description: str = ""
    pack: int | None = None
    charges: tuple[Charge, ...] = ()
    references: tuple[Reference, ...] = ()


class Order(Value, frozen=True, kw_only=True):
    """A purchase order. ``purpose`` and ``type`` are our words for BEG01 and BEG02 (original, duplicate …; stand-alone …)."""

    number: str
    purpose: str
    type: str = ""
    release_number: str = ""
    ordered_on: date
    currency: str = ""
    department: str = ""
    vendor_number: str = ""
    promotion: str = ""
    ship_to: Party | None = None
    bill_to: Party | None = None
    parties: tuple[Party, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()
    terms: Terms | None = None
    charges: tuple[Charge, ...] = ()
    notes: tuple[str, ...] = ()
    lines: tuple[OrderLine, ...]
    extras: tuple[Extra, ...] = ()
