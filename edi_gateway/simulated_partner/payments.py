"""The 820 of a buyer: which invoices it pays, what it keeps back, and when the money moves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.party import Party
from edi_gateway.documents.remittance import Remittance, RemittanceAdjustment, RemittanceItem
from edi_gateway.simulated_partner.habits import ShortPayment
from edi_gateway.trading.profile import OurIdentity, TradingPartner

SETTLES_AFTER = timedelta(days=2)


def remittance_for(
    invoices: Sequence[Invoice],
    partner: TradingPartner,
    supplier: OurIdentity,
    *,
    trace: str,
    on: date,
    short: ShortPayment | None = None,
) -> Remittance:
    """One remittance by ACH: an item an invoice, each net of what is kept back of it (which an ADX under it explains)."""
    items = tuple(_item(invoice, short) for invoice in invoices)
    return Remittance(
        amount=sum((item.paid for item in items), Decimal(0)),
        handling="payment with remittance",
        method="ACH",
        payment_format="CTX",
        effective_on=on,
        trace=trace,
        currency=partner.currency,
        payer=Party(role="PR", name=partner.title),
        payee=Party(role="PE", name=supplier.remit_to.name if supplier.remit_to else supplier.title),
        items=items,
    )


def _item(invoice: Invoice, short: ShortPayment | None) -> RemittanceItem:
    kept = min(short.amount, invoice.total) if short else Decimal(0)
    return RemittanceItem(
        qualifier="IV",
        reference=invoice.number,
        paid=invoice.total - kept,
        gross=invoice.total,
        order_number=invoice.order_number,
        invoiced_on=invoice.invoiced_on,
        adjustments=(_kept_back(kept, short),) if short and kept else (),
    )


def _kept_back(amount: Decimal, short: ShortPayment) -> RemittanceAdjustment:
    """Their debit memo, where it has a number."""
    qualifier = "DB" if short.reference else ""
    return RemittanceAdjustment(amount=-amount, reason=short.reason, reference=short.reference, qualifier=qualifier)
