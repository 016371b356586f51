"""Cases: a person decides what a remittance left open.

accept      the deduction, charge, discount or difference is right; the invoice's balance is closed by as much
dispute     it is not, and the partner was told; it stays open, and the case in the list until it is closed in another way
recover     the partner paid it after all, by another remittance, or will
write off   it will not come, right or not; the invoice's balance is closed by as much
assign      the money was for this invoice; it is remitted by it, and paid as soon as the deposit is there; what was taken by a
            credit note, or taken back, is taken off the invoice

Who decides the last case of a remittance that nets to nothing settles it, where all of it lies on invoices then.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias

from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.operations.case_money import CaseMoney, Closed
from edi_gateway.order_to_cash.cash import ON_ACCOUNT, Application
from edi_gateway.order_to_cash.receivable import Payment, Receivable
from edi_gateway.pipeline.inbound.settle import settle_without_money
from edi_gateway.store.cases import UNDECIDED, CaseRow
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.trading.usage import PRODUCTION

Decision: TypeAlias = Literal["accepted", "disputed", "recovered", "written off"]
_LEFT_OPEN = ("short pay", "discount not earned")


def decide(store: Database, id: int, decision: Decision, *, because: str, by: str) -> str:
    """Closes a case, or says that it is disputed. Raises WrongInput for a case that is closed already, or without a reason."""
    if not because.strip():
        raise WrongInput("a decision about money needs a reason", do="say in 'because' (--because) why")
    with store.write() as unit:
        case = _undecided(unit, id)
        match decision:
            case "accepted":
                _accept(unit, case)
            case "recovered":
                CaseMoney(unit, case).decide("")
            case "written off":
                _write_off(unit, case)
        return _closed(unit, case, decision, because, by)


def assign(store: Database, id: int, invoice: str, *, because: str, by: str) -> str:
    """Puts a case's money onto an invoice of the same partner.

    Raises WrongInput where the case is about no money that lies on account, or the invoice is not theirs; NeedsPerson where less
    is left of the invoice, or it is in another currency.
    """
    with store.write() as unit:
        case = _undecided(unit, id)
        on_account = WrongInput(f"case {id} ({case.kind}) is about no money that lies on account", do="decide it in another way")
        if case.kind not in ON_ACCOUNT or case.item is None:
            raise on_account
        money = CaseMoney(unit, case, invoice)
        receivable = _theirs(money, case, invoice)
        if money.application is None:
            raise on_account
        if case.amount > max(receivable.left, Decimal(0)):
            said = f"{case.amount} is more than the {receivable.left} left of invoice {invoice}"
            raise NeedsPerson(said, do="see whether it is for another invoice")
        credit = _credit_taken(money.application, case, receivable)
        money.put(receivable, Payment(remittance=money.application.remittance, item=case.item, net=case.amount, credit=credit))
        return _closed(unit, case, "assigned", because or f"it was for invoice {invoice}", by)


def _undecided(unit: Unit, id: int) -> CaseRow:
    """A case that is still to be closed, as it is once nobody else is at it.

    Its remittance is locked before the case is read and before an order is: of two who decide at once, the second waits here.
    """
    unit.threads.application_of(unit.cases.get(id).document_id)
    case = unit.cases.get(id)
    if case.state not in UNDECIDED:
        raise _decided_already(case)
    return case


def _decided_already(case: CaseRow) -> WrongInput:
    return WrongInput(f"case {case.id} is {case.state} already", where=f"by {case.closed_by}, {case.closed_at:%Y-%m-%d}")


def _credit_taken(application: Application, case: CaseRow, receivable: Receivable) -> str:
    """The credit note whose money the case is about, if any. Raises WrongInput for one of another invoice."""
    credit = application.questions[case.place - 1].credit if case.amount < 0 else ""
    if credit and credit not in {one.number for one in receivable.credits}:
        of = ", ".join(case.may_be_for)
        raise WrongInput(f"credit note {credit} is of invoice {of}, not of {receivable.invoice}", do=f"assign it to {of}")
    return credit


def _accept(unit: Unit, case: CaseRow) -> None:
    """Money taken back of an invoice that was paid before is deducted there, and not where it is held back."""
    if case.kind in _LEFT_OPEN:
        _close_left(unit, case, "discount" if case.kind == "discount not earned" else "deducted")
        return
    named = case.may_be_for[0] if case.kind == "negative payment" and case.may_be_for else ""
    money = CaseMoney(unit, case, *([named] if named else []))
    receivable = money.receivable(named) if named not in money.claimed else None
    if receivable and money.application and case.item is not None:
        back = Payment(remittance=money.application.remittance, item=case.item, net=case.amount, deducted=-case.amount)
        money.put(receivable, back)
    else:
        money.decide("deducted")


def _write_off(unit: Unit, case: CaseRow) -> None:
    if case.kind in _LEFT_OPEN:
        _close_left(unit, case, "deducted")
    elif (money := CaseMoney(unit, case)).claimed:
        money.decide("deducted")
    else:
        raise WrongInput(f"case {case.id} ({case.kind}) leaves nothing of an invoice open", do="accept, dispute or assign it")


def _close_left(unit: Unit, case: CaseRow, as_: Closed) -> None:
    """Closes what the case left open of its invoice and nothing else spoke of since."""
    money = CaseMoney(unit, case, case.invoice)
    if (left := min(case.amount, _theirs(money, case, case.invoice).unremitted)) > 0:
        money.close(case.invoice, left, as_)


def _theirs(money: CaseMoney, case: CaseRow, invoice: str) -> Receivable:
    if receivable := money.receivable(invoice):
        return receivable
    raise WrongInput(f"{case.partner} has no invoice '{invoice}'", do="see edi-gateway order list")


def _closed(unit: Unit, case: CaseRow, state: str, because: str, by: str) -> str:
    if not unit.cases.close(case.id, state, because, by):
        raise _decided_already(unit.cases.get(case.id))
    text = f"case {case.id} ({case.kind}, {case.amount}): {state}, because: {because}"
    unit.events.tell(f"case.{state.replace(' ', '_')}", f"document:{case.document_id}", text, partner=case.partner, actor=by)
    _settle_what_nets_to_nothing(unit, case)
    return text


def _settle_what_nets_to_nothing(unit: Unit, case: CaseRow) -> None:
    """The remittance is locked before its cases are looked at: of two who decide the last two at once, the second settles it."""
    application = unit.threads.application_of(case.document_id)
    if application is not None and unit.documents.get(case.document_id).usage == PRODUCTION:
        settle_without_money(unit, case.partner, case.document_id, application)
