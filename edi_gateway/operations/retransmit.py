"""Retransmit: a receipt came and no acknowledgment; the same interchange goes again, byte for byte, as another transmission."""

from __future__ import annotations

from edi_gateway.errors import WrongInput
from edi_gateway.operations.request import Answer, Request, do_left_out, name_of, refuse_stopped, sent_set
from edi_gateway.pipeline.outbound.again import (
    answered_of,
    is_on_its_way,
    lies_unfetched,
    send_again,
    taken_late_of,
    times_it_went,
)
from edi_gateway.pipeline.outbound.awaiting import REJECTED
from edi_gateway.pipeline.outbound.judge import goes_again
from edi_gateway.pipeline.outbound.mend import of_the_other, what_helps
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.unit import Unit
from edi_gateway.x12.acknowledgment import Verdict

UNFETCHED = "unfetched"
"""The argument of a request that is to put a second file into a mailbox in which the first one lies still."""
UNANSWERED = ("none", "awaited", "overdue")


def check_retransmit(unit: Unit, tools: Tools, request: Request) -> None:
    """Raises WrongInput for what has not left, what was answered or went beside something that was, what would bring a second
    original, what is on its way again already, what lies unfetched in a mailbox of ours unless ``arguments`` names ``UNFETCHED``,
    and what the partner's compliance rules stop now."""
    row = sent_set(unit, request.transaction)
    if row.acknowledgment in REJECTED:
        said = "for them it does not exist" if row.acknowledgment == Verdict.REJECTED else "they have it"
        raise WrongInput(f"{row.partner} answered {name_of(row)}: {row.acknowledgment}, so {said}", do=what_helps(unit, row))
    if row.acknowledgment not in UNANSWERED:
        raise WrongInput(f"{row.partner} answered {name_of(row)} already: {row.acknowledgment}", do="correct it, if it is wrong")
    interchange = unit.interchanges.get(row.interchange_id or 0)
    if answered := answered_of(unit, interchange):
        said = f"{row.partner} answered {answered}, so they have {name_of(row)}"
        raise WrongInput(said, do=do_left_out(row))
    if is_on_its_way(unit, interchange):
        said = f"interchange {interchange.control_number} is on its way again already"
        raise WrongInput(said, do="wait until it has left; 'edi-gateway hold list' shows what keeps it")
    if taken := taken_late_of(unit, interchange):
        said = f"interchange {interchange.control_number} would bring {row.partner} a second original: {taken}"
        raise WrongInput(said, do=of_the_other(unit, taken.other) if taken.row.id == row.id else do_left_out(row))
    unfetched = lies_unfetched(unit, interchange, tools.directory)
    if unfetched and UNFETCHED not in request.arguments:
        said = f"interchange {interchange.control_number} would reach them twice: {unfetched}"
        raise WrongInput(said, do="ask them to fetch it; if a second file helps all the same, say so (--unfetched)")
    refuse_stopped(unit, tools, unit.transactions.in_interchange(interchange.id))


def retransmit(unit: Unit, tools: Tools, request: Request) -> Answer:
    """The same interchange under a name or Message-ID of its own. Raises WrongInput as ``check_retransmit`` does."""
    check_retransmit(unit, tools, request)
    row = unit.transactions.get(request.transaction)
    interchange = unit.interchanges.get(row.interchange_id or 0)
    goes_again(unit, tools, unit.transactions.in_interchange(interchange.id), "retransmit")
    mark = f"_r{len(times_it_went(unit, interchange))}"
    child = f"transmission:{send_again(unit, interchange, mark, tools.directory)}"
    unit.descent.add(child, f"transmission:{interchange.transmission_id}", "retransmit", because=request.because, by=request.by)
    text = f"{name_of(row)} goes again in the same interchange {interchange.control_number}"
    unit.events.tell(
        "set.retransmitted",
        request.subject,
        f"{text}: {request.because}",
        partner=row.partner,
        control_number=interchange.control_number,
        actor=request.by,
    )
    return Answer(text, child)
