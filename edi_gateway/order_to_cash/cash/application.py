"""Applies a remittance to open receivables."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import msgspec

from edi_gateway.documents.remittance import Remittance, RemittanceItem
from edi_gateway.order_to_cash.cash.charges import with_charges
from edi_gateway.order_to_cash.cash.credits import (
    OfCredit,
    Part,
    adds_up,
    away,
    credit_of,
    numbers_of,
    parts_of,
    why_not_taken,
)
from edi_gateway.order_to_cash.cash.matching import Match, likely, match
from edi_gateway.order_to_cash.cash.outcome import Application, AppliedItem, Question, QuestionKind, remittance_key
from edi_gateway.order_to_cash.disagreement import Disagreement, Kind
from edi_gateway.order_to_cash.money import same_currency, total
from edi_gateway.order_to_cash.receivable import Claim, Credit, Payment, Receivable

PRENOTIFICATION = "prenotification"  # BPR01 P: the account is tried out before money is sent


def apply(remittance: Remittance, receivables: Iterable[Receivable], *, seen: Collection[str] = ()) -> Application:
    """What ``remittance`` says of a partner's ``receivables``. Changes none of them; ``progress.remit`` does.

    ``seen`` are the keys (``remittance_key``) of this partner's earlier remittances. A total that is off by a cent, a key seen
    before, a debit, another currency or no trace hold the whole. An item that fits no invoice holds only itself. A credit note
    of ours is taken off the invoice it is of (``credits``). A prenotification without money says nothing of any invoice.
    """
    key = remittance_key(remittance)
    by_invoice = {receivable.invoice: receivable for receivable in receivables}
    if is_prenotification(remittance):
        return Application(remittance=key, trace=remittance.trace, amount=remittance.amount, currency=remittance.currency)
    parts = parts_of(remittance, by_invoice)
    paid_on = _paid_on(parts.parts, by_invoice)
    if holds := (*_holds(remittance, seen, parts.named), *_other_currencies(remittance, paid_on)):
        return Application(remittance=key, trace=remittance.trace, amount=remittance.amount, holds=holds)
    posting = _Posting(key, by_invoice, remittance.effective_on)
    for part in parts.parts:
        posting.put(part)
    posting.questions += [*posting.short_pays(), *posting.not_taken()]
    posting.questions += [
        Question(
            kind="adjustment",
            message=f"{_signed(a.amount)} outside any item{_because(a.reason)}",
            amount=a.amount,
            reason=a.reason,
            suggestions=tuple(dict.fromkeys(number for number in numbers_of(a) if number in by_invoice)),
        )
        for a in parts.outside
    ]
    return with_charges(
        Application(
            remittance=key,
            trace=remittance.trace,
            amount=remittance.amount,
            applied=tuple(posting.applied),
            unapplied=posting.unapplied,
            adjusted=total([adjustment.amount for adjustment in parts.outside]),
            questions=tuple(posting.questions),
            currency=remittance.currency or next((each.currency for each in paid_on if each.currency), ""),
        )
    )


def is_prenotification(remittance: Remittance) -> bool:
    """Whether it only tries the account out: no money is sent with it, and its trace may be that of the payment that follows."""
    return remittance.handling == PRENOTIFICATION and not remittance.amount


def with_suggestions(application: Application, remittance: Remittance, open_: Iterable[Receivable]) -> Application:
    """The application, its questions about unknown invoices with the ``open_`` invoices of the partner that they may be about."""
    by_invoice = {receivable.invoice: receivable for receivable in open_}

    def suggested(question: Question) -> Question:
        position = question.item or 0
        if question.kind != "unknown invoice" or question.suggestions or not 0 < position <= len(remittance.items):
            return question
        return msgspec.structs.replace(question, suggestions=likely(remittance.items[position - 1], by_invoice))

    return msgspec.structs.replace(application, questions=tuple(suggested(each) for each in application.questions))


class _Posting:
    """What was applied so far, and how the invoices stand after it."""

    def __init__(self, key: str, owed: dict[str, Receivable], on: date | None) -> None:
        self._key, self._owed, self._on = key, owed, on
        self._spoken_of: set[str] = set()  # credit notes that an item names
        self._applied_by: dict[str, int] = {}  # the last item that says something of an invoice
        self._paid_by: dict[str, int] = {}  # the last that paid money on it
        self.applied: list[AppliedItem] = []
        self.questions: list[Question] = []
        self.unapplied = Decimal(0)

    def put(self, part: Part) -> None:
        """One part more; credit notes come first."""
        if part.of_credit and (credit := credit_of(part.item, self._owed)):
            self._take(part, credit)
        else:
            self._pay(part)

    def short_pays(self) -> Iterator[Question]:
        """The invoices of which all items together leave something unspoken of: asked when all parts are put."""
        for invoice, position in self._applied_by.items():
            if (left := self._owed[invoice].unremitted) > 0:
                message = f"{left} of invoice {invoice} left unspoken of"
                yield Question(kind="short pay", message=message, item=position, amount=left, invoice=invoice)

    def not_taken(self) -> Iterator[Question]:
        """The credit notes left to them on invoices that were paid here, each once: asked when all parts are put."""
        for invoice, position in self._paid_by.items():
            owing = -self._owed[invoice].unremitted
            for credit in self._owed[invoice].credits:
                theirs = min(self._owed[invoice].left_of(credit), owing)
                if theirs > 0 and credit.number not in self._spoken_of:
                    yield _credit_not_taken(invoice, credit, theirs, position)
                    owing -= theirs

    def _take(self, part: Part, found: OfCredit) -> None:
        receivable, credit = found
        self._spoken_of.add(credit.number)
        if why := why_not_taken(part.item, found):
            self.unapplied += part.item.paid
            kind, message = why
            self.questions.append(_on_item(part, kind, message, (receivable.invoice,), credit.number))
            return
        payment = Payment(remittance=self._key, item=part.position, net=part.item.paid, credit=credit.number)
        self._apply(receivable, payment, AppliedItem(invoice=receivable.invoice, matched_by="credit note", payment=payment))

    def _pay(self, part: Part) -> None:
        item = part.item
        found = match(item, self._owed)
        if found.receivable is None or item.paid < 0 or (item.discount or 0) < 0:
            self.unapplied += item.paid
            self.questions.append(_not_applied(part, found))
            return
        share = _share(item, found.receivable, self._on)
        asked = _questions(item, part.position, share, found.receivable.invoice)
        claims = tuple(_claims(asked, share.claimed, len(self.questions) + 1))
        payment = Payment(remittance=self._key, item=part.position, net=share.net, discount=share.discount, claims=claims)
        over = item.paid - share.net
        here = AppliedItem(invoice=found.receivable.invoice, matched_by=found.by, payment=payment, over=over)
        after = self._apply(found.receivable, payment, here)
        self.unapplied += over
        self.questions += asked
        self._applied_by[after.invoice] = part.position
        if share.net:
            self._paid_by[after.invoice] = part.position

    def _apply(self, receivable: Receivable, payment: Payment, here: AppliedItem) -> Receivable:
        after = self._owed[receivable.invoice] = receivable.with_payment(payment)
        self.applied.append(here)
        return after


class _Share(NamedTuple):
    """How an item's claims fall on the invoice; together never more than is left of it."""

    net: Decimal
    discount: Decimal
    claimed: Decimal


