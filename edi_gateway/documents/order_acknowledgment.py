"""The order acknowledgment: what we answer to an order (855)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi_gateway.documents.base import Charge, Contact, DateOf, Extra, ItemId, Note, Reference, Value
from edi_gateway.documents.order import ScheduledQuantity
from edi_gateway.documents.party import Party


class LineDecision(Value, frozen=True, kw_only=True):
    """What becomes of a quantity of one line (ACK). ``status`` is our word: accepted, backordered, rejected, quantity changed,
    price changed, date changed; ``ship_on`` the date promised for it."""

    status: str
    quantity: Decimal
    unit: str
    ship_on: date | None = None
    reason: str = ""
    item_ids: tuple[ItemId, ...] = ()  # of what is shipped instead, where an item is substituted


class AcknowledgedLine(Value, frozen=True, kw_only=True):
    """One line of the order as it was sent, with what becomes of it."""

    number: str
    quantity: Decimal
    unit: str
    unit_price: Decimal | None = None
    price_basis: str = ""
    item_ids: tuple[ItemId, ...] = ()
    description: str = ""
    decisions: tuple[LineDecision, ...] = ()
    schedule: tuple[ScheduledQuantity, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()


class OrderAcknowledgment(Value, frozen=True, kw_only=True):
    """``decision`` is our word for BAK02: accepted, accepted with changes, rejected, acknowledged without detail."""

    number: str  # the purchase order's number
    purpose: str = "original"
    decision: str
    release_number: str = ""
    ordered_on: date
    acknowledged_on: date
    currency: str = ""
    department: str = ""
    vendor_number: str = ""
    ship_to: Party | None = None
    references: tuple[Reference, ...] = ()
    lines: tuple[AcknowledgedLine, ...] = ()
    seller_order_number: str = ""
    contract: str = ""
    contacts: tuple[Contact, ...] = ()
    dates: tuple[DateOf, ...] = ()
    charges: tuple[Charge, ...] = ()
    parties: tuple[Party, ...] = ()
    notes: tuple[Note, ...] = ()
    extras: tuple[Extra, ...] = ()
