"""Draft, for a change of an order: the 865 that answers it, or an 855 that says the whole order anew."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi_gateway.documents.base import Value
from edi_gateway.documents.order_change import OrderChange
from edi_gateway.erp.base import OrderDecided
from edi_gateway.errors import Defect
from edi_gateway.order_to_cash.facts import Decided
from edi_gateway.order_to_cash.turnaround import draft_acknowledgment, draft_change_acknowledgment, standing_decisions
from edi_gateway.order_to_cash.turnaround.saying import in_their_words
from edi_gateway.pipeline.outbound.awaiting import REJECTED
from edi_gateway.pipeline.outcome import Done, Outcome
from edi_gateway.pipeline.planned_change import planned_of
from edi_gateway.pipeline.standing import standing_order
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.threads import StoredThread
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner


def answer_change(unit: Unit, flow: FlowRow, tools: Tools) -> Outcome:
    """Drafts what answers a change by the partner's profile. An order without an 855 yet gets one for the whole of it."""
    row = unit.documents.get(flow.subject_id)
    partner = tools.directory.partner(row.partner)
    stored = unit.threads.get(row.thread_id or 0)
    if partner.changes.answered_by == "none" or (partner.changes.answered_by == "855" and not _is_confirmed(stored)):
        return Done()
    today = partner.today(unit.clock.now())
    document = _865(unit, row, stored, today) if partner.changes.answered_by == "865" else _855(unit, stored, partner, today)
    made = unit.documents.add(
        document, number=stored.thread.order_number, partner=row.partner, direction="out", thread_id=stored.id, usage=row.usage
    )
    unit.descent.add(f"document:{made}", f"document:{row.id}", "answer", because="an answer to it", by="gateway")
    return Done("check", subject=f"document:{made}")


def is_answered(unit: Unit, stored: StoredThread) -> bool:
    """Whether the buyer has an 855 for this order that it did not reject: another one takes its place."""
    before = unit.documents.in_thread(stored.id, "order acknowledgment")
    sets = [one for row in before for one in unit.transactions.all_of_document(row.id)]
    return any(one.direction == "out" and one.acknowledgment not in REJECTED for one in sets)


def superseded(unit: Unit, event: OrderDecided, stored: StoredThread) -> str:
    """Why a decision is about an order that is no longer so; nothing where it is about the order as it stands.

    What the ERP decided before it was told of a change says the old quantities; it decides anew, and that is what is answered.
    """
    if not stored.thread.unanswered or not event.lines:
        return ""
    decided: dict[str, Decimal] = {}
    for line in event.lines:
        decided[line.line_number] = decided.get(line.line_number, Decimal(0)) + line.quantity
    beyond = [line for line in stored.thread.lines if decided.get(line.number, Decimal(0)) > line.ordered]
    short = [
        line for line in stored.thread.lines if line.number in decided and decided[line.number] < line.ordered - line.rejected
    ]
    if not beyond and not short:
        return ""
    return f"order {stored.thread.order_number} was changed since the ERP decided on it; its next decision counts"


def _is_confirmed(stored: StoredThread) -> bool:
    return any(line.confirmed or line.backordered or line.rejected for line in stored.thread.lines)


def _865(unit: Unit, row: DocumentRow, stored: StoredThread, today: date) -> Value:
    change, planned = unit.documents.read(row.id), planned_of(unit, row.id)
    if not isinstance(change, OrderChange):
        raise Defect(f"document {row.id} is no change of an order")
    order = standing_order(unit, stored.thread.document_id)
    return draft_change_acknowledgment(order, change, planned.revision, planned.ruling.lines, stored.thread, today=today)


def _855(unit: Unit, stored: StoredThread, partner: TradingPartner, today: date) -> Value:
    order = standing_order(unit, stored.thread.document_id)
    decided = Decided(at=unit.clock.now(), lines=standing_decisions(stored.thread))
    anew = is_answered(unit, stored)
    thread = stored.thread
    answer = draft_acknowledgment(order, decided, today=today, deleted=thread.deleted, anew=anew, prices=thread.agreed_prices)
    return in_their_words(answer, partner.answers.acknowledgment)
