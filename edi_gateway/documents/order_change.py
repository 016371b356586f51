"""The order change: what a buyer wants changed in an order it sent (860)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi_gateway.documents.base import (
    Carrier,
    Charge,
    Contact,
    DateOf,
    Detail,
    Extra,
    Freight,
    ItemId,
    Note,
    Reference,
    Tax,
    Terms,
    Value,
)
from edi_gateway.documents.order import Price, ScheduledQuantity, StoreQuantity, SubLine
from edi_gateway.documents.party import Party


class ChangedLine(Value, frozen=True, kw_only=True):
    """One POC. ``change`` is our word for POC02: add, delete, quantity decrease, quantity increase, price change …

    ``quantity`` is what the line is to be from now on (POC03), ``quantity_left`` what is still to be received of it (POC04).
    """

    number: str = ""
    change: str
    quantity: Decimal | None = None
    quantity_left: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    price_basis: str = ""
    item_ids: tuple[ItemId, ...] = ()
    description: str = ""
    details: tuple[Detail, ...] = ()
    pack: int | None = None
    inner_pack: int | None = None
    prices: tuple[Price, ...] = ()
    charges: tuple[Charge, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()
    stores: tuple[StoreQuantity, ...] = ()
    schedule: tuple[ScheduledQuantity, ...] = ()
    sublines: tuple[SubLine, ...] = ()
    parties: tuple[Party, ...] = ()
    notes: tuple[Note, ...] = ()


class OrderChange(Value, frozen=True, kw_only=True):
    """A change of the order ``number``. ``sequence`` counts the changes of one order (BCH05); ``ordered_on`` is the order's date.

    ``purpose`` says whether the whole order is cancelled, changed or replaced.
    """

    number: str
    purpose: str
    type: str = ""
    release_number: str = ""
    sequence: str = ""
    ordered_on: date | None = None
    changed_on: date | None = None
    contract: str = ""
    currency: str = ""
    department: str = ""
    vendor_number: str = ""
    ship_to: Party | None = None
    bill_to: Party | None = None
    parties: tuple[Party, ...] = ()
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()
    dates: tuple[DateOf, ...] = ()
    terms: Terms | None = None
    freight: Freight | None = None
    carrier: Carrier | None = None
    charges: tuple[Charge, ...] = ()
    taxes: tuple[Tax, ...] = ()
    notes: tuple[Note, ...] = ()
    lines: tuple[ChangedLine, ...] = ()
    extras: tuple[Extra, ...] = ()
