"""The inventory advice: what we have in stock (846)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from edi_gateway.documents.base import DateOf, Detail, Extra, ItemId, Reference, Value
from edi_gateway.documents.order import Price
from edi_gateway.documents.party import Party


class LocationQuantity(Value, frozen=True, kw_only=True):
    """How much of a stock is where, or comes when (SCH in an 846)."""

    quantity: Decimal
    unit: str
    role: str = ""
    location: str = ""
    qualifier: str = ""
    date: date | None = None


class StoreStock(Value, frozen=True, kw_only=True):
    """How much of a stock is at one place known by a number (a REF between LS and LE): ``quantity`` is REF03 as written."""

    qualifier: str
    store: str
    quantity: str = ""


class StockQuantity(Value, frozen=True, kw_only=True):
    """A quantity by its qualifier (QTY): 33 available for sale, 29 projected available, QA discontinued …"""

    qualifier: str
    quantity: Decimal
    unit: str = ""
    locations: tuple[LocationQuantity, ...] = ()
    stores: tuple[StoreStock, ...] = ()
    dates: tuple[DateOf, ...] = ()


class StockLine(Value, frozen=True, kw_only=True):
    """One item and how much of it there is."""

    number: str = ""
    item_ids: tuple[ItemId, ...] = ()
    description: str = ""
    details: tuple[Detail, ...] = ()
    unit_price: Decimal | None = None
    unit: str = ""
    prices: tuple[Price, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()
    quantities: tuple[StockQuantity, ...] = ()


class InventoryAdvice(Value, frozen=True, kw_only=True):
    """The stock as it was at ``as_of``. ``type`` is BIA02: DD distributor inventory report, SI seller inventory report …"""

    number: str
    purpose: str = "original"
    type: str
    as_of: datetime
    currency: str = ""
    vendor_number: str = ""
    parties: tuple[Party, ...] = ()
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()
    lines: tuple[StockLine, ...] = ()
    extras: tuple[Extra, ...] = ()