def _share(item: RemittanceItem, receivable: Receivable, on: date | None) -> _Share:
    """Money first, then the discount that is earned, then deductions (ADX under the item, already inside its net).

    Money may be for what they claimed before; of that, nothing is deducted once more.
    """
    left = _room(item, receivable)
    net = min(item.paid, left)
    earned = max(receivable.discount_allowed(on) - receivable.discount, Decimal(0))
    discount = min(item.discount or Decimal(0), earned, left - net)
    left -= net + discount
    return _Share(net, discount, min(_deducted(item), left - min(receivable.claimed, left)))


def _claims(asked: list[Question], claimed: Decimal, place: int) -> Iterator[Claim]:
    """What is claimed, by the deductions among the questions of an item; ``place`` is that of the first of them."""
    for at, question in enumerate(asked, start=place):
        if question.kind == "deduction" and (part := min(question.amount, claimed)):
            yield Claim(question=at, amount=part)
            claimed -= part


def _room(item: RemittanceItem, receivable: Receivable) -> Decimal:
    """How much may go onto the invoice: what is left of it; or of what was billed, where the item pays just that."""
    as_billed = receivable.left + receivable.untaken
    claimed = item.paid + (item.discount or Decimal(0)) + _deducted(item)
    is_open = receivable.left > 0 or not receivable.is_paid_on
    return as_billed if claimed == as_billed and is_open else max(receivable.left, Decimal(0))


def _deducted(item: RemittanceItem) -> Decimal:
    return -total([adjustment.amount for adjustment in item.adjustments if adjustment.amount < 0])


