"""Send anew: a document of ours once more as a set of its own, composed by today's map, under new control numbers."""

from __future__ import annotations

from edi_gateway.errors import WrongInput
from edi_gateway.operations.request import Answer, Request, name_of, refuse_stopped, sent_set
from edi_gateway.pipeline.outbound.judge import goes_again
from edi_gateway.pipeline.tools import Tools, start
from edi_gateway.store.unit import Unit


def check_send_anew(unit: Unit, tools: Tools, request: Request) -> None:
    """Raises WrongInput for what has not left, what is made from no document, and what the compliance rules stop now."""
    row = sent_set(unit, request.transaction)
    if row.document_id is None:
        raise WrongInput(f"a {row.code} is made from no document", do="retransmit it, if it did not arrive")
    if any(one.direction == "out" and one.interchange_id is None for one in unit.transactions.all_of_document(row.document_id)):
        raise WrongInput(f"{name_of(row)} is on its way again already", do="wait until it has left")
    refuse_stopped(unit, tools, [row])


def send_anew(unit: Unit, tools: Tools, request: Request) -> Answer:
    """Puts the document on its way from ``compose``: validated, held and batched as at the first time."""
    check_send_anew(unit, tools, request)
    row = unit.transactions.get(request.transaction)
    goes_again(unit, tools, [row], "send anew")
    child = unit.transactions.put_unsent(
        row.document_id or "",
        direction="out",
        partner=row.partner,
        code=row.code,
        release=row.release,
        usage=row.usage,
        business_number=row.business_number,
        validation="valid",
        delivery="pending",
        acknowledgment="none",
    )
    subject = f"transaction:{child}"
    unit.descent.add(subject, request.subject, "replay", because=request.because, by=request.by)
    start(unit, "compose", f"document:{row.document_id}", partner=row.partner)
    text = f"{name_of(row)} goes to {row.partner} again under new control numbers"
    unit.events.tell("set.sent_anew", subject, f"{text}: {request.because}", partner=row.partner, actor=request.by)
    return Answer(text, subject)
