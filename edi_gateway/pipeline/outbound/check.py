"""Check: a drafted document moves its order thread, and is held against the partner's compliance rules before it can leave."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order_acknowledgment import OrderAcknowledgment
from edi_gateway.documents.order_change_acknowledgment import OrderChangeAcknowledgment
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.errors import Defect
from edi_gateway.order_to_cash import progress
from edi_gateway.order_to_cash.changing import answer_change
from edi_gateway.order_to_cash.disagreement import Disagreement
from edi_gateway.order_to_cash.thread import Change, OrderThread
from edi_gateway.order_to_cash.turnaround.saying import as_written
from edi_gateway.pipeline.outbound.around import counted_of, is_used, labels_of
from edi_gateway.pipeline.outbound.change_answered import change_answered
from edi_gateway.pipeline.outbound.judge import Judged, is_counted, judge, judge_again, keep, tell, threads_of
from edi_gateway.pipeline.outbound.originals import place_of, take_place
from edi_gateway.pipeline.outbound.recount import Recount, put, recount, waits_to_be_counted
from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.tools import APPROVED, Record, Tools
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner

__all__ = ["COUNTED", "check", "is_used"]
COUNTED = "counted"  # the position of a flow whose document its thread has counted, and that was corrected since


class Moved(NamedTuple):
    """What a document does to its thread, whether the partner wants to have such ones, and whether it says anything new."""

    change: Change
    is_wanted: bool
    says_new: bool = True


def check(flow: FlowRow, tools: Tools) -> Record:
    """Holds what the partner would fine us for; what only should not be is told and goes.

    Each rule's verdict is kept with the document, under the version of the partner's pack it was given by. A correction of what
    left is judged anew and counted in its place; one of what was held after this moves nothing: its thread has counted it.
    """

    def record(unit: Unit) -> Outcome:
        row = unit.documents.get(flow.subject_id)
        if flow.position == COUNTED or is_counted(unit, row):
            return _corrected(unit, tools, flow, row)
        partner = tools.directory.partner(row.partner)
        place = place_of(unit, row, threads_of(unit, row))
        threads = place.threads
        document = unit.documents.read(row.id)
        judged = judge(unit, tools, row, document, [each.thread for each in threads])
        keep(unit, tools, row, judged, rejected=place.first)
        moves = [_moved(each.thread, document, partner, change_answered(unit, row)) for each in threads]
        moved = [msgspec.structs.replace(one, thread=each.change.thread) for one, each in zip(threads, moves, strict=True)]
        disagreed = place.disagreements or [each for one in moves for each in one.change.disagreements] or place.moved(moved)
        if disagreed:
            return _disagreed(disagreed)
        if held := _held(flow, judged):
            return held
        tell(unit, flow.subject, row, judged)
        for stored in moved:
            unit.threads.save(stored.id, stored.thread)
        take_place(unit, row, place)
        unit.documents.claim(row.partner, row.kind, row.number, row.id, usage=row.usage)
        _use_labels(unit, row, document)
        if moves[0].is_wanted and not moves[0].says_new:
            _tell_repeated(unit, row, moved[0].thread)
            return Done()
        return _as_wanted(unit, row, document, partner) if moves[0].is_wanted else Done()

    return record


def _tell_repeated(unit: Unit, row: DocumentRow, thread: OrderThread) -> None:
    """Why no 855 leaves: what the ERP decided is what an 855 has said."""
    text = f"order {row.number} was decided as it was before: an 855 says so already, and no other is sent"
    unit.events.tell("order.decision_repeated", f"document:{thread.document_id}", text, partner=row.partner)


def _corrected(unit: Unit, tools: Tools, flow: FlowRow, row: DocumentRow) -> Outcome:
    """A document that takes the place of one that was counted: judged by the rules and the time of now, counted in its place,
    and on to its set."""
    judged = judge_again(unit, tools, row)
    keep(unit, tools, row, judged, "correct")
    waits, document = waits_to_be_counted(unit, row), unit.documents.read(row.id)
    made = _recounted(unit, tools, row, document) if waits else Recount()
    if made.disagreements:
        return _disagreed(made.disagreements)
    if held := _held(flow, judged):
        return held
    tell(unit, flow.subject, row, judged)
    if waits:
        put(unit, row, made)
    _use_labels(unit, row, document)
    return Done("compose")


def _recounted(unit: Unit, tools: Tools, row: DocumentRow, document: Value) -> Recount:
    partner, told = tools.directory.partner(row.partner), unit.documents.read(counted_of(unit, row))
    return recount(unit, row, told, document, lambda thread: _moved(thread, document, partner, "").change)


def _disagreed(disagreements: Iterable[Disagreement]) -> Hold:
    return Hold("; ".join(f"{each.place}: {each.message}" for each in disagreements))


def _held(flow: FlowRow, judged: Judged) -> Hold | None:
    """What stops a document, unless a person let it go."""
    if not judged.stops or flow.position.startswith(APPROVED):
        return None
    return Hold("; ".join(str(verdict) for verdict in judged.stops))


def _use_labels(unit: Unit, row: DocumentRow, document: Value) -> None:
    if isinstance(document, ShipNotice):
        unit.label_uses.use(labels_of(document), row.id, usage=row.usage)


def _waits_for_855(thread: OrderThread, partner: TradingPartner) -> bool:
    """Whether the order was changed, and an 855 has to answer that."""
    return bool(thread.unanswered) and partner.changes.answered_by == "855"


def _moved(thread: OrderThread, document: Value, partner: TradingPartner, about: str) -> Moved:
    answers = partner.answers
    match document:
        case OrderAcknowledgment():
            change = progress.confirm(thread, document)
            says_new = document.purpose == "original" or change.thread.lines != thread.lines or _waits_for_855(thread, partner)
            return Moved(change, answers.order_acknowledgment, says_new)
        case OrderChangeAcknowledgment():
            return Moved(answer_change(thread, document, about), partner.changes.answered_by == "865")
        case ShipNotice():
            over = partner.orders.over_shipment_percent
            return Moved(progress.ship(thread, document, over_shipment_percent=over), answers.ship_notice)
        case Invoice():
            return Moved(progress.bill(thread, document), answers.invoice)
    raise Defect(f"{type(document).__name__} is no answer to an order")


def _as_wanted(unit: Unit, row: DocumentRow, document: Value, partner: TradingPartner) -> Outcome:
    """An order acknowledgment with the codes the partner takes, and without its lines where it wants none."""
    if isinstance(document, OrderAcknowledgment):
        written = as_written(document, partner.answers)
        if written != document:
            unit.documents.change(row.id, body=msgspec.json.encode(written).decode())
    return Done("compose")
