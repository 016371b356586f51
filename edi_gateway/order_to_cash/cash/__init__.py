"""Cash application: what an 820 says of open invoices, and what came to the bank.

An 820 is advice, not money: ``apply`` makes receivables remitted; ``settle`` makes them paid, when a deposit with its trace and
its very amount is at the bank.
"""

from edi_gateway.order_to_cash.cash.application import apply, is_prenotification, with_suggestions
from edi_gateway.order_to_cash.cash.charges import balanced, claimed_by, decided
from edi_gateway.order_to_cash.cash.credits import numbers_in
from edi_gateway.order_to_cash.cash.outcome import ON_ACCOUNT, Application, AppliedItem, Deposit, Question, remittance_key
from edi_gateway.order_to_cash.cash.settlement import Settlement, settle

__all__ = [
    "ON_ACCOUNT",
    "Application",
    "AppliedItem",
    "Deposit",
    "Question",
    "Settlement",
    "apply",
    "balanced",
    "claimed_by",
    "decided",
    "is_prenotification",
    "numbers_in",
    "remittance_key",
    "settle",
    "with_suggestions",
]
