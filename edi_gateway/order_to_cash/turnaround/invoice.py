"""The 810 drafted from the 850, the 856 and what was billed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec

from edi_gateway.documents.base import Charge, Tax
from edi_gateway.documents.invoice import Invoice, InvoiceLine
from edi_gateway.documents.order import Order
from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.errors import NeedsPerson
from edi_gateway.order_to_cash.credit import OF_INVOICE
from edi_gateway.order_to_cash.facts import Billed, BilledLine
from edi_gateway.order_to_cash.money import USUAL, Rounding, exact_amount, rounded, to_cent, total
from edi_gateway.order_to_cash.turnaround.lines import line_of, on_basis
from edi_gateway.order_to_cash.turnaround.proportion import Proportion, charges_of, is_due, proportion, stated_taxes_of, terms_of
from edi_gateway.order_to_cash.turnaround.terms import terms_with_dates

SHIPMENT = "SI"  # REF01: shipper's identifying number, one for each shipment billed
_MAY_BE_PERCENTS = Decimal("0.1")  # there are taxes of ten percent, and of a tenth of one; none of much less


class InvoicePolicy(NamedTuple):
    """How a partner wants its invoices, as its agreement says.

    ``charges`` and ``taxes`` "in proportion" take over the order's (SAC, TXI), each by the share of the order billed;
    ``tax_rates`` is how it writes a tax of 8.25 percent: .0825 as X12 has it, or 8.25; None: it is not said, and a rate that
    may be either is asked about. ``dates``: the terms with their days worked out.
    """

    rounding: Rounding = USUAL
    charges: Literal["none", "in proportion"] = "none"
    taxes: Literal["none", "in proportion"] = "none"
    dates: bool = False
    tax_rates: Literal["decimals", "percents"] | None = None


def draft_invoice(
    order: Order,
    billed: Billed,
    notice: ShipNotice | None,
    *,
    today: date,
    currency: str = "",
    charges: Literal["none", "in proportion"] = "none",
    policy: InvoicePolicy | None = None,
    before: Sequence[Invoice] = (),
    remit_to: Party | None = None,
    store: Party | None = None,
) -> Invoice:
    """The invoice for one shipment: quantities billed × price, each line to the cent, terms as the order stated them.

    ``policy`` says what the partner wants otherwise (alone, ``charges`` is short for one of its words). ``before`` are the
    order's earlier invoices and credit notes, so that the shares of all of them add up exactly; a discount that the order states
    as an amount (ITD08) goes by shares too. ``currency`` stands in where the order names none; ``store`` is the one store it is
    for. The order's references go with it, but for those that say on an invoice what it is of (REF*OI) and which shipments it
    bills (REF*SI): these are ours.
    Raises NeedsPerson when a billed line is not on the order, and where the order does not say how much a charge or a tax is.
    """
    policy = policy or InvoicePolicy(charges=charges)
    lines = _lines(order, billed.lines, policy.rounding)
    share = proportion(order, billed.lines, before)
    shares = charges_of(order, share) if policy.charges == "in proportion" else ()
    taxes = _taxes(order, lines, shares, share, policy) if policy.taxes == "in proportion" else ()
    made = Invoice(
        number=billed.invoice,
        invoiced_on=today,
        order_number=order.number,
        ordered_on=order.ordered_on,
        release_number=order.release_number,
        currency=order.currency or currency,
        department=order.department,
        vendor_number=order.vendor_number,
        shipment=billed.shipment,
        bill_of_lading=notice.bill_of_lading if notice else "",
        shipped_on=notice.shipped_on if notice else None,
        carrier=notice.carrier if notice else None,
        ship_to=order.ship_to,
        bill_to=order.bill_to,
        remit_to=remit_to,
        references=tuple(one for one in order.references if one.qualifier not in (OF_INVOICE, SHIPMENT)),
        terms=terms_of(order, share),
        freight=order.freight,
        charges=shares,
        taxes=taxes,
        lines=lines,
        parties=(store,) if store else (),
        total=invoice_total(lines, shares, taxes),
    )
    return with_dates(made, policy) if policy.dates else made


def with_dates(invoice: Invoice, policy: InvoicePolicy) -> Invoice:
    """The invoice with the days and the discount of its terms worked out of its own date and total."""
    terms = terms_with_dates(
        invoice.terms,
        invoiced_on=invoice.invoiced_on,
        shipped_on=invoice.shipped_on,
        total=invoice.total,
        rounding=policy.rounding,
    )
    return msgspec.structs.replace(invoice, terms=terms)


def invoice_total(lines: tuple[InvoiceLine, ...], charges: tuple[Charge, ...], taxes: tuple[Tax, ...] = ()) -> Decimal:
    """What is to be paid (TDS01): lines + charges − allowances + taxes."""
    return total([line.amount for line in lines]) + _signed(charges) + total([tax.amount or Decimal(0) for tax in taxes])


def _signed(charges: tuple[Charge, ...]) -> Decimal:
    return total([charge.signed for charge in charges])


def _lines(order: Order, billed: tuple[BilledLine, ...], rounding: Rounding) -> tuple[InvoiceLine, ...]:
    asked = [line_of(order, line.line_number) for line in billed]
    billed = tuple(on_basis(b, line.price_basis) for b, line in zip(billed, asked, strict=True))
    exact = [exact_amount(b.quantity, b.unit_price, line.price_basis) for b, line in zip(billed, asked, strict=True)]
    return tuple(
        InvoiceLine(
            number=line.number,
            quantity=b.quantity,
            unit=line.unit,
            unit_price=b.unit_price,
            price_basis=line.price_basis,
            amount=amount,
            item_ids=line.item_ids,
            description=line.description,
        )
        for b, line, amount in zip(billed, asked, rounded(exact, rounding), strict=True)
    )


def _taxes(
    order: Order, lines: tuple[InvoiceLine, ...], charges: tuple[Charge, ...], share: Proportion, policy: InvoicePolicy
) -> tuple[Tax, ...]:
    """The order's taxes: a rate of what is billed here (of a line's tax, of that line); a stated amount by its share."""
    amounts = {
        number: total([line.amount for line in lines if line.number == number]) for number in {one.number for one in lines}
    }
    everything = total(list(amounts.values())) + _signed(charges)
    asked = [(tax, everything) for tax in order.taxes]
    asked += [(tax, amounts.get(line.number, Decimal(0))) for line in order.lines for tax in line.taxes]
    made = (
        msgspec.structs.replace(tax, amount=to_cent(taxed * _rate(tax, tax.percent, policy), policy.rounding))
        for tax, taxed in asked
        if tax.percent is not None and is_due(tax)
    )
    return (*(tax for tax in made if tax.amount), *stated_taxes_of(order, share))


def _rate(tax: Tax, written: Decimal, policy: InvoicePolicy) -> Decimal:
    """What part of an amount the tax is. By X12 element 954 is a "percentage as decimal": 12 percent are .12 (RFI 11).

    Half a percent, written as a percent, looks like a half. So what is no decimal for sure is asked about until it is said.
    """
    if policy.tax_rates == "percents":
        return written / 100
    if written >= (1 if policy.tax_rates == "decimals" else _MAY_BE_PERCENTS):
        by_x12 = f"{(written * 100).normalize():f} percent"
        raise NeedsPerson(
            f"the order's tax {tax.type} has the rate (TXI03) {written}, by X12 {by_x12}, or {written} if they write percents",
            do="say which in the billing of its agreement, `tax_rates: decimals` or `tax_rates: percents`, and resume it",
        )
    return written
