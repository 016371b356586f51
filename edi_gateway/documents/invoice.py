"""The invoice: what we bill for what we shipped (810)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi_gateway.documents.base import (
    Carrier,
    Charge,
    Contact,
    DateOf,
    Extra,
    Freight,
    ItemId,
    Note,
    Reference,
    Tax,
    Terms,
    Value,
)
from edi_gateway.documents.party import Party


class InvoiceLine(Value, frozen=True, kw_only=True):
    """One line billed; ``amount`` is quantity × unit price, rounded to the cent."""

    number: str
    quantity: Decimal
    unit: str = ""
    unit_price: Decimal
    price_basis: str = ""
    amount: Decimal
    item_ids: tuple[ItemId, ...] = ()
    description: str = ""
    pack: int | None = None
    charges: tuple[Charge, ...] = ()
    taxes: tuple[Tax, ...] = ()
    references: tuple[Reference, ...] = ()
    inner_pack: int | None = None
    parties: tuple[Party, ...] = ()
    dates: tuple[DateOf, ...] = ()


class Invoice(Value, frozen=True, kw_only=True):
    """``total`` is what is to be paid: lines + charges − allowances (TDS01), exact to the cent."""

    number: str
    invoiced_on: date
    order_number: str = ""
    ordered_on: date | None = None
    release_number: str = ""
    type: str = "debit"
    currency: str = ""
    department: str = ""
    vendor_number: str = ""
    shipment: str = ""
    bill_of_lading: str = ""
    shipped_on: date | None = None
    carrier: Carrier | None = None
    ship_to: Party | None = None
    bill_to: Party | None = None
    remit_to: Party | None = None
    references: tuple[Reference, ...] = ()
    terms: Terms | None = None
    charges: tuple[Charge, ...] = ()
    lines: tuple[InvoiceLine, ...]
    total: Decimal
    parties: tuple[Party, ...] = ()
    dates: tuple[DateOf, ...] = ()
    freight: Freight | None = None
    taxes: tuple[Tax, ...] = ()
    units_shipped: Decimal | None = None
    units_shipped_unit: str = ""
    contacts: tuple[Contact, ...] = ()
    notes: tuple[Note, ...] = ()
    extras: tuple[Extra, ...] = ()
