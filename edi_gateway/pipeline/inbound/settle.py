"""Settle: what a remittance promised is paid when the bank's entry of the same trace and amount is there, in either order."""

from __future__ import annotations

from edi_gateway.order_to_cash import progress
from edi_gateway.order_to_cash.cash import Application, Deposit, settle
from edi_gateway.store.threads import PRODUCTION
from edi_gateway.store.unit import Unit


def settle_deposit(unit: Unit, row: int, entry: Deposit) -> str:
    """Settles the one remittance that this deposit on record is the money of; says so, or why not, or nothing where none is.

    One of the same trace and amount in another currency is left unsettled, and says so.
    """
    found = unit.threads.unsettled(entry.trace, entry.amount, entry.currency) or unit.threads.unsettled(entry.trace, entry.amount)
    if found is None:
        return ""
    partner, document, application = found
    settlement = settle(application, entry)
    if settlement.disagreements:
        wrong = "; ".join(each.message for each in settlement.disagreements)
        unit.events.tell("remittance.not_settled", f"document:{document}", wrong, partner=partner)
        return wrong
    paid = _pay(unit, partner, settlement.application)
    unit.threads.save_remittance(partner, document, settlement.application, usage=PRODUCTION)
    unit.threads.match_deposit(row, document)
    said = f"{entry.amount} of {partner} under {entry.trace} is in the bank: {paid} invoices paid"
    unit.events.tell("remittance.settled", f"document:{document}", said, partner=partner)
    return said


def _pay(unit: Unit, partner: str, application: Application) -> int:
    invoices = [item.invoice for item in application.applied]
    for stored in unit.threads.of_invoices(partner, invoices, [], usage=PRODUCTION):
        unit.threads.save(stored.id, progress.pay(stored.thread, application).thread)
    return len(set(invoices))
