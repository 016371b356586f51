"""Re-envelope: what the partner rejected does not exist for it; the document goes as an original under new control numbers."""

from __future__ import annotations

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.operations.request import Answer, Request, do_left_out, name_of, refuse_stopped, sent_set
from edi_gateway.operations.retransmit import UNANSWERED
from edi_gateway.pipeline.inbound.confirm import look_again
from edi_gateway.pipeline.outbound.again import answered_of, taken_late_of
from edi_gateway.pipeline.outbound.awaiting import REJECTED, agreement_of
from edi_gateway.pipeline.outbound.judge import goes_again
from edi_gateway.pipeline.outbound.mend import in_the_way, of_the_other, what_helps
from edi_gateway.pipeline.outbound.originals import close_waiting
from edi_gateway.pipeline.outbound.route import Place, position_of
from edi_gateway.pipeline.outbound.what_was_sent import Written, segments_sent
from edi_gateway.pipeline.outbound.write import chosen_again
from edi_gateway.pipeline.tools import Tools, start
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import USAGES, NoAgreement
from edi_gateway.x12.acknowledgment import Verdict
from edi_gateway.x12.envelope import Segment


def check_re_envelope(unit: Unit, tools: Tools, request: Request) -> None:
    """Raises WrongInput for what was not rejected nor left out for too long of an answer to its interchange, where an original
    that was not rejected is about already, for what is agreed no longer as it was written, and for what the partner's compliance
    rules stop now."""
    row = sent_set(unit, request.transaction)
    if row.acknowledgment != Verdict.REJECTED and not _is_missed(unit, row):  # what they have in part they have
        raise WrongInput(f"{row.partner} did not reject {name_of(row)} ({row.acknowledgment})", do=_do_instead(unit, row))
    other = in_the_way(unit, row)
    if other is not None:
        raise WrongInput(
            f"{name_of(row)} went again already, as set {other.id} ({other.delivery}, {other.acknowledgment})",
            do=of_the_other(unit, other),
        )
    _refuse_agreed_no_longer(tools, row)
    refuse_stopped(unit, tools, [row])


def _refuse_agreed_no_longer(tools: Tools, row: TransactionRow) -> None:
    """The same segments go under the terms of today: where there are none for their release, nobody would await an answer."""
    if row.document_id is None:  # a 997, 999 or TA1 goes out under no agreement
        return
    partner = tools.directory.partner(row.partner or "")
    today = partner.today(tools.clock.now())
    found = tools.directory.agreement(partner, row.code, "out", row.release, USAGES[row.usage], today)
    if isinstance(found, NoAgreement):
        raise WrongInput(f"{name_of(row)} cannot go as it was: {found.why}", do="send it anew: that writes it as agreed today")


def re_envelope(unit: Unit, tools: Tools, request: Request) -> Answer:
    """The same segments as a new set. Raises WrongInput as ``check_re_envelope`` does."""
    check_re_envelope(unit, tools, request)
    row = unit.transactions.get(request.transaction)
    goes_again(unit, tools, [row], "re-envelope")
    sent = segments_sent(unit, row)
    new = _put_again(unit, row, sent.segments)
    child = f"transaction:{new}"
    place = _place(tools, unit.transactions.get(new), sent)
    start(unit, "envelope", child, partner=row.partner, position=position_of(place))
    unit.descent.add(child, request.subject, "re-envelope", because=request.because, by=request.by)
    close_waiting(unit, row, f"re-enveloped by {request.by} as {child}")
    if row.acknowledgment != Verdict.REJECTED:
        unit.transactions.change(row.id, acknowledgment="none")  # no answer to it is awaited any more
        look_again(unit, row, is_rejected=False)
    text = f"{name_of(row)} goes again as an original under new control numbers"
    unit.events.tell("set.re_enveloped", child, f"{text}: {request.because}", partner=row.partner, actor=request.by)
    return Answer(text, child)


def _is_missed(unit: Unit, row: TransactionRow) -> bool:
    """Whether they left it out where they answered what went beside it: its interchange does not go again, so it goes alone once
    its answer is overdue and a person says that they miss it."""
    is_open = row.acknowledgment == "overdue" or (row.acknowledgment == "none" and _went_as_missed(unit, row))
    return is_open and _is_answered_beside(unit, row)


def _went_as_missed(unit: Unit, row: TransactionRow) -> bool:
    """Whether it was re-enveloped before: no answer to it is awaited since, whatever became of that one."""
    return any(one.how == "re-envelope" for one in unit.descent.children(f"transaction:{row.id}"))


def _is_answered_beside(unit: Unit, row: TransactionRow) -> bool:
    """Whether its interchange goes again no more, since they have a part of it."""
    interchange = unit.interchanges.get(row.interchange_id or 0)
    return bool(answered_of(unit, interchange)) or taken_late_of(unit, interchange) is not None


def _do_instead(unit: Unit, row: TransactionRow) -> str:
    if row.acknowledgment in REJECTED:
        return what_helps(unit, row)
    if row.acknowledgment not in UNANSWERED:
        return "correct it, if it is wrong"
    return do_left_out(row) if _is_answered_beside(unit, row) else "retransmit it"


def _place(tools: Tools, row: TransactionRow, sent: Written) -> Place:
    """What it carries to its envelope: it was written with the marks of then, and leaves with those of today."""
    if sent.marks is None:
        return Place()
    terms = tools.directory.partner(row.partner or "").marks_for(agreement_of(row, tools.directory))
    return Place(marks=chosen_again(sent.segments, sent.marks, terms, row.release), written=sent.marks)


def _put_again(unit: Unit, row: TransactionRow, segments: list[Segment]) -> int:
    """Records a set like ``row``, which is to get an envelope of its own; returns its id."""
    values = {name: getattr(row, name) for name in ("direction", "partner", "code", "release", "usage", "business_number")}
    values |= {name: getattr(row, name) for name in ("document_id", "profile_version", "validation", "findings")}
    id = unit.transactions.add(
        **values,
        delivery="pending",
        acknowledgment="none",
        segments=msgspec.json.encode(segments).decode(),
    )
    unit.interchanges.answered_instead(row.id, id)
    return id
