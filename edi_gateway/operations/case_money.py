"""The money of a case: its remittance and the orders that it pays on, moved together by what a person decides."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

import msgspec

from edi_gateway.errors import NeedsPerson
from edi_gateway.order_to_cash import progress
from edi_gateway.order_to_cash.cash import Application, AppliedItem, Question, balanced, claimed_by, decided
from edi_gateway.order_to_cash.money import total
from edi_gateway.order_to_cash.receivable import Payment, Receivable
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.store.cases import CaseRow
from edi_gateway.store.unit import Unit

_NONE = Decimal(0)
Closed: TypeAlias = Literal["discount", "deducted"]


class CaseMoney:
    """What a case is about, in a unit that writes.

    The remittance is locked before the orders, as by a deposit that settles it: who decides another case of it meanwhile waits.
    """

    def __init__(self, unit: Unit, case: CaseRow, *invoices: str) -> None:
        self._unit, self._case = unit, case
        self._usage = unit.documents.get(case.document_id).usage
        self.application: Application | None = unit.threads.application_of(case.document_id)
        applied = [item.invoice for item in self.application.applied] if self.application else []
        self._threads = unit.threads.of_invoices(case.partner, [*applied, *invoices], [], usage=self._usage)

    @property
    def claimed(self) -> dict[str, Decimal]:
        """What the case holds back, by invoice."""
        return claimed_by(self.application, self._case.place) if self.application else {}

    def receivable(self, invoice: str) -> Receivable | None:
        """An invoice of theirs that was named, or that the remittance pays."""
        return next((one for one in self._receivables() if one.invoice == invoice), None)

    def decide(self, to: Literal["deducted", ""]) -> None:
        """What the case holds back is deducted, or held back no longer."""
        if self.application and self.claimed:
            left = {one.invoice: one.left for one in self._receivables()}
            self._save(decided(self.application, self._case.place, to, left).application)

    def put(self, receivable: Receivable, payment: Payment) -> None:
        """The case's money lies on this invoice; what it held back of others was paid.

        Raises NeedsPerson where it cannot lie there. What another payment covered meanwhile is a question of its own.
        """
        if self.application is None:
            return
        place, net = self._case.place, self._case.amount
        as_billed = {one.invoice: one.left + one.untaken for one in self._receivables()}
        paid = decided(self.application, place, "net", as_billed)
        application = _with_surplus(self.application, paid.application, place, total(list(self.claimed.values())) - paid.amount)
        item = AppliedItem(invoice=receivable.invoice, matched_by="invoice number", payment=payment)
        application = msgspec.structs.replace(
            application,
            applied=(*application.applied, item),
            unapplied=application.unapplied - paid.amount - net,
            currency=application.currency or receivable.currency,
        )
        undecided = self._unit.cases.undecided_of(self._case.document_id) - {place}
        self._save(balanced(application, undecided), new=True)

    def close(self, invoice: str, amount: Decimal, as_: Closed) -> None:
        """Closes so much of an invoice by this case alone."""
        by = f"case {self._case.id}"
        closing = msgspec.structs.replace(Payment(remittance=by, item=1, net=_NONE), **{as_: amount})
        item = AppliedItem(invoice=invoice, matched_by="invoice number", payment=closing)
        alone = Application(remittance=by, trace="", amount=_NONE, applied=(item,))
        for stored in self._threads:
            if stored.thread.receivable(invoice):
                self._unit.threads.save(stored.id, _remitted(stored.thread, alone))

    def _receivables(self) -> list[Receivable]:
        return [one for stored in self._threads for one in stored.thread.receivables]

    def _save(self, application: Application, *, new: bool = False) -> None:
        """Everywhere what the application says now; its last item is on no invoice yet where it is ``new``."""
        for stored in self._threads:
            thread = _moved(stored.thread, application, new)
            if thread != stored.thread:
                self._unit.threads.save(stored.id, thread)
        case = self._case
        self._unit.threads.save_remittance(case.partner, case.document_id, application, usage=self._usage)
        self._unit.cases.open(case.partner, case.document_id, application)
        for question in application.questions[len(self.application.questions) if self.application else 0 :]:
            self._unit.events.tell("cash.question", f"document:{case.document_id}", question.message, partner=case.partner)


def _moved(thread: OrderThread, application: Application, new: bool) -> OrderThread:
    known, last = application.applied[:-1] if new else application.applied, application.applied[-1]
    thread = progress.say_anew(thread, msgspec.structs.replace(application, applied=known))
    if not new or thread.receivable(last.invoice) is None:
        return thread
    alone = msgspec.structs.replace(application, applied=(last,))
    remitted = _remitted(thread, alone)
    return progress.pay(remitted, alone).thread if application.settled_by else remitted


def _remitted(thread: OrderThread, alone: Application) -> OrderThread:
    change = progress.remit(thread, alone)
    if change.disagreements:
        raise NeedsPerson("; ".join(each.message for each in change.disagreements))
    return change.thread


def _with_surplus(before: Application, after: Application, place: int, surplus: Decimal) -> Application:
    """What was held back, is paid now, and has no room on its invoice any more is on account: a person is asked about it."""
    if not surplus:
        return after
    here = next(item for item in before.applied if any(claim.question == place for claim in item.payment.claims))
    message = f"{surplus} held back of invoice {here.invoice} was paid by something else since"
    asked = Question(
        kind="overpay", message=message, item=here.payment.item, amount=surplus, suggestions=(), invoice=here.invoice
    )
    return msgspec.structs.replace(after, questions=(*after.questions, asked))
