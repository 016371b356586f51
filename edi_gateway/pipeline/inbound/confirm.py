"""Confirm: a 997 or 999 they sent is attached to the sets of ours that it answers."""

from __future__ import annotations

from edi_gateway.pipeline.inbound.advised import bare, is_by_application
from edi_gateway.pipeline.inbound.translate import stored_set
from edi_gateway.pipeline.outbound.again import receipt_is_settled
from edi_gateway.pipeline.outbound.originals import LEFT, replaced_by
from edi_gateway.pipeline.outcome import Done, Outcome, Reject
from edi_gateway.pipeline.tools import Record, Tools, start
from edi_gateway.store.interchanges import Ends
from edi_gateway.store.rows import FlowRow, GroupRow, TransactionRow, findings_to_text
from edi_gateway.store.unit import Unit
from edi_gateway.x12.acknowledgment import FunctionalAcknowledgment, SetVerdict, Verdict, read_acknowledgment

_ACCEPTANCES = (Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_ERRORS)
_UNANSWERED = ("none", "awaited", "overdue")
_WORSE = (*_ACCEPTANCES, Verdict.PARTIALLY_ACCEPTED, Verdict.REJECTED)


def confirm(flow: FlowRow, tools: Tools) -> Record:
    """Reads their verdicts. Late ones count too; one that answers nothing of ours is told, not lost."""
    stored = stored_set(tools, int(flow.subject_id))
    answer = read_acknowledgment(stored.set)

    def record(unit: Unit) -> Outcome:
        partner = flow.partner or ""
        ends, named = _ends(unit, flow), (partner, answer.group_code, bare(answer.group_control_number))
        group = unit.interchanges.sent_group(*named, ends)
        if group is None:
            because = f"it answers group {answer.group_code} {answer.group_control_number}, which we never sent to {partner}"
            because += as_a_test(unit.interchanges.sent_group(*named, ends._replace(usage="")))
            unit.events.tell("acknowledgment.orphan", flow.subject, because, partner=partner)
            return Reject(because)
        said = {"acknowledgment": str(answer.verdict), "answered_at": unit.clock.now()}
        unit.interchanges.change_group(group.id, answered_by=int(flow.subject_id), **said)
        sets = unit.transactions.in_group(group.id)
        unlisted = sum(_listed(row, answer) is None for row in sets)
        for row in sets:
            verdict = _verdict_on(row, answer, len(sets), unlisted)
            if verdict is not None:
                _attach(unit, row, verdict, group)
            elif row.acknowledgment in _UNANSWERED and not _is_about_part(answer, len(sets)):
                _tell_left_open(unit, flow, row, answer)
        return Done()

    return record


def as_a_test(in_production: object) -> str:
    """What to say more of an answer to nothing of ours, where there is something that it may not answer."""
    return " as a test: theirs is one (ISA15 T), and what went in production is answered there" if in_production else ""


def _ends(unit: Unit, flow: FlowRow) -> Ends:
    return unit.interchanges.ends(unit.transactions.get(int(flow.subject_id)).interchange_id)


def _verdict_on(row: TransactionRow, answer: FunctionalAcknowledgment, sets: int, unlisted: int) -> SetVerdict | None:
    """What they say of a set of a group of as many ``sets``, of which they leave so many ``unlisted``; None: nothing.

    X12 lets accepted sets be left out. Where they count fewer accepted ones (AK904) than that would make, it says nothing.
    A group that is rejected (AK901) takes along every set that it is about, though it be listed as accepted.
    """
    listed = _listed(row, answer)
    if answer.verdict is Verdict.REJECTED and answer.speaks_of_group:
        if listed is None and _is_about_part(answer, sets):
            return None
        findings = (listed.findings if listed else ()) or answer.findings
        return SetVerdict(set=row.code, control_number=row.control_number, verdict=Verdict.REJECTED, findings=findings)
    if listed is not None or answer.unlisted is None:
        return listed
    accepted = sum(one.verdict in _ACCEPTANCES for one in answer.sets)
    if answer.accepted is not None and accepted + unlisted > answer.accepted:
        return None
    findings = answer.findings if answer.unlisted is Verdict.ACCEPTED_WITH_ERRORS else ()
    return SetVerdict(set=row.code, control_number=row.control_number, verdict=answer.unlisted, findings=findings)


