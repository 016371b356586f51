"""Dismiss: a person ends the way of what was held or dead, and says why."""

from __future__ import annotations

from edi_gateway.errors import WrongInput
from edi_gateway.operations.moving import move
from edi_gateway.operations.resume import stopped
from edi_gateway.pipeline.inbound.confirm import look_again
from edi_gateway.pipeline.outbound.around import corrected_by
from edi_gateway.pipeline.outbound.awaiting import REJECTED
from edi_gateway.pipeline.outbound.originals import LEFT, is_given_up
from edi_gateway.pipeline.outbound.owing import waive
from edi_gateway.store.database import Database
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit


def dismiss(store: Database, flow_id: int, *, because: str, by: str) -> None:
    """Ends a held or dead flow; its payload, document and history stay. A draft is no invoice of its order any more. A
    correction that has no control numbers yet gives its order thread back to the document it corrects, whose rejection is
    somebody's work again.

    Raises WrongInput without a reason, or where there is nothing to end.
    """
    if not because.strip():
        raise WrongInput("a reason is needed", do="say it with --because")
    with store.write() as unit:
        flow = stopped(unit, flow_id)
        move(unit, flow, state="done", because=f"dismissed by {by}: {because}")
        waive(unit, flow.subject, because)
        _leave_thread(unit, flow)
        said = f"dismissed at '{flow.stage}': {because}; it was {flow.state} because: {flow.because}{_number_of(unit, flow)}"
        unit.events.tell("flow.dismissed", flow.subject, said, partner=flow.partner, actor=by)


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


def _leave_thread(unit: Unit, flow: FlowRow) -> None:
    """What will never leave is out of its thread: a correction, of which the thread has counted what it corrects; and an invoice
    or credit note that the thread has not counted, so that nothing billed or credited later counts it either."""
    id = _document_of(unit, flow)
    corrections = corrected_by(unit, id) if id else []
    if corrections and is_given_up(unit, id):
        _give_back(unit, id, corrections[0])
    elif flow.stage in ("bill", "check") and unit.documents.get(id).kind == "invoice":
        unit.documents.change(id, thread_id=None)


def _document_of(unit: Unit, flow: FlowRow) -> str:
    """The document of ours a flow carries; empty for any other."""
    if flow.stage == "envelope" and flow.subject.startswith("transaction:"):
        return unit.transactions.get(int(flow.subject_id)).document_id or ""
    return flow.subject_id if flow.stage in ("bill", "check", "compose") else ""


def _give_back(unit: Unit, correction: str, corrected: str) -> None:
    """The thread is that of the corrected document again; what they rejected of it becomes work again."""
    unit.documents.change(corrected, thread_id=unit.documents.get(correction).thread_id)
    unit.documents.change(correction, thread_id=None)
    left = [one for one in unit.transactions.all_of_document(corrected) if one.direction == "out" and one.delivery in LEFT]
    if left and left[-1].acknowledgment in REJECTED:
        look_again(unit, left[-1], is_rejected=True)
