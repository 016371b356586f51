"""The receivable: one invoice, what remittances say of it, and what came to the bank."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from edi_gateway.documents.base import Terms, Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.order_to_cash.last_days import discount_until, net_until
from edi_gateway.order_to_cash.money import to_cent, total


class Claim(Value, frozen=True, kw_only=True):
    """What a partner holds back of an invoice, as long as nobody has accepted it; ``question`` is its place among those of its
    remittance, from 1."""

    question: int
    amount: Decimal


class Payment(Value, frozen=True, kw_only=True):
    """What one remittance item says of an invoice; ``remittance`` and ``item`` name it, so that it counts once.

    ``net`` is the money promised, ``discount`` the cash discount we grant, ``deducted`` what the partner holds back with right,
    ``claims`` what it holds back and nobody has accepted. ``settled``: the money was matched at the bank. ``credit`` is the
    credit note of ours that the item takes, and then ``net`` is below nothing.
    """

    remittance: str
    item: int
    net: Decimal
    discount: Decimal = Decimal(0)
    deducted: Decimal = Decimal(0)
    settled: bool = False
    credit: str = ""
    claims: tuple[Claim, ...] = ()

    @property
    def claimed(self) -> Decimal:
        """All of its claims."""
        return total([claim.amount for claim in self.claims])


class Credit(Value, frozen=True, kw_only=True):
    """A credit note of ours on an invoice.

    ``covers`` is the part that meets what the partner claimed before, ``answers`` what was deducted: they have it already.
    """

    number: str
    credited_on: date
    amount: Decimal
    answers: Decimal = Decimal(0)
    covers: Decimal = Decimal(0)


class Share(Value, frozen=True, kw_only=True):
    """What of an invoice's lines is for one store: by it, its money is told by store."""

    line: str
    store: str
    amount: Decimal


class Receivable(Value, frozen=True, kw_only=True):
    """One invoice as money: ``amount`` = open + paid + discount + deducted + credited, always.

    Never is more remitted than billed. What they claim stays open until a person has accepted it. What is credited after it was
    paid makes ``open`` negative: we owe it to them, until they take the credit note out of another payment. ``shares`` are those
    of the stores, for an order of many.
    """

    invoice: str
    order_number: str
    release_number: str = ""
    shipment: str = ""
    invoiced_on: date
    currency: str = ""
    amount: Decimal
    terms: Terms | None = None
    payments: tuple[Payment, ...] = ()
    credits: tuple[Credit, ...] = ()
    shares: tuple[Share, ...] = ()

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
        """Held back by the partner, accepted by us or written off, and not credited since."""
        return total([payment.deducted for payment in self.payments]) - total([credit.answers for credit in self.credits])

    @property
    def claimed(self) -> Decimal:
        """Held back by the partner, and not accepted: still open, but for what was paid or credited since."""
        claims = total([payment.claimed for payment in self.payments]) - total([credit.covers for credit in self.credits])
        return max(min(claims, self.left), Decimal(0))

    @property
    def credited(self) -> Decimal:
        """Taken back by credit notes of ours."""
        return total([credit.amount for credit in self.credits])

    @property
    def left(self) -> Decimal:
        """What no remittance promised money for: what nobody has spoken of yet, and what they claim."""
        return self.amount - self.credited - self.remitted - self.discount - self.deducted

    @property
    def unremitted(self) -> Decimal:
        """What no remittance has spoken of yet."""
        return self.left - self.claimed

    @property
    def open(self) -> Decimal:
        """What is still to come to the bank."""
        return self.amount - self.credited - self.paid - self.discount - self.deducted

    @property
    def untaken(self) -> Decimal:
        """What of its credit notes no remittance took by their numbers; a payment of what is left alone takes them silently."""
        return total([self.left_of(credit) for credit in self.credits])

    @property
    def is_paid_on(self) -> bool:
        """Whether a remittance promised money for it."""
        return any(payment.net > 0 for payment in self.payments)

    def left_of(self, credit: Credit) -> Decimal:
        """What of a credit note is theirs to take: not what they held back before, nor what was taken by its number."""
        taken = total([payment.net for payment in self.payments if payment.credit == credit.number])
        return max(credit.amount - credit.answers - credit.covers + taken, Decimal(0))

    @property
    def due_on(self) -> date:
        """The last day to pay it, and not before that of its discount; without either, the day it was billed.

        Days count from the day it was billed, whatever else they are to count from: nobody here knows when goods arrive.
        """
        terms = self.terms or Terms()
        return net_until(terms, self.invoiced_on) or discount_until(terms, self.invoiced_on) or self.invoiced_on

    def discount_allowed(self, on: date | None) -> Decimal:
        """The cash discount the terms grant for a payment effective ``on``: percent of what is not credited, within its days.

        A stated amount (ITD08) goes before the percent. Terms without a limit grant it at any time; an unknown date earns
        nothing that has a limit.
        """
        terms = self.terms
        if terms is None:
            return Decimal(0)
        until = discount_until(terms, self.invoiced_on)
        if until is not None and (on is None or on > until):
            return Decimal(0)
        left = self.amount - self.credited
        if terms.discount_amount is not None:
            return to_cent(terms.discount_amount * left / self.amount) if self.credits else terms.discount_amount
        return to_cent(left * (terms.discount_percent or Decimal(0)) / 100)

    def with_payment(self, payment: Payment) -> Receivable:
        """The receivable with one more payment on it."""
        return msgspec.structs.replace(self, payments=(*self.payments, payment))

    def with_credit(self, number: str, amount: Decimal, on: date) -> Receivable:
        """The receivable with a credit note on it: it takes what is still to come, then what was held back, then money paid."""
        rest = max(amount - self.unremitted, Decimal(0))
        covers = min(rest, self.claimed)
        answers = min(rest - covers, self.deducted)
        credit = Credit(number=number, credited_on=on, amount=amount, answers=answers, covers=covers)
        return msgspec.structs.replace(self, credits=(*self.credits, credit))

    def with_payment_anew(self, payment: Payment) -> Receivable:
        """The receivable with a payment it has as that is said now; whether it is settled stays."""
        here = payment.remittance, payment.item, payment.credit
        payments = (
            msgspec.structs.replace(payment, settled=known.settled)
            if (known.remittance, known.item, known.credit) == here
            else known
            for known in self.payments
        )
        return msgspec.structs.replace(self, payments=tuple(payments))

    def with_settled(self, remittance: str, settled: bool = True) -> Receivable:
        """The receivable with what this remittance promised matched at the bank; or no more, since the bank took it back."""
        changed = (
            msgspec.structs.replace(payment, settled=settled) if payment.remittance == remittance else payment
            for payment in self.payments
        )
        return msgspec.structs.replace(self, payments=tuple(changed))


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
