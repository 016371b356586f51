"""How a partner wants its invoices: the billing terms of the agreement an 810 would go out under, as drafts need them."""

from __future__ import annotations

from edi_gateway.order_to_cash.money import Rounding
from edi_gateway.order_to_cash.turnaround import InvoicePolicy
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.billing import Billing
from edi_gateway.trading.directory import USAGES, NoAgreement
from edi_gateway.trading.profile import Agreement, TradingPartner


def billing_agreement(unit: Unit, tools: Tools, row: DocumentRow) -> Agreement | None:
    """What is agreed for an 810 about the order a document belongs to; None where nothing is: ``compose`` will hold it."""
    partner = tools.directory.partner(row.partner)
    order = unit.threads.look(row.thread_id).thread.document_id if row.thread_id else row.id
    came = unit.transactions.of_document(order)
    today = partner.today(unit.clock.now())
    found = tools.directory.outgoing(partner, "810", USAGES[row.usage], today, came.release if came else "")
    return None if isinstance(found, NoAgreement) else found


def billing_terms(unit: Unit, tools: Tools, row: DocumentRow) -> Billing:
    """The billing terms; the usual ones where nothing is agreed."""
    agreement = billing_agreement(unit, tools, row)
    return agreement.billing if agreement else Billing()


def rounding_of(billing: Billing) -> Rounding:
    """How amounts are rounded."""
    return Rounding(half_even=billing.rounding == "half even", of_total=billing.rounded == "total")


def invoice_policy_of(billing: Billing, partner: TradingPartner) -> InvoicePolicy:
    """What drafts are made by."""
    return InvoicePolicy(
        rounding=rounding_of(billing),
        charges=partner.answers.invoice_charges,
        taxes=billing.taxes,
        tax_rates=billing.tax_rates,
        dates=billing.terms == "with dates",
    )
