"""Dismiss: a person ends the way of what was held or dead, and says why."""

from __future__ import annotations

from datetime import datetime

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.operations.moving import go_on, move
from edi_gateway.operations.resume import stopped
from edi_gateway.pipeline.inbound.confirm import look_again
from edi_gateway.pipeline.inbound.order_approval import any_one_of, in_place_of
from edi_gateway.pipeline.inbound.position import read_position
from edi_gateway.pipeline.outbound.around import corrected_by, counted_of
from edi_gateway.pipeline.outbound.awaiting import REJECTED
from edi_gateway.pipeline.outbound.given_up import documents_of, take_back
from edi_gateway.pipeline.outbound.originals import LEFT, is_given_up
from edi_gateway.pipeline.outbound.owing import waive
from edi_gateway.pipeline.outbound.recount import count_back
from edi_gateway.pipeline.outcome import Done
from edi_gateway.store.database import Database
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.unit import Unit


def dismiss(store: Database, flow_id: int, *, because: str, by: str, admin: bool = False, seen: datetime | None = None) -> None:
    """Ends a held or dead flow; its payload, document and history stay. A shipment or an invoice that never left is none of its
    order any more, and its number is free. A correction that never left gives its order thread back to the document it corrects,
    whose rejection is somebody's work again. A group whose reading stopped inside of it is answered as far as it was read.

    What waits for people named any one of them dismisses, or an ``admin`` in their place. Raises WrongInput without a reason, for
    who may not, where there is nothing to end, and for what changed since it was ``seen``.
    """
    if not because.strip():
        raise WrongInput("a reason is needed", do="say in 'because' (--because) why")
    with store.write() as unit:
        flow = stopped(unit, flow_id, seen)
        how = f"at '{flow.stage}'{_take_from_approvers(unit, flow, by, admin=admin)}"
        if flow.stage == "read" and (position := read_position(flow)).is_inside:
            given_up = msgspec.structs.replace(position, given_up=True)
            go_on(unit, flow, Done("read", position=msgspec.json.encode(given_up).decode()))
            how += ", where what was read of it until now is answered"
        else:
            move(unit, flow, state="done", because=f"dismissed by {by}: {because}")
        waive(unit, flow.subject, because)
        said = f"dismissed {how}: {because}; it was {flow.state} because: {flow.because}{_number_of(unit, flow)}"
        said += "".join(
            f"; {each}" for id in documents_of(unit, flow) if (each := _leave_thread(unit, flow, unit.documents.get(id)))
        )
        unit.events.tell("flow.dismissed", flow.subject, said, partner=flow.partner, actor=by)


def _take_from_approvers(unit: Unit, flow: FlowRow, by: str, *, admin: bool) -> str:
    """Nobody is asked to approve it any more; in whose place that is. Raises WrongInput for who may not say so."""
    waits = unit.approvals.open(flow.subject)
    asked = any_one_of(waits)
    if asked and not admin:
        asked.check_may_answer(by)
    for each in waits:
        unit.approvals.answer(each.id, "stale", by=by)
    return in_place_of([asked], by) if asked else ""


def _number_of(unit: Unit, flow: FlowRow) -> str:
    """Frees the number of what the ERP never got, so that the same order again is no repetition; says so where it may have it."""
    in_doubt = unit.attempts.in_doubt(flow)
    if flow.stage == "send" and in_doubt:
        return "; they may have it, so the numbers of its documents stay taken until they reject it"
    if flow.stage != "deliver":
        return ""
    if in_doubt:
        return "; the ERP may have it, so its number stays taken: the same again is held as a repetition"
    unit.documents.release(flow.subject_id)
    return ""


def _leave_thread(unit: Unit, flow: FlowRow, row: DocumentRow) -> str:
    """What will never leave is out of its thread: a correction, of which the thread has counted what it corrects; what the thread
    has counted, which is taken back; and an invoice or credit note that it has not, so that nothing billed or credited later
    counts it either. What is to be said of that."""
    if corrections := corrected_by(unit, row.id):
        return _give_back(unit, row, unit.documents.get(corrections[0])) if is_given_up(unit, row.id) else ""
    said = take_back(unit, row)
    if not said and flow.stage in ("bill", "check") and row.kind == "invoice":
        unit.documents.change(row.id, thread_id=None)
    return said


def _give_back(unit: Unit, correction: DocumentRow, corrected: DocumentRow) -> str:
    """The thread is that of the corrected document again, as it counts it; what they rejected of it becomes work again."""
    said = count_back(unit, correction, corrected) if counted_of(unit, correction) == correction.id else ""
    unit.documents.change(corrected.id, thread_id=correction.thread_id)
    unit.documents.change(correction.id, thread_id=None)
    left = [one for one in unit.transactions.all_of_document(corrected.id) if one.direction == "out" and one.delivery in LEFT]
    if left and left[-1].acknowledgment in REJECTED:
        look_again(unit, left[-1], is_rejected=True)
    return said
