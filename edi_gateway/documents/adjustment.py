"""The adjustment: a credit or debit a partner takes on what we billed (812)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi_gateway.documents.base import Amount, Charge, Contact, DateOf, Extra, Freight, ItemId, Reference, Terms, Value
from edi_gateway.documents.party import Party


class StoreAmount(Value, frozen=True, kw_only=True):
    """What of an adjusted line falls on one store (N11)."""

    store: str
    location: str = ""
    amounts: tuple[Amount, ...] = ()


class AdjustedLine(Value, frozen=True, kw_only=True):
    """One CDD: ``reason`` is CDD01; ``amount`` is positive, ``credit_or_debit`` (C, D) says which way it goes."""

    reason: str
    credit_or_debit: str
    number: str = ""
    amount: Decimal | None = None
    quantity: Decimal | None = None
    unit: str = ""
    unit_price_difference: Decimal | None = None
    price_kind: str = ""
    unit_price: Decimal | None = None
    other_price_kind: str = ""
    other_unit_price: Decimal | None = None
    item_ids: tuple[ItemId, ...] = ()
    pack: int | None = None
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()
    charges: tuple[Charge, ...] = ()
    stores: tuple[StoreAmount, ...] = ()


class Adjustment(Value, frozen=True, kw_only=True):
    """An adjustment ``number`` (BCD02) of ``amount``, of the invoice and order it names."""

    number: str
    adjusted_on: date
    handling: str = ""
    amount: Decimal
    credit_or_debit: str
    invoice_number: str = ""
    invoiced_on: date | None = None
    order_number: str = ""
    ordered_on: date | None = None
    vendor_order_number: str = ""
    purpose: str = ""
    transaction_type: str = ""
    currency: str = ""
    references: tuple[Reference, ...] = ()
    contacts: tuple[Contact, ...] = ()
    terms: Terms | None = None
    dates: tuple[DateOf, ...] = ()
    freight: Freight | None = None
    charges: tuple[Charge, ...] = ()
    parties: tuple[Party, ...] = ()
    lines: tuple[AdjustedLine, ...] = ()
    extras: tuple[Extra, ...] = ()
