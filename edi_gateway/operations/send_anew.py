"""Send anew: a document of ours once more as a set of its own, composed by today's map, under new control numbers.

For what they rejected, and for what replaces another document. Of an original that they have not rejected there is never a second
one: that is fined (R10, R21).
"""

from __future__ import annotations

from edi_gateway.errors import WrongInput
from edi_gateway.operations.request import Answer, Request, name_of, refuse_stopped, sent_set
from edi_gateway.pipeline.outbound.awaiting import REJECTED, UNANSWERED
from edi_gateway.pipeline.outbound.judge import goes_again
from edi_gateway.pipeline.outbound.mend import of_the_other, what_helps
from edi_gateway.pipeline.outbound.originals import ORIGINAL, is_moving, unrejected
from edi_gateway.pipeline.tools import Tools, start
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.x12.acknowledgment import Verdict


def check_send_anew(unit: Unit, tools: Tools, request: Request) -> None:
    """Raises WrongInput for what has not left, what is made from no document, an original that stands unrejected, and what the
    compliance rules stop now."""
    row = sent_set(unit, request.transaction)
    if row.document_id is None:
        raise WrongInput(f"a {row.code} is made from no document", do="retransmit it, if it did not arrive")
    if _is_on_its_way(unit, row.document_id):
        raise WrongInput(
            f"{name_of(row)} is on its way again already",
            do="wait until it has left; 'edi-gateway hold list' shows what keeps it",
        )
    refuse_second(unit, row)
    refuse_stopped(unit, tools, [row])


def _is_on_its_way(unit: Unit, document: str) -> bool:
    """Whether a set of it is being composed or waits for its envelope; what a person dismissed there is over."""
    unsent = [one for one in unit.transactions.all_of_document(document) if one.direction == "out" and one.interchange_id is None]
    return any(is_moving(unit, each) for each in (f"document:{document}", *(f"transaction:{one.id}" for one in unsent)))


def refuse_second(unit: Unit, row: TransactionRow) -> None:
    """Raises WrongInput for an original of ours that the partner has not rejected, or of which it has an unrejected one."""
    if row.document_id is None or getattr(unit.documents.read(row.document_id), "purpose", ORIGINAL) != ORIGINAL:
        return
    if row.acknowledgment != Verdict.REJECTED:
        said = f"{row.partner} has {name_of(row)} and did not reject it ({row.acknowledgment}): this would be a second original"
        mend = "correct it, if it is wrong: what goes then replaces it"
        if row.acknowledgment in REJECTED:
            mend = what_helps(unit, row)
        raise WrongInput(said, do=f"retransmit it, if they miss it; {mend}" if row.acknowledgment in UNANSWERED else mend)
    for other in unrejected(unit, row):
        said = f"{name_of(row)} went again since they rejected it, as set {other.id} ({other.acknowledgment})"
        raise WrongInput(f"{said}: this would be a second original", do=of_the_other(unit, other))


def send_anew(unit: Unit, tools: Tools, request: Request) -> Answer:
    """Puts the document on its way from ``compose``: validated, held and batched as at the first time."""
    check_send_anew(unit, tools, request)
    row = unit.transactions.get(request.transaction)
    goes_again(unit, tools, [row], "send anew")
    child = unit.transactions.add(
        document_id=row.document_id,
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
