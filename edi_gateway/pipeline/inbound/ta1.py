"""A TA1 they sent: their answer about one of our interchanges."""

from __future__ import annotations

from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.inbound.confirm import as_a_test, look_again
from edi_gateway.pipeline.outbound.again import answered_of, may_have_gone_twice
from edi_gateway.store.interchanges import Ends
from edi_gateway.store.rows import InterchangeRow, findings_to_text
from edi_gateway.store.unit import Unit
from edi_gateway.x12.acknowledgment import InterchangeVerdict, Verdict, read_ta1
from edi_gateway.x12.envelope import InterchangeAcknowledgment
from edi_gateway.x12.finding import Finding, Level, Scope

DUPLICATE_INTERCHANGE = "025"  # TA105


def confirm_interchange(unit: Unit, partner: str, event: InterchangeAcknowledgment) -> None:
    """Attaches a TA1 to the interchange it names; one that names none of ours, or none at all, is told, not lost."""
    try:
        answer = read_ta1(event.ta1)
    except WrongInput as error:
        text = f"in interchange {event.interchange.control_number} of {partner}: {error}"
        unit.events.tell("acknowledgment.orphan", f"partner:{partner}", text, partner=partner)
        return
    theirs = event.interchange
    ends = Ends(str(theirs.sender), str(theirs.receiver), theirs.usage)
    number = answer.control_number.strip().zfill(9)
    ours = unit.interchanges.sent(partner, number, ends)
    if ours is None:
        text = f"{partner} sent a TA1 for interchange {answer.control_number}, which we never sent"
        text += as_a_test(unit.interchanges.sent(partner, number, ends._replace(usage="")))
        unit.events.tell(
            "acknowledgment.orphan", f"partner:{partner}", text, partner=partner, control_number=answer.control_number
        )
        return
    text = f"{partner} answered interchange {answer.control_number} with a TA1: {answer.verdict}"
    if _refuses_a_copy(unit, ours, answer):
        text += ", because its number was used before: by itself, so they have it, and what they say of its sets stands"
    else:
        unit.interchanges.change(ours.id, acknowledgment=str(answer.verdict))
        if answer.verdict is Verdict.REJECTED:
            _reject_all(unit, ours.id, answer)
    unit.events.tell(
        "interchange.acknowledged", f"interchange:{ours.id}", text, partner=partner, control_number=answer.control_number
    )


def _refuses_a_copy(unit: Unit, ours: InterchangeRow, answer: InterchangeVerdict) -> bool:
    """Whether what they reject is one more copy of an interchange that they have: its number was used before, by itself."""
    is_known = answer.verdict is Verdict.REJECTED and answer.code == DUPLICATE_INTERCHANGE
    return is_known and (bool(answered_of(unit, ours)) or may_have_gone_twice(unit, ours))


def _reject_all(unit: Unit, interchange: int, answer: InterchangeVerdict) -> None:
    """A rejected interchange takes every set in it along: for the partner none of them exists, be it one that was to be answered
    or an answer itself, and whether or not it is on record yet that it left."""
    message = answer.message or "without a reason"
    said = Finding(f"interchange.code_{answer.code}", Scope.INTERCHANGE, Level.ENVELOPE, answer.code, message)
    for row in unit.transactions.in_interchange(interchange):
        unit.transactions.change(row.id, acknowledgment=str(Verdict.REJECTED), partner_findings=findings_to_text((said,)))
        text = f"{row.partner} rejected the interchange that {row.code} {row.business_number} went in: {message}"
        unit.events.tell("set.acknowledged", f"transaction:{row.id}", text, partner=row.partner)
        look_again(unit, row, is_rejected=True)
