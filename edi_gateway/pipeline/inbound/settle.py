"""Settle: what a remittance promised is paid when the bank's entry of the same trace and amount is there, in either order."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from edi_gateway.documents.remittance import Remittance
from edi_gateway.order_to_cash import progress
from edi_gateway.order_to_cash.cash import Application, Deposit, settle
from edi_gateway.store.unit import Unit
from edi_gateway.trading.usage import PRODUCTION


def settle_deposit(unit: Unit, row: int, entry: Deposit, *, whose: str = "") -> str:
    """Settles the one remittance that this deposit on record is the money of; says so, or why not, or nothing where none is.

    One of the same trace and amount in another currency is left unsettled, and says so; so are two of which it may be the money
    of either, unless it is said ``whose`` it is.
    """
    sought = entry.trace, entry.amount
    found = unit.threads.unsettled(*sought, entry.currency, partner=whose) or unit.threads.unsettled(*sought, partner=whose)
    if not found:
        return ""
    if len(found) > 1:
        partners = " and ".join(sorted({each.partner for each in found}))
        return f"{len(found)} remittances of {partners} have that trace and amount: say whose it is with deposit add --partner"
    partner, document, application = found[0]
    paid, wrong = _settle(unit, partner, document, application, entry)
    if wrong:
        return wrong
    unit.threads.match_deposit(row, document)
    said = f"{entry.amount} of {partner} under {entry.trace} is in the bank: {paid} invoices paid"
    unit.events.tell("remittance.settled", f"document:{document}", said, partner=partner)
    return said


def settle_by_earlier(unit: Unit, trace: str, amount: Decimal, currency: str) -> str:
    """Settles the remittance of this trace and amount by a deposit that is on record and pays nothing yet; what came of it.

    Of two such deposits, one in that ``currency`` goes first; nothing is said where there is none.
    """
    earlier = unit.threads.unmatched_deposit(trace, amount, currency) or unit.threads.unmatched_deposit(trace, amount)
    return settle_deposit(unit, earlier.id, earlier.entry) if earlier else ""


def unsettle(unit: Unit, document: str) -> int:
    """The money of a remittance went back to who had paid it: nothing is paid by it until it comes again.

    Returns how many invoices are open for it.
    """
    application = unit.threads.application_of(document)
    if application is None or application.settled_by is None:
        return 0
    row = unit.documents.get(document)
    invoices = {item.invoice for item in application.applied if item.payment.net}
    for stored in unit.threads.of_invoices(row.partner, [item.invoice for item in application.applied], [], usage=PRODUCTION):
        unit.threads.save(stored.id, progress.unpay(stored.thread, application))
    unit.threads.save_remittance(row.partner, document, msgspec.structs.replace(application, settled_by=None), usage=PRODUCTION)
    return len(invoices)


def settle_without_money(unit: Unit, partner: str, document: str, application: Application) -> None:
    """Settles a remittance of nothing, in which credit notes take what is paid: no bank ever has an entry of it.

    Not as long as a case of it is undecided or part of it lies on no invoice: then nothing has been given for what it pays yet.
    """
    if application.settled_by or not application.nets_to_nothing or unit.cases.undecided_of(document):
        return
    nothing = Deposit(trace=application.trace, amount=Decimal(0), on=_day_of(unit, document))
    paid, wrong = _settle(unit, partner, document, application, nothing)
    if not wrong:
        said = f"{application.trace} of {partner} nets to nothing: {paid} invoices paid without money"
        unit.events.tell("remittance.settled", f"document:{document}", said, partner=partner)


def _day_of(unit: Unit, document: str) -> date:
    remittance = unit.documents.read(document)
    said = remittance.effective_on if isinstance(remittance, Remittance) else None
    return said or unit.clock.now().date()


def _settle(unit: Unit, partner: str, document: str, application: Application, entry: Deposit) -> tuple[int, str]:
    """How many invoices are paid; or none is, and why."""
    settlement = settle(application, entry)
    invoices = [item.invoice for item in application.applied]
    threads = unit.threads.of_invoices(partner, invoices, [], usage=PRODUCTION) if settlement.agreed else []
    changes = [(stored.id, progress.pay(stored.thread, settlement.application)) for stored in threads]
    disagreements = (*settlement.disagreements, *(wrong for _, change in changes for wrong in change.disagreements))
    if disagreements:
        said = "; ".join(each.message for each in disagreements)
        unit.events.tell("remittance.not_settled", f"document:{document}", said, partner=partner)
        return 0, said
    for id, change in changes:
        unit.threads.save(id, change.thread)
    unit.threads.save_remittance(partner, document, settlement.application, usage=PRODUCTION)
    return len({item.invoice for item in application.applied if item.payment.net}), ""
