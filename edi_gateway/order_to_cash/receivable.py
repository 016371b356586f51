"""The receivable: one invoice, what remittances say of it, and what came to the bank."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import msgspec

from edi_gateway.documents.base import Terms, Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.order_to_cash.money import to_cent, total


class Payment(Value, frozen=True, kw_only=True):
    """What one remittance item says of an invoice; ``remittance`` and ``item`` name it, so that it counts once.

    ``net`` is the money promised, ``discount`` the cash discount we grant, ``deducted`` what the partner holds back for a named
    reason. ``settled``: the money was matched at the bank.
    """

    remittance: str
    item: int
    net: Decimal
    discount: Decimal = Decimal(0)
    deducted: Decimal = Decimal(0)
    settled: bool = False


class Receivable(Value, frozen=True, kw_only=True):
    """One invoice as money: ``amount`` = open + paid + discount + deducted, always; and never is more remitted than billed."""

    invoice: str
    order_number: str
    release_number: str = ""
    shipment: str = ""
    invoiced_on: date
    currency: str = ""
    amount: Decimal
    terms: Terms | None = None
    payments: tuple[Payment, ...] = ()

    @property
    def remitted(self) -> Decimal:
        """Money an 820 has promised, come or not."""
        return total([payment.net for payment in self.payments])

    @property
    def paid(self) -> Decimal:
        """Money matched at the bank; never more than was remitted."""
        return total([payment.net for payment in self.payments if payment.settled])

    @property
    def discount(self) -> Decimal:
        """Cash discount granted."""
        return total([payment.discount for payment in self.payments])

    @property
    def deducted(self) -> Decimal:
        """Held back by the partner with a reason: a claim for a person to accept or dispute."""
        return total([payment.deducted for payment in self.payments])

    @property
    def unremitted(self) -> Decimal:
        """What no remittance has spoken of yet."""
        return self.amount - self.remitted - self.discount - self.deducted

    @property
    def open(self) -> Decimal:
        """What is still to come to the bank."""
        return self.amount - self.paid - self.discount - self.deducted

    @property
    def due_on(self) -> date | None:
        """The last day to pay it: a stated date (ITD06) goes before the days (ITD07); None where the terms name neither."""
        terms = self.terms
        if terms is None or (terms.net_due_on is None and terms.net_days is None):
            return None
        return terms.net_due_on or self.invoiced_on + timedelta(days=terms.net_days or 0)

    def discount_allowed(self, on: date | None) -> Decimal:
        """The cash discount the terms grant for a payment effective ``on``: percent of the invoice total, within its days.

        A due date in the terms (ITD04) goes before the days (ITD05), a stated amount (ITD08) before the percent. Terms without
        a limit grant it at any time; an unknown date earns nothing that has a limit.
        """
        terms = self.terms
        if terms is None:
            return Decimal(0)
        until = terms.discount_due_on
        if until is None and terms.discount_days is not None:
            until = self.invoiced_on + timedelta(days=terms.discount_days)
        if until is not None and (on is None or on > until):
            return Decimal(0)
        if terms.discount_amount is not None:
            return terms.discount_amount
        return to_cent(self.amount * (terms.discount_percent or Decimal(0)) / 100)

    def with_payment(self, payment: Payment) -> Receivable:
        """The receivable with one more payment on it."""
        return msgspec.structs.replace(self, payments=(*self.payments, payment))

    def with_settled(self, remittance: str) -> Receivable:
        """The receivable with what this remittance promised matched at the bank."""
        settled = (
            msgspec.structs.replace(payment, settled=True) if payment.remittance == remittance else payment
            for payment in self.payments
        )
        return msgspec.structs.replace(self, payments=tuple(settled))


def receivable_of(invoice: Invoice) -> Receivable:
    """What an invoice makes us owed."""
    return Receivable(
        invoice=invoice.number,
        order_number=invoice.order_number,
        release_number=invoice.release_number,
        shipment=invoice.shipment,
        invoiced_on=invoice.invoiced_on,
        currency=invoice.currency,
        amount=invoice.total,
        terms=invoice.terms,
    )
