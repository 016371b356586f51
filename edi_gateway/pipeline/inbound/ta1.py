"""A TA1 they sent: their answer about one of our interchanges."""

from __future__ import annotations

from edi_gateway.store.unit import Unit
from edi_gateway.x12.acknowledgment import read_ta1
from edi_gateway.x12.envelope import InterchangeAcknowledgment


def confirm_interchange(unit: Unit, partner: str, event: InterchangeAcknowledgment) -> None:
    """Attaches a TA1 to the interchange it names; one that names none of ours is told, not lost."""
    answer = read_ta1(event.ta1)
    ours = unit.interchanges.sent(partner, answer.control_number.strip().zfill(9))
    if ours is None:
        text = f"{partner} sent a TA1 for interchange {answer.control_number}, which we never sent"
        unit.events.tell(
            "acknowledgment.orphan", f"partner:{partner}", text, partner=partner, control_number=answer.control_number
        )
        return
    unit.interchanges.change(ours.id, acknowledgment=str(answer.verdict))
    text = f"{partner} answered interchange {answer.control_number} with a TA1: {answer.verdict}"
    unit.events.tell(
        "interchange.acknowledged", f"interchange:{ours.id}", text, partner=partner, control_number=answer.control_number
    )
