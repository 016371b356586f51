"""Cases: a person decides what a remittance left open.

accept      the deduction or discount is right; nothing changes but that nobody looks at it again
dispute     it is not, and the partner was told; the case stays in the list until it is closed in another way
recover     the partner paid it after all, by another remittance
write off   what a short pay or an unearned discount leaves of the invoice will not come; its balance is closed by as much
assign      the money was for this invoice; it is remitted by it, and paid as soon as the deposit is there; what was taken by a
            credit note, or taken back, is taken off the invoice

Who decides the last case of a remittance that nets to nothing settles it, where all of it lies on invoices then.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

import msgspec

from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.order_to_cash import progress
from edi_gateway.order_to_cash.cash import Application, AppliedItem
from edi_gateway.order_to_cash.receivable import Payment, Receivable
from edi_gateway.pipeline.inbound.settle import settle_without_money
from edi_gateway.store.cases import CaseRow
from edi_gateway.store.database import Database
from edi_gateway.store.threads import PRODUCTION, StoredThread
from edi_gateway.store.unit import Unit

Decision: TypeAlias = Literal["accepted", "disputed", "recovered", "written off"]
_UNAPPLIED = (
    "unknown invoice",
    "several invoices",
    "says otherwise",
    "credit differs",
    "credit taken twice",
    "overpay",
    "negative payment",
)
_LEFT_OPEN = ("short pay", "discount not earned")


def decide(store: Database, id: int, decision: Decision, *, because: str, by: str) -> str:
    """Closes a case, or says that it is disputed. Raises WrongInput for a case that is closed already, or without a reason."""
    if not because.strip():
        raise WrongInput("a decision about money needs a reason", do="say why with --because")
    with store.write() as unit:
        case = unit.cases.get(id)
        if decision == "written off":
            _write_off(unit, case)
        return _closed(unit, case, decision, because, by)


def assign(store: Database, id: int, invoice: str, *, because: str, by: str) -> str:
    """Puts a case's money onto an invoice of the same partner.

    Raises WrongInput where the case is about no money that lies on account, or the invoice is not theirs; NeedsPerson where less
    is left of the invoice, or it is in another currency.
    """
    with store.write() as unit:
        case = unit.cases.get(id)
        on_account = WrongInput(f"case {id} ({case.kind}) is about no money that lies on account", do="decide it in another way")
        if case.kind not in _UNAPPLIED or case.item is None:
            raise on_account
        stored, receivable = _invoice(unit, case, invoice)  # locked before the remittance, as one that comes in locks them
        application = unit.threads.application_of(case.document_id)
        if application is None:
            raise on_account
        if case.amount > max(receivable.unremitted, Decimal(0)):
            said = f"{case.amount} is more than the {receivable.unremitted} left of invoice {invoice}"
            raise NeedsPerson(said, do="see whether it is for another invoice")
        credit = _credit_taken(application, case, receivable)
        payment = Payment(remittance=application.remittance, item=case.item, net=case.amount, credit=credit)
        here = AppliedItem(invoice=invoice, matched_by="invoice number", payment=payment)
        _remit(unit, stored, application, here)
        more = (*application.applied, here)
        unit.threads.save_remittance(
            case.partner,
            case.document_id,
            msgspec.structs.replace(
                application,
                applied=more,
                unapplied=application.unapplied - case.amount,
                currency=application.currency or receivable.currency,
            ),
            usage=stored.usage,
        )
        return _closed(unit, case, "assigned", because or f"it was for invoice {invoice}", by)


def _credit_taken(application: Application, case: CaseRow, receivable: Receivable) -> str:
    """The credit note whose money the case is about, if any. Raises WrongInput for one of another invoice."""
    credit = application.questions[case.place - 1].credit if case.amount < 0 else ""
    if credit and credit not in {one.number for one in receivable.credits}:
        of = ", ".join(case.may_be_for)
        raise WrongInput(f"credit note {credit} is of invoice {of}, not of {receivable.invoice}", do=f"assign it to {of}")
    return credit


def _remit(unit: Unit, stored: StoredThread, application: Application, item: AppliedItem) -> None:
    """The invoice is remitted by it; paid, too, where the deposit came before."""
    alone = msgspec.structs.replace(application, applied=(item,))
    change = progress.remit(stored.thread, alone)
    if change.disagreements:
        raise NeedsPerson("; ".join(each.message for each in change.disagreements))
    thread = progress.pay(change.thread, alone).thread if application.settled_by else change.thread
    unit.threads.save(stored.id, thread)


def _write_off(unit: Unit, case: CaseRow) -> None:
    if case.kind == "deduction":
        raise WrongInput(f"case {case.id} is a deduction, which the balance leaves out already", do="accept it, or dispute it")
    if case.kind not in _LEFT_OPEN:
        raise WrongInput(f"case {case.id} ({case.kind}) leaves nothing of an invoice open", do="accept, dispute or assign it")
    stored, receivable = _invoice(unit, case, case.invoice)
    left = min(case.amount, receivable.unremitted)
    if left <= 0:
        return
    payment = Payment(remittance=f"case {case.id}", item=1, net=Decimal(0), deducted=left)
    item = AppliedItem(invoice=case.invoice, matched_by="invoice number", payment=payment)
    _remit(unit, stored, Application(remittance=f"case {case.id}", trace="", amount=Decimal(0)), item)


def _invoice(unit: Unit, case: CaseRow, invoice: str) -> tuple[StoredThread, Receivable]:
    usage = unit.documents.get(case.document_id).usage
    for stored in unit.threads.of_invoices(case.partner, [invoice], [], usage=usage):
        if receivable := stored.thread.receivable(invoice):
            return stored, receivable
    raise WrongInput(f"{case.partner} has no invoice '{invoice}'", do="see edi-gateway order list")


def _closed(unit: Unit, case: CaseRow, state: str, because: str, by: str) -> str:
    if not unit.cases.close(case.id, state, because, by):
        raise WrongInput(f"case {case.id} is {case.state} already", where=f"by {case.closed_by}, {case.closed_at:%Y-%m-%d}")
    text = f"case {case.id} ({case.kind}, {case.amount}): {state}, because: {because}"
    unit.events.tell(f"case.{state.replace(' ', '_')}", f"document:{case.document_id}", text, partner=case.partner, actor=by)
    _settle_what_nets_to_nothing(unit, case)
    return text


def _settle_what_nets_to_nothing(unit: Unit, case: CaseRow) -> None:
    """The remittance is locked before its cases are looked at: of two who decide the last two at once, the second settles it."""
    application = unit.threads.application_of(case.document_id)
    if application is not None and unit.documents.get(case.document_id).usage == PRODUCTION:
        settle_without_money(unit, case.partner, case.document_id, application)
