"""Correct what is held: a document is edited and goes on, theirs to the ERP and our rules again, ours to its checks.

What the partner rejected goes as what was sent is corrected: again as an original, where a second person agrees if it has to.
What came stays on record as it came, byte for byte; what was changed, why and by whom is an event. From 'compose' on the order
thread has counted a document of ours: what it counted is for the ERP to tell anew, and the rest is judged by the rules again.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from edi_gateway.documents import catalog
from edi_gateway.documents.base import Value
from edi_gateway.documents.catalog import SET_OF
from edi_gateway.documents.given import read_given
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.difference import CHANGED, between_documents
from edi_gateway.operations.correct import corrected, edited, text_of
from edi_gateway.operations.moving import go_on
from edi_gateway.operations.request import Answer, Request, reasoned
from edi_gateway.operations.resume import position_of_draft, stopped
from edi_gateway.operations.second_pair import ask
from edi_gateway.pipeline.inbound.order_approval import BY_RULES
from edi_gateway.pipeline.outbound.bill import asks_release
from edi_gateway.pipeline.outbound.check import COUNTED
from edi_gateway.pipeline.outbound.counted import recounted
from edi_gateway.pipeline.outbound.judge import is_counted
from edi_gateway.pipeline.outbound.originals import LEFT, VERDICTS
from edi_gateway.pipeline.outbound.recount import waits_to_be_counted
from edi_gateway.pipeline.outcome import Done
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.unit import Unit

STAGES = ("consult", "apply", "bill", "check", "compose", "envelope")
"""Where a document is still ours to edit: it was not posted, or has not left."""
CORRECTABLE = (*STAGES, "await")
"""Where a held flow is corrected: what they rejected (``await``) goes again."""
_ASKED_ABOUT = ("order", "order change")  # what the ERP is asked about before our rules look at it
_AFTER_CHECK = ("compose", "envelope")


class Held(NamedTuple):
    """The document of a held flow as JSON for people, and when the flow had last changed as it was read."""

    text: str
    seen: datetime


def read_held(tools: Tools, flow_id: int) -> Held:
    """The document of a held flow, to be edited. Raises WrongInput where there is none."""
    with tools.store.read() as unit:
        flow = stopped(unit, flow_id)
        if flow.stage != "await":
            return Held(catalog.to_json(unit.documents.read(_document(unit, flow).id)).decode(), flow.changed_at)
    return Held(text_of(tools, int(flow.subject_id)), flow.changed_at)


def held_text(tools: Tools, flow_id: int) -> str:
    """Only the document of a held flow. Raises WrongInput where there is none to be edited."""
    return read_held(tools, flow_id).text


def correct_held(
    tools: Tools, flow_id: int, text: str, changes: list[str], *, because: str, by: str, seen: datetime | None = None
) -> Answer:
    """Makes a held document what ``text`` says (empty: what it is), with ``changes`` (``lines.0.quantity=12``) made to it.

    Whatever still keeps it holds it again: this is no approval. Says what is different now; raises WrongInput where nothing is,
    for another number, which would be another document, for another purpose of what we send, for other quantities, prices
    or amounts once the order thread has counted it, and where it changed since it was ``seen``: what another one corrected
    meanwhile is not undone by a text that begins before it; and for what goes to them again because a second person agreed to it.
    """
    reason = reasoned(because)
    with tools.store.write() as unit:
        flow = stopped(unit, flow_id, seen)
        if flow.stage != "await":
            told = _edit(unit, tools, flow, text, changes, reason, by)
            how = "waits to be released" if _waits(flow) else "goes on"
            return Answer(f"flow {flow_id} {how} with {told}", f"flow:{flow_id}")
    transaction = int(flow.subject_id)
    arguments = {"document": corrected(tools, transaction, text, changes)}
    return ask(tools, Request(operation="correct", transaction=transaction, because=reason, by=by, arguments=arguments))


def _edit(unit: Unit, tools: Tools, flow: FlowRow, text: str, changes: list[str], because: str, by: str) -> str:
    """Edits it and sets it going; what is different now."""
    row = _document(unit, flow)
    _refuse_agreed(unit, tools, row)
    before = unit.documents.read(row.id)
    after = read_given(row.kind, edited(row.kind, text or catalog.to_json(before).decode(), changes).encode())
    told = "; ".join(between_documents(before, after, CHANGED))
    if not told:
        raise WrongInput(
            "nothing is changed by that", do=f"say what is to differ; 'edi-gateway hold show {flow.id}' shows what it says"
        )
    _refuse_another(row, before, after)
    is_so = _is_counted(unit, flow, row)
    if is_so and (others := recounted(before, after)):
        said = f"the order has counted {row.kind} {row.number} as it was, and this would change {'; '.join(others)}"
        raise WrongInput(
            said, do="leave that as it is; once it has left, correct it (document correct) or credit it (invoice credit)"
        )
    _go_on(unit, flow, row, is_counted=is_so)
    unit.documents.change(row.id, body=catalog.to_json(after).decode())
    for asked in unit.approvals.open(flow.subject):
        unit.approvals.answer(asked.id, "stale", by=BY_RULES)
    said = f"{row.kind} {row.number} was corrected while it was held: {because} ({told}); it was held because: {flow.because}"
    unit.events.tell("document.corrected", f"document:{row.id}", said, partner=row.partner, actor=by)
    return told


def _refuse_agreed(unit: Unit, tools: Tools, row: DocumentRow) -> None:
    """What a second person agreed to that it goes to them again goes as that person saw it, or not at all."""
    if row.direction != "out" or SET_OF[row.kind] not in tools.directory.partner(row.partner).second_person:
        return
    sets = [one for one in unit.transactions.all_of_document(row.id) if one.direction == "out"]
    is_correction = any(each.how == "correct" for each in unit.descent.parents(f"document:{row.id}"))
    if is_correction or any(one.delivery in LEFT or one.acknowledgment in VERDICTS for one in sets):
        said = f"{row.kind} {row.number} goes to {row.partner} again, and a second person agreed to it as it is"
        raise WrongInput(said, do="dismiss it, and correct what they have anew: then a second person is asked about that")


def _refuse_another(row: DocumentRow, before: Value, after: Value) -> None:
    if catalog.number_of(after) != catalog.number_of(before):
        raise WrongInput(f"its number is {row.number}: another number is another document", do="leave the number as it is")
    purpose = getattr(before, "purpose", "")
    if row.direction == "out" and getattr(after, "purpose", "") != purpose:
        said = f"its purpose is '{purpose}': whether it is an original or a replacement follows from what they have"
        raise WrongInput(said, do="leave the purpose as it is")


def _is_counted(unit: Unit, flow: FlowRow, row: DocumentRow) -> bool:
    """Whether its order thread has it as it was: it was checked, or is checked again since it was corrected after that."""
    if flow.stage != "check":
        return flow.stage in _AFTER_CHECK
    return flow.position == COUNTED or (is_counted(unit, row) and not waits_to_be_counted(unit, row))


def _go_on(unit: Unit, flow: FlowRow, row: DocumentRow, *, is_counted: bool) -> None:
    """Sets it going; what the ERP said of an order it said of the one that was there before, so it is asked again.

    What was checked is checked again, and its set written anew; a draft that somebody has to release stays one.
    """
    stage = "consult" if flow.stage == "apply" and row.kind in _ASKED_ABOUT else flow.stage
    stage = "check" if stage in _AFTER_CHECK else stage
    position = COUNTED if is_counted else position_of_draft(unit, flow) if stage == "bill" else ""
    go_on(unit, flow, Done(stage, subject=f"document:{row.id}", position=position), back=True)
    if _waits(flow):
        unit.flows.move(unit.flows.get(flow.id) or flow, state="held", because=flow.because)


def _waits(flow: FlowRow) -> bool:
    """Whether it is a draft that waits to be released."""
    return flow.stage == "bill" and asks_release(flow.because)


def _document(unit: Unit, flow: FlowRow) -> DocumentRow:
    """The document a flow carries, at a stage where it may be edited."""
    kind, _, id = flow.subject.partition(":")
    if flow.stage == "envelope" and kind == "transaction":
        kind, id = "document", unit.transactions.get(int(id)).document_id or ""
    row = unit.documents.find(id) if kind == "document" else None
    if row is None:
        raise WrongInput(f"flow {flow.id} carries no document yet", do="mend the map or the partner's profile, then resume it")
    if flow.stage not in STAGES:
        at = f"it is at '{flow.stage}': the order thread and the ERP may have it as it is"
        raise WrongInput(at, do="resume or reject it; what was sent is corrected by 'edi-gateway document correct'")
    return row