def _questions(item: RemittanceItem, position: int, share: _Share, invoice: str) -> list[Question]:
    asked: list[Question] = []

    def ask(kind: QuestionKind, amount: Decimal, message: str, code: str = "") -> None:
        asked.append(Question(kind=kind, message=message, item=position, amount=amount, invoice=invoice, reason=code))

    if not adds_up(item):
        off = away(item)
        ask("item does not add up", off, f"gross less discount and adjustments is {off} away from the {item.paid} paid")
    if unearned := (item.discount or Decimal(0)) - share.discount:
        ask("discount not earned", unearned, f"discount of {item.discount} taken, {share.discount} granted by the terms")
    for adjustment in item.adjustments:
        kind: QuestionKind = "deduction" if adjustment.amount < 0 else "addition"
        said = f"{_signed(adjustment.amount)} on invoice {invoice}{_because(adjustment.reason)}"
        ask(kind, abs(adjustment.amount), said, adjustment.reason)
    if over := item.paid - share.net:
        ask("overpay", over, f"{over} more than was left of invoice {invoice}")
    return asked


def _credit_not_taken(invoice: str, credit: Credit, theirs: Decimal, position: int) -> Question:
    message = f"invoice {invoice} is paid as billed: {theirs} of credit note {credit.number} are theirs"
    return Question(kind="credit not taken", message=message, item=position, amount=theirs, invoice=invoice)


def _on_item(part: Part, kind: QuestionKind, message: str, maybe: tuple[str, ...], credit: str = "") -> Question:
    return Question(kind=kind, message=message, item=part.position, amount=part.item.paid, suggestions=maybe, credit=credit)


def _not_applied(part: Part, found: Match) -> Question:
    item = part.item
    if found.receivable is not None:
        invoice = found.receivable.invoice
        message = f"{item.paid} on invoice {invoice}: money taken back, or a credit of theirs"
        return _on_item(part, "negative payment", message, (invoice,))
    if found.otherwise:
        return _on_item(part, "says otherwise", found.otherwise, found.suggestions)
    if found.several:
        return _on_item(part, "several invoices", f"{item.reference} has several open invoices", found.suggestions)
    return _on_item(part, "unknown invoice", f"we have no open invoice {item.reference}", found.suggestions)


def _holds(remittance: Remittance, seen: Collection[str], named: Decimal) -> list[Disagreement]:
    holds: list[Disagreement] = []

    def hold(kind: Kind, message: str) -> None:
        holds.append(Disagreement(kind=kind, message=message, place=remittance.trace))

    if not remittance.trace:
        hold("no trace", "without a trace (TRN02) neither its deposit nor a second copy of it could be recognized")
    elif remittance_key(remittance) in seen:
        hold("remitted twice", f"a remittance with trace {remittance.trace} came from this payer before")
    if remittance.credit_or_debit != "C":
        hold("no credit", "it is a debit: money goes back to the payer")
    if named != remittance.amount:
        hold("totals disagree", f"items and adjustments come to {named}, the payment is {remittance.amount}")
    return holds


def _paid_on(parts: Iterable[Part], by_invoice: dict[str, Receivable]) -> list[Receivable]:
    """The receivables that items and adjustments name, by their own numbers or those of our credit notes, in their order."""
    found: dict[str, Receivable] = {}
    for part in sorted(parts, key=lambda part: part.position):
        of_credit = credit_of(part.item, by_invoice)
        if receivable := of_credit.receivable if of_credit else match(part.item, by_invoice).receivable:
            found[receivable.invoice] = receivable
    return list(found.values())


def _other_currencies(remittance: Remittance, paid_on: list[Receivable]) -> list[Disagreement]:
    """Invoices in another currency than is paid in; where none is named, than the first of them."""
    first = next((receivable for receivable in paid_on if receivable.currency), None)
    if first is None:
        return []
    currency, said = (
        (remittance.currency, f"paid in {remittance.currency}")
        if remittance.currency
        else (first.currency, f"paid together with invoice {first.invoice}, which is in {first.currency}")
    )
    return [
        Disagreement(
            kind="another currency",
            message=f"{said}, invoice {receivable.invoice} is in {receivable.currency}",
            place=receivable.invoice,
        )
        for receivable in paid_on
        if not same_currency(receivable.currency, currency)
    ]


def _signed(amount: Decimal) -> str:
    return f"{abs(amount)} {'deducted' if amount < 0 else 'added'}"


def _because(reason: str) -> str:
    return f", reason {reason}" if reason else ""
