"""One 810 of several: what was billed of one order (for one store) while a window was open leaves as one invoice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

import msgspec

from edi_gateway.documents.base import Charge, Reference, Tax, Terms
from edi_gateway.documents.invoice import Invoice, InvoiceLine
from edi_gateway.order_to_cash.money import exact_amount, rounded, total
from edi_gateway.order_to_cash.turnaround.invoice import SHIPMENT, InvoicePolicy, invoice_total, with_dates

_Part = TypeVar("_Part", Charge, Tax)


def shipments_of(invoice: Invoice) -> tuple[str, ...]:
    """The shipments an invoice bills."""
    more = (one.value for one in invoice.references if one.qualifier == SHIPMENT)
    return tuple(dict.fromkeys(each for each in (invoice.shipment, *more) if each))


def consolidated(invoices: Sequence[Invoice], *, today: date, policy: InvoicePolicy) -> Invoice:
    """One invoice under the number of the first: lines of one price added up, and with them charges and taxes of one kind.

    The first shipment stands where it always does, the others as further REF*SI; goods are shipped on the last of their days.
    """
    first = invoices[0]
    lines = _lines([line for one in invoices for line in one.lines], policy)
    charges = _added(charge for one in invoices for charge in one.charges)
    taxes = _added(tax for one in invoices for tax in one.taxes)
    named = dict.fromkeys(shipment for one in invoices for shipment in shipments_of(one))
    others = tuple(Reference(qualifier=SHIPMENT, value=shipment) for shipment in named if shipment != first.shipment)
    made = msgspec.structs.replace(
        first,
        invoiced_on=today,
        references=(*(one for one in first.references if one.qualifier != SHIPMENT), *others),
        shipped_on=max((one.shipped_on for one in invoices if one.shipped_on), default=None),
        terms=_terms(invoices),
        lines=lines,
        charges=charges,
        taxes=taxes,
        total=invoice_total(lines, charges, taxes),
    )
    return with_dates(made, policy) if policy.dates else made


def _lines(lines: list[InvoiceLine], policy: InvoicePolicy) -> tuple[InvoiceLine, ...]:
    together: dict[tuple[str, Decimal], InvoiceLine] = {}
    for line in lines:
        key = line.number, line.unit_price
        before = together.get(key)
        together[key] = line if before is None else msgspec.structs.replace(line, quantity=before.quantity + line.quantity)
    merged = list(together.values())
    exact = [exact_amount(line.quantity, line.unit_price, line.price_basis) for line in merged]
    amounts = rounded(exact, policy.rounding)
    return tuple(msgspec.structs.replace(line, amount=amount) for line, amount in zip(merged, amounts, strict=True))


def _terms(invoices: Sequence[Invoice]) -> Terms | None:
    """Those of the first, with the discounts in money (ITD08) of all of them."""
    terms = invoices[0].terms
    amounts = [one.terms.discount_amount for one in invoices if one.terms and one.terms.discount_amount is not None]
    return msgspec.structs.replace(terms, discount_amount=total(amounts)) if terms and amounts else terms


def _added(parts: Iterable[_Part]) -> tuple[_Part, ...]:
    together: dict[_Part, Decimal] = {}
    for part in parts:
        kind = msgspec.structs.replace(part, amount=Decimal(0))
        together[kind] = together.get(kind, Decimal(0)) + (part.amount or Decimal(0))
    return tuple(msgspec.structs.replace(kind, amount=amount) for kind, amount in together.items())