def _listed(row: TransactionRow, answer: FunctionalAcknowledgment) -> SetVerdict | None:
    """What they say of one set, if they list it; the worst of it where they list it twice."""
    same = [one for one in answer.sets if bare(one.control_number) == bare(row.control_number)]
    return max(same, key=lambda one: _WORSE.index(one.verdict), default=None)


def _is_about_part(answer: FunctionalAcknowledgment, sets: int) -> bool:
    """Whether it speaks of those it lists alone: some answer each set by a 997 of its own, which counts (AK902) only that."""
    return bool(answer.sets) and answer.declared is not None and answer.declared < sets


def _tell_left_open(unit: Unit, flow: FlowRow, row: TransactionRow, answer: FunctionalAcknowledgment) -> None:
    text = (
        f"{row.partner} answered group {answer.group_code} {answer.group_control_number} without a word of "
        f"{row.code} {row.business_number}, and {_why_left_open(answer)}: it stays {row.acknowledgment}"
    )
    unit.events.tell("acknowledgment.incomplete", f"transaction:{row.id}", text, partner=flow.partner)


def _why_left_open(answer: FunctionalAcknowledgment) -> str:
    if not answer.speaks_of_group:
        return "says nothing of the group (no AK9)"
    if not answer.is_whole:
        return "has another number of segments than it says (SE01)"
    if answer.unlisted is None:
        return f"says that a part was rejected (AK901 {answer.verdict.code}), but not which, or how many were accepted"
    return f"counts {answer.accepted} sets accepted"


def _attach(unit: Unit, row: TransactionRow, verdict: SetVerdict, group: GroupRow) -> None:
    """Takes their verdict over. An acceptance speaks of syntax, and takes back nothing that their application said (824)."""
    subject = f"transaction:{row.id}"
    is_rejected = verdict.verdict in (Verdict.REJECTED, Verdict.PARTIALLY_ACCEPTED)
    stands = is_by_application(row) and not is_rejected
    if not stands:
        told = findings_to_text(tuple(verdict.findings))
        unit.transactions.change(row.id, acknowledgment=str(verdict.verdict), partner_findings=told)
    text = f"{row.partner} answered {row.code} {row.business_number}: {verdict.verdict}"
    text += f"; what their application said stands: {row.acknowledgment}" * stands
    unit.events.tell("set.acknowledged", subject, text, partner=row.partner, control_number=group.control_number)
    if not stands:
        look_again(unit, row, is_rejected=is_rejected)
    if not (stands or is_rejected):
        tell_accepted_late(unit, row, text, group.control_number)


def tell_accepted_late(unit: Unit, row: TransactionRow, text: str, control_number: str) -> None:
    """Tells where they accept what they had rejected or missed, ``row`` as it was then, after another set took its place."""
    if row.acknowledgment in (Verdict.REJECTED, "none") and (newer := replaced_by(unit, row)):
        why = "rejected" if row.acknowledgment == Verdict.REJECTED else "missed"
        text = f"{text}, after it was {why}; set {newer.id} takes its place ({newer.delivery}, {newer.acknowledgment})"
        unit.events.tell("set.accepted_late", f"transaction:{row.id}", text, partner=row.partner, control_number=control_number)


def look_again(unit: Unit, row: TransactionRow, *, is_rejected: bool) -> None:
    """Lets what waits for an answer see that one came. A rejection that comes after the wait was over becomes work of its own."""
    subject = f"transaction:{row.id}"
    waiting = [flow for flow in unit.flows.of(subject) if flow.stage == "await" and flow.state not in ("done", "rejected")]
    for flow in waiting:
        unit.flows.move(flow, state="ready", due_at=unit.clock.now(), position="")
    if is_rejected and not waiting and row.delivery in LEFT:
        start(unit, "await", subject, partner=row.partner)
    receipt_is_settled(unit, row)
