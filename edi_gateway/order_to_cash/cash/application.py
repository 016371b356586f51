"""Applies a remittance to open receivables."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from edi_gateway.documents.remittance import Remittance, RemittanceItem
from edi_gateway.order_to_cash.cash.matching import Match, match
from edi_gateway.order_to_cash.cash.outcome import Application, AppliedItem, Question, QuestionKind, remittance_key
from edi_gateway.order_to_cash.disagreement import Disagreement, Kind
from edi_gateway.order_to_cash.money import total
from edi_gateway.order_to_cash.receivable import Payment, Receivable

PRENOTIFICATION = "prenotification"  # BPR01 P: the account is tried out before money is sent


def apply(remittance: Remittance, receivables: Iterable[Receivable], *, seen: Collection[str] = ()) -> Application:
    """What ``remittance`` says of a partner's ``receivables``. Changes none of them; ``progress.remit`` does.

    ``seen`` are the keys (``remittance_key``) of this partner's earlier remittances. A total that is off by a cent, a key seen
    before, a debit, another currency or no trace hold the whole. An item that fits no invoice holds only itself. A
    prenotification without money says nothing of any invoice.
    """
    key = remittance_key(remittance)
    by_invoice = {receivable.invoice: receivable for receivable in receivables}
    if remittance.handling == PRENOTIFICATION and not remittance.amount:
        return Application(remittance=key, trace=remittance.trace, amount=remittance.amount)
    if holds := (*_holds(remittance, seen), *_other_currencies(remittance, by_invoice)):
        return Application(remittance=key, trace=remittance.trace, amount=remittance.amount, holds=holds)
    applied: list[AppliedItem] = []
    questions: list[Question] = []
    unapplied = Decimal(0)
    for position, item in enumerate(remittance.items, start=1):
        found = match(item, by_invoice)
        if found.receivable is None or item.paid < 0 or (item.discount or 0) < 0:
            unapplied += item.paid
            questions.append(_not_applied(item, position, found))
            continue
        share = _share(item, found.receivable, remittance.effective_on)
        payment = Payment(remittance=key, item=position, net=share.net, discount=share.discount, deducted=share.deducted)
        after = found.receivable.with_payment(payment)
        by_invoice[after.invoice] = after
        applied.append(AppliedItem(invoice=after.invoice, matched_by=found.by, payment=payment, over=item.paid - share.net))
        unapplied += item.paid - share.net
        questions += _questions(item, position, share, after)
    questions += [
        Question(
            kind="adjustment",
            message=f"{_signed(a.amount)} outside any item{_because(a.reason)}",
            amount=a.amount,
            reason=a.reason,
        )
        for a in remittance.adjustments
    ]
    return Application(
        remittance=key,
        trace=remittance.trace,
        amount=remittance.amount,
        applied=tuple(applied),
        unapplied=unapplied,
        adjusted=total([adjustment.amount for adjustment in remittance.adjustments]),
        questions=tuple(questions),
    )


class _Share(NamedTuple):
    """How an item's claims fall on the invoice; together never more than is left of it."""

    net: Decimal
    discount: Decimal
    deducted: Decimal


def _share(item: RemittanceItem, receivable: Receivable, on: date | None) -> _Share:
    """Money first, then the discount that is earned, then deductions (ADX under the item, already inside its net)."""
    left = max(receivable.unremitted, Decimal(0))
    net = min(item.paid, left)
    earned = max(receivable.discount_allowed(on) - receivable.discount, Decimal(0))
    discount = min(item.discount or Decimal(0), earned, left - net)
    return _Share(net, discount, min(_deducted(item), left - net - discount))


def _deducted(item: RemittanceItem) -> Decimal:
    return -total([adjustment.amount for adjustment in item.adjustments if adjustment.amount < 0])


def _questions(item: RemittanceItem, position: int, share: _Share, after: Receivable) -> list[Question]:
    asked: list[Question] = []

    def ask(kind: QuestionKind, amount: Decimal, message: str, code: str = "") -> None:
        asked.append(Question(kind=kind, message=message, item=position, amount=amount, invoice=after.invoice, reason=code))

    inside = total([adjustment.amount for adjustment in item.adjustments])
    if item.gross is not None and item.gross - (item.discount or 0) + inside != item.paid:
        off = item.gross - (item.discount or 0) + inside - item.paid
        ask("item does not add up", off, f"gross less discount and adjustments is {off} away from the {item.paid} paid")
    if unearned := (item.discount or Decimal(0)) - share.discount:
        ask("discount not earned", unearned, f"discount of {item.discount} taken, {share.discount} granted by the terms")
    for adjustment in item.adjustments:
        kind: QuestionKind = "deduction" if adjustment.amount < 0 else "addition"
        said = f"{_signed(adjustment.amount)} on invoice {after.invoice}{_because(adjustment.reason)}"
        ask(kind, abs(adjustment.amount), said, adjustment.reason)
    if over := item.paid - share.net:
        ask("overpay", over, f"{over} more than was left of invoice {after.invoice}")
    if after.unremitted:
        ask("short pay", after.unremitted, f"{after.unremitted} of invoice {after.invoice} left unspoken of")
    return asked


def _not_applied(item: RemittanceItem, position: int, found: Match) -> Question:
    if found.receivable is not None:
        return Question(
            kind="negative payment",
            message=f"{item.paid} on invoice {found.receivable.invoice}: money taken back, or a credit",
            item=position,
            amount=item.paid,
            suggestions=(found.receivable.invoice,),
        )
    if found.otherwise:
        return Question(
            kind="says otherwise", message=found.otherwise, item=position, amount=item.paid, suggestions=found.suggestions
        )
    if found.several:
        return Question(
            kind="several invoices",
            message=f"{item.reference} has several open invoices",
            item=position,
            amount=item.paid,
            suggestions=found.suggestions,
        )
    return Question(
        kind="unknown invoice",
        message=f"we have no open invoice {item.reference}",
        item=position,
        amount=item.paid,
        suggestions=found.suggestions,
    )


def _holds(remittance: Remittance, seen: Collection[str]) -> list[Disagreement]:
    holds: list[Disagreement] = []

    def hold(kind: Kind, message: str) -> None:
        holds.append(Disagreement(kind=kind, message=message, place=remittance.trace))

    if not remittance.trace:
        hold("no trace", "without a trace (TRN02) neither its deposit nor a second copy of it could be recognized")
    elif remittance_key(remittance) in seen:
        hold("remitted twice", f"a remittance with trace {remittance.trace} came from this payer before")
    if remittance.credit_or_debit != "C":
        hold("no credit", "it is a debit: money goes back to the payer")
    named = total([item.paid for item in remittance.items]) + total([a.amount for a in remittance.adjustments])
    if named != remittance.amount:
        hold("totals disagree", f"items and adjustments come to {named}, the payment is {remittance.amount}")
    return holds


def _other_currencies(remittance: Remittance, by_invoice: dict[str, Receivable]) -> list[Disagreement]:
    matched = [found.receivable for item in remittance.items if (found := match(item, by_invoice)).receivable]
    return [
        Disagreement(
            kind="another currency",
            message=f"paid in {remittance.currency}, invoice {receivable.invoice} is in {receivable.currency}",
            place=receivable.invoice,
        )
        for receivable in matched
        if receivable and remittance.currency and receivable.currency and receivable.currency != remittance.currency
    ]


def _signed(amount: Decimal) -> str:
    return f"{abs(amount)} {'deducted' if amount < 0 else 'added'}"


def _because(reason: str) -> str:
    return f", reason {reason}" if reason else ""
