"""What comes of a remittance: what was applied, what a person is asked, and what holds it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from edi_gateway.documents.base import Value
from edi_gateway.documents.remittance import Remittance
from edi_gateway.order_to_cash.disagreement import Disagreement
from edi_gateway.order_to_cash.money import total
from edi_gateway.order_to_cash.receivable import Payment

QuestionKind: TypeAlias = Literal[
    "unknown invoice",
    "several invoices",
    "says otherwise",
    "negative payment",
    "credit differs",
    "credit taken twice",
    "credit not taken",
    "item does not add up",
    "short pay",
    "overpay",
    "discount not earned",
    "deduction",
    "addition",
    "adjustment",
]

ON_ACCOUNT: frozenset[QuestionKind] = frozenset(
    (
        "unknown invoice",
        "several invoices",
        "says otherwise",
        "credit differs",
        "credit taken twice",
        "overpay",
        "negative payment",
    )
)
"""Questions about money that lies on no invoice."""


class Question(Value, frozen=True, kw_only=True):
    """Something for a person. ``item`` is the position of the remittance item (from 1), None for what stands outside items.

    ``amount`` is the money it is about, ``suggestions`` invoices it may belong to: never applied by themselves. ``invoice`` is
    the one it was applied to, ``reason`` the payer's code for an adjustment (X12 data element 426), ``credit`` the credit note of
    ours that is spoken of.
    """

    kind: QuestionKind
    message: str
    item: int | None = None
    amount: Decimal = Decimal(0)
    suggestions: tuple[str, ...] = ()
    invoice: str = ""
    reason: str = ""
    credit: str = ""


class AppliedItem(Value, frozen=True, kw_only=True):
    """One remittance item on one invoice. ``over`` is what was paid beyond the invoice: kept on account, on no invoice.

    A credit note that is taken is on the invoice it is of, as a payment below nothing.
    """

    invoice: str
    matched_by: Literal["invoice number", "order number", "credit note"]
    payment: Payment
    over: Decimal = Decimal(0)


class Deposit(Value, frozen=True, kw_only=True):
    """Money at the bank: the trace the bank's entry carries, how much, on which day; without a currency, nobody said which."""

    trace: str
    amount: Decimal
    on: date
    method: str = ""
    currency: str = ""


class Application(Value, frozen=True, kw_only=True):
    """A remittance applied. With ``holds``, nothing is: a person decides first.

    Money is conserved: ``amount`` = ``applied_amount`` + ``unapplied`` + ``adjusted``; all of it in one ``currency``, which is
    that of the remittance, or of what it pays or is settled by where it names none.
    """

    remittance: str  # its key: payer and trace
    trace: str
    amount: Decimal
    applied: tuple[AppliedItem, ...] = ()
    unapplied: Decimal = Decimal(0)  # paid for invoices we do not know, or beyond an invoice
    adjusted: Decimal = Decimal(0)  # adjustments outside items
    questions: tuple[Question, ...] = ()
    holds: tuple[Disagreement, ...] = ()
    settled_by: Deposit | None = None
    currency: str = ""

    @property
    def applied_amount(self) -> Decimal:
        """The money that went onto invoices."""
        return total([item.payment.net for item in self.applied])

    @property
    def nets_to_nothing(self) -> bool:
        """Whether no money is remitted and all of it lies on invoices: what is paid on one is taken off another."""
        return not (self.holds or self.amount or self.unapplied or self.adjusted)


def is_charge(question: Question) -> bool:
    """Whether it is about money that they took off the remittance for no invoice it pays."""
    return question.amount < 0 and (question.kind == "adjustment" or question.kind in ON_ACCOUNT)


def remittance_key(remittance: Remittance) -> str:
    """What makes a remittance one and the same: who pays, and under which trace."""
    payer = remittance.payer
    return f"{(payer.id or payer.name) if payer else ''}/{remittance.trace}"
