"""Await: what we sent waits for the partner's acknowledgment; when it is overdue, somebody is told. Silence accepts nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from edi_gateway.pipeline.outbound.again import answered_of, asks_second, is_on_its_way, lies_unfetched, send_again, taken_late_of
from edi_gateway.pipeline.outbound.judge import goes_again, stopped_now
from edi_gateway.pipeline.outbound.mend import what_helps
from edi_gateway.pipeline.outbound.their_errors import their_errors
from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.quiet import FOUND_AFTER
from edi_gateway.store.rows import FlowRow, InterchangeRow, TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.compliance.stake import at_stake
from edi_gateway.trading.directory import USAGES, Directory, NoAgreement
from edi_gateway.trading.profile import Agreement, Awaited
from edi_gateway.x12.acknowledgment import Verdict

UNANSWERED = ("awaited", "overdue")
REJECTED = (str(Verdict.REJECTED), str(Verdict.PARTIALLY_ACCEPTED))
MAY_BE_TOLD_AGAIN = ("856", "810")  # by the ERP, under the same number: that must not wait behind the rejected one
ASK_AGAIN = timedelta(days=1)  # an overdue answer is told again every day


def agreement_of(row: TransactionRow, directory: Directory) -> Agreement | None:
    """The agreement a set of ours went out under; None for an acknowledgment, and where it is agreed no longer."""
    partner = directory.partner(row.partner or "")
    on = partner.today(row.at)
    found = directory.agreement(partner, row.code, "out", row.release, USAGES[row.usage], on)
    return None if isinstance(found, NoAgreement) else found


def answer_due(row: TransactionRow, directory: Directory, sent_at: datetime, *, parts: int = 1) -> datetime:
    """By when the partner has to acknowledge a set, by the agreement it went out under; of two ``parts``, when half is over."""
    agreement = agreement_of(row, directory)
    awaits = agreement.awaits if agreement else Awaited()
    return directory.partner(row.partner or "").deadline(sent_at, awaits.within / parts, awaits.counted_in)


def await_acknowledgment(flow: FlowRow, tools: Tools) -> Record:
    """Runs when the answer came, when half the time for it is over and when it is due: accepted, the way ends; rejected, a person
    has to look; late, somebody is told.

    What is overdue goes again by itself, once, only where the partner's agreement says so.
    """
    with tools.store.read() as unit:
        row = unit.transactions.get(int(flow.subject_id))
        errors = their_errors(unit, row) if row.acknowledgment in REJECTED else []

    def record(unit: Unit) -> Outcome:
        row = unit.transactions.get_locked(int(flow.subject_id))
        if row.acknowledgment in REJECTED:
            return Hold(_rejection(unit, row, errors) + _ask(tools, row), lets_by=row.code in MAY_BE_TOLD_AGAIN)
        if row.acknowledgment not in UNANSWERED:
            return Done()
        now, is_first_time = unit.clock.now(), row.acknowledgment == "awaited"
        if is_first_time and row.acknowledgment_due_at is not None and now < row.acknowledgment_due_at:
            _tell_half_time(unit, row)
            return Done("await", until=row.acknowledgment_due_at)
        unit.transactions.change(row.id, acknowledgment="overdue")
        interchange = unit.interchanges.get(row.interchange_id or 0)
        number = interchange.control_number
        text = f"no acknowledgment from {row.partner} for {row.code} {row.business_number}, sent in interchange {number}"
        text += at_stake(tools.directory.pack(row.partner or ""), "R03", tools.directory.partner(row.partner or "").currency)
        text += _ask(tools, row)
        unit.events.tell("acknowledgment.overdue", flow.subject, text, partner=row.partner, control_number=number)
        agreement = agreement_of(row, tools.directory)
        goes = is_first_time and agreement is not None and agreement.awaits.retransmit and _speaks_for_all(unit, row)
        if goes and _goes_by_itself(unit, tools, row, interchange):
            return Done("await", until=answer_due(row, tools.directory, now))
        return Done("await", until=now + ASK_AGAIN)

    return record


def _goes_by_itself(unit: Unit, tools: Tools, row: TransactionRow, interchange: InterchangeRow) -> bool:
    """Sends its interchange again, unless something speaks against that, which is told: then it is for a person to say."""
    subject, number = f"transaction:{row.id}", interchange.control_number
    sets = unit.transactions.in_interchange(interchange.id)
    if because := _against(unit, tools, interchange, sets):
        said = f"{row.code} {row.business_number} does not go again by itself: {because}"
        unit.events.tell("set.not_retransmitted", subject, said, partner=row.partner, control_number=number)
        return False
    if stops := stopped_now(unit, tools, sets):
        told = "; ".join(str(each) for each in stops)
        said = f"{row.code} {row.business_number} does not go again by itself, compliance rules stop it: {told}"
        unit.events.tell("compliance.breach", subject, said, partner=row.partner, control_number=number)
        return False
    goes_again(unit, tools, sets, "retransmit")
    send_again(unit, interchange, f"_{row.id}", tools.directory)
    said = f"{row.code} {row.business_number} goes again in the same interchange {number}"
    unit.events.tell("set.retransmitted", subject, said, partner=row.partner, control_number=number)
    return True


def _against(unit: Unit, tools: Tools, interchange: InterchangeRow, sets: list[TransactionRow]) -> str:
    """Why an interchange does not go again without a person; nothing where it may."""
    if _may_be_answered(unit, interchange):
        return "it may have been answered before the restore"
    if answered := answered_of(unit, interchange):
        return f"they answered {answered}, so they have it; ask them for the answer"
    if taken := taken_late_of(unit, interchange):
        return str(taken)
    if unfetched := lies_unfetched(unit, interchange, tools.directory):
        return unfetched
    if asks_second(tools.directory, sets):
        return "a second person has to agree to that (second_person); ask them, or retransmit it"
    return "it is on its way again already" if is_on_its_way(unit, interchange) else ""


def _tell_half_time(unit: Unit, row: TransactionRow) -> None:
    text = f"half the time is over, and no acknowledgment from {row.partner} for {row.code} {row.business_number}"
    subject = f"transaction:{row.id}"
    number = unit.interchanges.get(row.interchange_id or 0).control_number
    unit.events.tell("acknowledgment.half_time", subject, text, partner=row.partner, control_number=number)


def _speaks_for_all(unit: Unit, row: TransactionRow) -> bool:
    """Whether it is the first of the unanswered sets of its interchange, which goes again once for all of them."""
    sets = unit.transactions.in_interchange(row.interchange_id or 0)
    return row.id == min(one.id for one in sets if one.id == row.id or one.acknowledgment in UNANSWERED)


def _may_be_answered(unit: Unit, row: InterchangeRow) -> bool:
    """Whether the store was restored since it was sent: an answer that came after the backup is not on record."""
    if unit.transmissions.get(row.transmission_id or 0).detail.startswith(FOUND_AFTER):
        return True
    return any(restored.at >= row.at for restored in unit.events.of_kind("store.restored"))


def _ask(tools: Tools, row: TransactionRow) -> str:
    """Whom to ask about it, where the partner's profile says."""
    contact = tools.directory.partner(row.partner or "").contact("edi")
    return f" — ask {contact}" if contact else ""


def _rejection(unit: Unit, row: TransactionRow, errors: list[str]) -> str:
    """What they say is wrong with it, and what to do."""
    said = "; ".join(errors)
    text = f"{row.partner} answered {row.code} {row.business_number}: {row.acknowledgment}"
    return f"{text}{': ' + said if said else ''} — {what_helps(unit, row)}"
