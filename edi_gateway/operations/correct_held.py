"""Correct what is held: a document is edited and goes on, theirs to the ERP and our rules again, ours to its checks.

What came stays on record as it came, byte for byte; what was changed, why and by whom is an event.
"""

from __future__ import annotations

from edi_gateway.documents import catalog
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.difference import between_documents
from edi_gateway.operations.correct import edited
from edi_gateway.operations.moving import move
from edi_gateway.operations.resume import stopped
from edi_gateway.pipeline.inbound.order_approval import BY_RULES
from edi_gateway.pipeline.way import lane_of
from edi_gateway.store.database import Database
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.unit import Unit

STAGES = ("consult", "apply", "check", "compose")
"""Where a document is still ours to edit: it was not posted, or is no set yet."""
_ASKED_ABOUT = ("order", "order change")  # what the ERP is asked about before our rules look at it
_NUMBERS = ("number", "shipment", "trace")


def held_text(store: Database, flow_id: int) -> str:
    """The document of a held flow as JSON for people. Raises WrongInput where there is none to be edited."""
    with store.read() as unit:
        return catalog.to_json(unit.documents.read(_document(unit, stopped(unit, flow_id)).id)).decode()


def correct_held(store: Database, flow_id: int, text: str, changes: list[str], *, because: str, by: str) -> str:
    """Makes a held document what ``text`` says (empty: what it is), with ``changes`` (``lines.0.quantity=12``) made to it.

    Whatever still keeps it holds it again: this is no approval. At 'compose' the order thread has counted it as it was; what
    differs in quantity or price is for the ERP to tell. Returns what is different now; raises WrongInput where nothing is, and
    for another number, which would be another document.
    """
    with store.write() as unit:
        flow = stopped(unit, flow_id)
        row = _document(unit, flow)
        before = unit.documents.read(row.id)
        after = catalog.from_json(row.kind, edited(text or catalog.to_json(before).decode(), changes).encode())
        told = "; ".join(between_documents(before, after))
        if not told:
            raise WrongInput("nothing is changed by that", do=f"resume it as it is: edi-gateway hold resume {flow_id}")
        if any(getattr(after, name, "") != getattr(before, name, "") for name in _NUMBERS):
            raise WrongInput(f"its number is {row.number}: another number is another document", do="leave the number as it is")
        _go_on(unit, flow, row)
        unit.documents.change(row.id, body=catalog.to_json(after).decode())
        for asked in unit.approvals.open(flow.subject):
            unit.approvals.answer(asked.id, "stale", by=BY_RULES)
        said = f"{row.kind} {row.number} was corrected while it was held: {because} ({told}); it was held because: {flow.because}"
        unit.events.tell("document.corrected", flow.subject, said, partner=row.partner, actor=by)
    return told


def _go_on(unit: Unit, flow: FlowRow, row: DocumentRow) -> None:
    """Sets it going; what the ERP said of an order it said of the one that was there before, so it is asked again."""
    stage = "consult" if flow.stage == "apply" and row.kind in _ASKED_ABOUT else flow.stage
    lane = lane_of(stage, partner=flow.partner, connection=flow.connection, connector=flow.connector)
    now = unit.clock.now()
    move(unit, flow, state="ready", stage=stage, lane=lane, due_at=now, tries=0, deaths=0, because="", position="")


def _document(unit: Unit, flow: FlowRow) -> DocumentRow:
    """The document a flow carries, at a stage where it may be edited."""
    row = unit.documents.find(flow.subject_id) if flow.subject.startswith("document:") else None
    if row is None:
        raise WrongInput(f"flow {flow.id} carries no document yet", do="mend the map or the partner's profile, then resume it")
    if flow.stage not in STAGES:
        at = f"it is at '{flow.stage}': the order thread and the ERP may have it as it is"
        raise WrongInput(at, do="resume or reject it; what was sent is corrected by 'edi-gateway document correct'")
    return row
