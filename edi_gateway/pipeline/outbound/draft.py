"""Draft: what the ERP tells of an order becomes the answer to it."""

from __future__ import annotations

import msgspec

from edi_gateway.erp.base import (
    OrderBilled,
    OrderCredited,
    OrderDecided,
    OrderEvent,
    OrderShipped,
    Unreadable,
    event_from_json,
)
from edi_gateway.errors import Defect
from edi_gateway.order_to_cash.rules import Ruling
from edi_gateway.order_to_cash.turnaround import draft_acknowledgment
from edi_gateway.order_to_cash.turnaround.saying import in_their_words
from edi_gateway.pipeline.outbound.answer_change import answer_change, is_answered, superseded
from edi_gateway.pipeline.outbound.draft_invoice import draft_credit_note, draft_invoices
from edi_gateway.pipeline.outbound.draft_notice import draft_notices
from edi_gateway.pipeline.outbound.drafting import Drafted, Drafting, drafting_of
from edi_gateway.pipeline.outcome import Done, Outcome
from edi_gateway.pipeline.tools import Record, Tools, start
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit


def draft(flow: FlowRow, tools: Tools) -> Record:
    """Drafts in the transaction that records it, because serial numbers of cartons are given there."""

    def record(unit: Unit) -> Outcome:
        if flow.subject.startswith("document:") and unit.documents.get(flow.subject_id).kind == "order change":
            return answer_change(unit, flow, tools)
        event = _event(unit, flow)
        at = drafting_of(unit, tools, event.order)
        if isinstance(event, OrderDecided) and (why := superseded(unit, event, at.stored)):
            unit.events.tell("order.decision_superseded", f"document:{event.order}", why, partner=at.row.partner)
            return Done()
        stage = "bill" if isinstance(event, OrderBilled | OrderCredited) else "check"
        first, *others = [_put(at, drafted) for drafted in _drafted(at, event)]
        for other in others:
            start(unit, stage, other, partner=flow.partner, connector=flow.connector, follows=flow.follows)
        return Done(stage, subject=first)

    return record


def _event(unit: Unit, flow: FlowRow) -> OrderEvent:
    """What the ERP told; or, for an order our own rules refused whole, that there is nothing for the ERP to decide."""
    if flow.subject.startswith("document:"):
        return OrderDecided(id="", order=flow.subject_id, at=unit.clock.now(), lines=())
    event = event_from_json(unit.documents.event(int(flow.subject_id)))
    if isinstance(event, Unreadable):
        raise Defect(f"ERP event {flow.subject_id} could not be read: there is nothing to draft")
    return event


def _drafted(at: Drafting, event: OrderEvent) -> list[Drafted]:
    """The answers an event asks for: one, or one for each store."""
    match event:
        case OrderDecided():
            return [_acknowledgment(at, event)]
        case OrderShipped():
            return draft_notices(at, event)
        case OrderBilled():
            return draft_invoices(at, event)
        case OrderCredited():
            return draft_credit_note(at, event)


def _acknowledgment(at: Drafting, event: OrderDecided) -> Drafted:
    ruling = msgspec.json.decode(at.unit.documents.ruling(at.row.id), type=Ruling)
    ours = {line.number: price for line in at.order.lines if (price := ruling.price_of(line)) is not None}
    answer = draft_acknowledgment(
        at.order,
        event,
        today=at.today,
        rejected=ruling.rejected,
        deleted=at.stored.thread.deleted,
        anew=is_answered(at.unit, at.stored),
        prices=ours | at.stored.thread.agreed_prices,
    )
    return Drafted(in_their_words(answer, at.partner.answers.acknowledgment), at.order.number)


def _put(at: Drafting, drafted: Drafted) -> str:
    """Records a draft; its subject."""
    id = at.unit.documents.add(
        drafted.document,
        number=drafted.number,
        partner=at.row.partner,
        direction="out",
        thread_id=at.stored.id,
        usage=at.row.usage,
    )
    for other in drafted.beside:
        at.unit.documents.join(id, drafting_of(at.unit, at.tools, other).stored.id)
    return f"document:{id}"
