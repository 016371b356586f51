"""The remittance: which invoices a payment is for (820). It is advice, not money."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi_gateway.documents.base import DateOf, Extra, Reference, Value
from edi_gateway.documents.party import Party


class RemittanceAdjustment(Value, frozen=True, kw_only=True):
    """An ADX: a deduction (negative) or addition, and why. One under an item is already inside that item's ``paid``."""

    amount: Decimal
    reason: str = ""
    reference: str = ""
    qualifier: str = ""  # what the reference is: CM credit memo, DB debit memo …
    references: tuple[Reference, ...] = ()


class RemittanceItem(Value, frozen=True, kw_only=True):
    """An RMR: what is paid of one invoice. ``paid`` is net (RMR04); ``gross`` RMR05; ``discount`` RMR06."""

    qualifier: str  # IV invoice, PO order, …
    reference: str
    paid: Decimal
    gross: Decimal | None = None
    discount: Decimal | None = None
    order_number: str = ""
    invoiced_on: date | None = None
    action: str = ""  # RMR03: PI pay item, PO payment on account …
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()
    adjustments: tuple[RemittanceAdjustment, ...] = ()


class BankAccount(Value, frozen=True, kw_only=True):
    """An account money moves from or to (BPR06 to 09, BPR12 to 15): the bank and the account, each with what its number is."""

    bank_qualifier: str = ""
    bank: str = ""
    account_qualifier: str = ""
    account: str = ""


class Remittance(Value, frozen=True, kw_only=True):
    """``amount`` is BPR02; ``trace`` TRN02, by which the bank's entry is found; ``effective_on`` when the money moves (BPR16)."""

    amount: Decimal
    credit_or_debit: str = "C"
    method: str = ""  # BPR04: ACH, CHK, FWT, NON …
    effective_on: date | None = None
    trace: str = ""
    currency: str = ""
    payer: Party | None = None
    payee: Party | None = None
    items: tuple[RemittanceItem, ...] = ()
    adjustments: tuple[RemittanceAdjustment, ...] = ()
    handling: str = ""  # our word for BPR01: payment with remittance, remittance only …
    payment_format: str = ""  # BPR05: CTX, CCP …
    from_account: BankAccount | None = None
    to_account: BankAccount | None = None
    originator: str = ""  # BPR10
    trace_type: str = ""  # TRN01: 1 current transaction, 3 financial reassociation
    trace_originator: str = ""  # TRN03
    references: tuple[Reference, ...] = ()
    dates: tuple[DateOf, ...] = ()
    parties: tuple[Party, ...] = ()
    extras: tuple[Extra, ...] = ()
