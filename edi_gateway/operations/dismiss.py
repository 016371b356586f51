"""Dismiss: a person ends the way of what was held or dead, and says why."""

from __future__ import annotations

from edi_gateway.errors import WrongInput
from edi_gateway.operations.moving import move
from edi_gateway.operations.resume import stopped
from edi_gateway.pipeline.outbound.owing import waive
from edi_gateway.store.database import Database
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit


def dismiss(store: Database, flow_id: int, *, because: str, by: str) -> None:
    """Ends a held or dead flow; its payload, document and history stay. A draft is no invoice of its order any more.

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
    if flow.stage != "deliver":
        return ""
    if unit.attempts.in_doubt(flow):
        return "; the ERP may have it, so its number stays taken: the same again is held as a repetition"
    unit.documents.release(flow.subject_id)
    return ""


def _leave_thread(unit: Unit, flow: FlowRow) -> None:
    """An invoice or credit note that its thread has not counted: nothing that is billed or credited later counts it either."""
    if flow.stage in ("bill", "check") and unit.documents.get(flow.subject_id).kind == "invoice":
        unit.documents.change(flow.subject_id, thread_id=None)
