"""Apply, for a remittance (820): what it says of our invoices is remitted, and paid where the money is at the bank already."""

from __future__ import annotations

from edi_gateway.documents.remittance import Remittance
from edi_gateway.order_to_cash import cash, progress
from edi_gateway.order_to_cash.disagreement import Disagreement
from edi_gateway.order_to_cash.thread import Change
from edi_gateway.pipeline.inbound.settle import settle_by_earlier, settle_without_money
from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.tools import Record
from edi_gateway.store.rows import DocumentRow
from edi_gateway.store.threads import StoredThread
from edi_gateway.store.unit import Unit
from edi_gateway.trading.usage import PRODUCTION


def apply_remittance(row: DocumentRow, remittance: Remittance) -> Record:
    """Applies it whole, or holds it whole; an item that fits no invoice is a case. A prenotification keeps not even its trace."""

    def record(unit: Unit) -> Outcome:
        if cash.is_prenotification(remittance):
            return Done("deliver")
        unit.threads.lock_remittances([remittance.trace])
        threads = _threads(unit, row, remittance)
        application = _applied(unit, row, remittance, threads)
        applied = {item.invoice for item in application.applied}
        changes = [
            (stored.id, progress.remit(stored.thread, application))
            for stored in threads
            if any(stored.thread.receivable(invoice) for invoice in applied)
        ]
        if wrong := (*application.holds, *_disagreements(changes)):
            return Hold("; ".join(f"{each.place}: {each.message}".removeprefix(": ") for each in wrong))
        for id, change in changes:
            unit.threads.save(id, change.thread)
        unit.threads.save_remittance(row.partner, row.id, application, usage=row.usage)
        unit.cases.open(row.partner, row.id, application)
        for question in application.questions:
            unit.events.tell("cash.question", f"document:{row.id}", question.message, partner=row.partner)
        if row.usage == PRODUCTION:
            _settle(unit, row, application)
        return Done("deliver")

    return record


def _threads(unit: Unit, row: DocumentRow, remittance: Remittance) -> list[StoredThread]:
    orders = [number for item in remittance.items for number in (item.reference, item.order_number) if number]
    return unit.threads.of_invoices(row.partner, cash.numbers_in(remittance), orders, usage=row.usage)


def _applied(unit: Unit, row: DocumentRow, remittance: Remittance, threads: list[StoredThread]) -> cash.Application:
    key = cash.remittance_key(remittance)
    first = unit.threads.remittance_of(row.partner, key, usage=row.usage)
    receivables = [one for stored in threads for one in stored.thread.receivables]
    application = cash.apply(remittance, receivables, seen=[key] if first and first != row.id else [])
    if application.holds or not any(each.kind == "unknown invoice" for each in application.questions):
        return application
    return cash.with_suggestions(application, remittance, unit.threads.open_receivables(row.partner, usage=row.usage))


def _disagreements(changes: list[tuple[int, Change]]) -> list[Disagreement]:
    return [wrong for _, change in changes for wrong in change.disagreements]


def _settle(unit: Unit, row: DocumentRow, application: cash.Application) -> None:
    """Of no bank comes the money of a remittance that nets to nothing; a deposit that came before settles any other."""
    if not application.amount:
        settle_without_money(unit, row.partner, row.id, application)
        return
    settle_by_earlier(unit, application.trace, application.amount, application.currency)
