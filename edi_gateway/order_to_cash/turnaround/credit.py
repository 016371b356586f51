"""The credit note drafted from the invoice it takes back part of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import msgspec

from edi_gateway.documents.base import Charge, Reference, Tax
from edi_gateway.documents.invoice import Invoice, InvoiceLine
from edi_gateway.errors import NeedsPerson
from edi_gateway.order_to_cash.credit import CREDIT, OF_INVOICE, credit_reference, takes_quantity
from edi_gateway.order_to_cash.facts import BilledLine, Credited
from edi_gateway.order_to_cash.money import USUAL, Rounding, exact_amount, rounded, to_cent, total
from edi_gateway.order_to_cash.turnaround.charges import of_amount
from edi_gateway.order_to_cash.turnaround.invoice import invoice_total
from edi_gateway.order_to_cash.turnaround.lines import on_basis


def draft_credit(
    invoice: Invoice, credited: Credited, *, today: date, before: Sequence[Invoice] = (), rounding: Rounding = USUAL
) -> Invoice:
    """The credit note (BIG07 CR) for part of an invoice, with the invoice's words and its own number and lines.

    Where quantities are taken back, so are the invoice's charges and taxes, by the share of its lines: ``before`` are the credit
    notes of it there were, so that the shares of all of them add up to the whole. A price taken back takes its share of the taxes
    alone; what quantities take of the charges is by the prices they were billed at. Raises NeedsPerson for a line the invoice
    does not have.
    """
    lines = _lines(invoice, credited.lines, rounding)
    net = total([line.amount for line in lines])
    whole = total([line.amount for line in invoice.lines])
    taken = total([line.amount for one in before for line in one.lines])
    gone = [line for one in before if takes_quantity(one) for line in one.lines]
    goods, after = _goods(invoice, gone), _goods(invoice, [*gone, *lines])
    charges = _charges(invoice, goods, after, whole) if credited.why != "price" else ()
    taxes = _taxes(invoice, taken, taken + net, whole)
    return msgspec.structs.replace(
        invoice,
        number=credited.credit,
        type=CREDIT,
        invoiced_on=today,
        references=_references(invoice, credited),
        terms=None,
        charges=charges,
        taxes=taxes,
        lines=lines,
        total=invoice_total(lines, charges, taxes),
        units_shipped=None,
        units_shipped_unit="",
    )


def _references(invoice: Invoice, credited: Credited) -> tuple[Reference, ...]:
    """Those of the invoice; of REF*OI one alone, to the invoice itself."""
    others = (one for one in invoice.references if one.qualifier != OF_INVOICE)
    return (*others, credit_reference(invoice.number, credited.why))


def _lines(invoice: Invoice, credited: tuple[BilledLine, ...], rounding: Rounding) -> tuple[InvoiceLine, ...]:
    billed = [_line_of(invoice, line) for line in credited]
    credited = tuple(on_basis(c, line.price_basis) for c, line in zip(credited, billed, strict=True))
    exact = [exact_amount(c.quantity, c.unit_price, line.price_basis) for c, line in zip(credited, billed, strict=True)]
    amounts = rounded(exact, rounding)
    return tuple(
        msgspec.structs.replace(line, quantity=c.quantity, unit_price=c.unit_price, amount=amount, charges=(), taxes=())
        for c, line, amount in zip(credited, billed, amounts, strict=True)
    )


def _line_of(invoice: Invoice, credited: BilledLine) -> InvoiceLine:
    """The line it was billed on; where one number was billed at several prices, the one of the same price."""
    number = credited.line_number
    if found := [line for line in invoice.lines if line.number == number]:
        same = (line for line in found if line.unit_price == on_basis(credited, line.price_basis).unit_price)
        return next(same, found[0])
    known = ", ".join(line.number for line in invoice.lines)
    raise NeedsPerson(f"invoice {invoice.number} has no line {number} (it has {known})", do="credit a line that was billed on it")


def _goods(invoice: Invoice, lines: Sequence[InvoiceLine]) -> Decimal:
    """What quantities come to as they were billed: those of a line number that was billed at several prices, on average."""
    billed: dict[str, tuple[Decimal, Decimal]] = {}
    for line in invoice.lines:
        quantity, amount = billed.get(line.number, (Decimal(0), Decimal(0)))
        billed[line.number] = quantity + line.quantity, amount + line.amount
    sums = (billed[line.number][1] * line.quantity / billed[line.number][0] for line in lines if billed[line.number][0])
    return to_cent(sum(sums, Decimal(0)))


def _charges(invoice: Invoice, before: Decimal, after: Decimal, whole: Decimal) -> tuple[Charge, ...]:
    every = (*invoice.charges, *(charge for line in invoice.lines for charge in line.charges))
    parts = ((charge, _between(charge.amount, before, after, whole)) for charge in every)
    return tuple(of_amount(charge, part) for charge, part in parts if part)


def _taxes(invoice: Invoice, before: Decimal, after: Decimal, whole: Decimal) -> tuple[Tax, ...]:
    every = (*invoice.taxes, *(tax for line in invoice.lines for tax in line.taxes))
    parts = ((tax, _between(tax.amount or Decimal(0), before, after, whole)) for tax in every)
    return tuple(msgspec.structs.replace(tax, amount=part) for tax, part in parts if part)


def _between(amount: Decimal, before: Decimal, after: Decimal, whole: Decimal) -> Decimal:
    """The part of an amount that falls between two running sums of the whole."""
    return to_cent(amount * after / whole) - to_cent(amount * before / whole) if whole else Decimal(0)
