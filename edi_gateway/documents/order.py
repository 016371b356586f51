"""The order: a purchase order (850) in our own words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from edi_gateway.documents.base import (
    Amount,
    Carrier,
    Charge,
    Contact,
    DateOf,
    Detail,
    Extra,
    Freight,
    ItemId,
    Measurement,
    Note,
    Reference,
    Tax,
    Terms,
    Value,
)
from edi_gateway.documents.party import Party


class Price(Value, frozen=True, kw_only=True):
    """A price beside the unit price (CTP): ``qualifier`` is CTP02, such as RES or RTL for the shelf price."""

    qualifier: str
    price: Decimal


class StoreQuantity(Value, frozen=True, kw_only=True):
    """How much of a line is for one store (SDQ), where one order is for many."""

    store: str
    quantity: Decimal
    unit: str
    id_qualifier: str = ""


def each_store_once(stores: tuple[StoreQuantity, ...]) -> tuple[StoreQuantity, ...]:
    """What is told of a store in several places (two SDQ segments) is added up where it stands first; units stay apart."""
    if len({one.store for one in stores}) == len(stores):
        return stores
    found: dict[tuple[str, str], StoreQuantity] = {}
    for one in stores:
        first = found.get((one.store, one.unit))
        found[one.store, one.unit] = msgspec.structs.replace(first, quantity=first.quantity + one.quantity) if first else one
    return tuple(found.values())


class ScheduledQuantity(Value, frozen=True, kw_only=True):
    """How much of a line is wanted when (SCH): a date with its qualifier, and where it tells a window, the second of both."""

    quantity: Decimal
    unit: str
    second_qualifier: str = ""
    second_date: date | None = None  # before ``date``, which hides the type
    qualifier: str
    date: date

    @property
    def dates(self) -> tuple[DateOf, ...]:
        """The one or two dates it names."""
        second = () if self.second_date is None else (DateOf(qualifier=self.second_qualifier, date=self.second_date),)
        return (DateOf(qualifier=self.qualifier, date=self.date), *second)


class SubLine(Value, frozen=True, kw_only=True):
    """A part of a line (SLN): what an assortment, set or kit holds, or a variant of it.

    ``relationship`` is SLN03 (I included, A add, O information only …).
    """

    number: str
    relationship: str = "I"
    quantity: Decimal | None = None
    unit: str = ""
    unit_price: Decimal | None = None
    price_basis: str = ""
    item_ids: tuple[ItemId, ...] = ()
    description: str = ""


class Packing(Value, frozen=True, kw_only=True):
    """How an item is packed (PO4), beside how many are in a pack: one item's size, the packaging, a pack's weight and volume."""

    size: Decimal | None = None
    size_unit: str = ""
    packaging: str = ""
    weight: Decimal | None = None
    weight_unit: str = ""
    volume: Decimal | None = None
    volume_unit: str = ""


class OrderLine(Value, frozen=True, kw_only=True):
    """One PO1. ``number`` is the buyer's own line id as sent (or 1, 2, … where none was), echoed in all answers."""

    number: str
    quantity: Decimal
    unit: str = ""
    unit_price: Decimal | None = None
    price_basis: str = ""
    item_ids: tuple[ItemId, ...] = ()
    description: str = ""
    pack: int | None = None
    charges: tuple[Charge, ...] = ()
    references: tuple[Reference, ...] = ()
    inner_pack: int | None = None
    prices: tuple[Price, ...] = ()
    dates: tuple[DateOf, ...] = ()
    stores: tuple[StoreQuantity, ...] = ()
    schedule: tuple[ScheduledQuantity, ...] = ()
    parties: tuple[Party, ...] = ()
    notes: tuple[Note, ...] = ()
    packing: Packing | None = None
    sublines: tuple[SubLine, ...] = ()
    details: tuple[Detail, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    amounts: tuple[Amount, ...] = ()
    taxes: tuple[Tax, ...] = ()


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
    notes: tuple[Note, ...] = ()
    lines: tuple[OrderLine, ...]
    contract: str = ""
    contacts: tuple[Contact, ...] = ()
    freight: Freight | None = None
    carrier: Carrier | None = None
    taxes: tuple[Tax, ...] = ()
    total: Decimal | None = None
    acknowledgment_wanted: str = ""  # BEG07: which acknowledgment the buyer asks for
    extras: tuple[Extra, ...] = ()
