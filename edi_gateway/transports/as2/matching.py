"""Holds a receipt against the message it is for: it proves something only if it is signed by them and repeats our MIC."""

from __future__ import annotations

from typing import NamedTuple

from edi_gateway.transports.as2.journal import Sent, SentState
from edi_gateway.transports.as2.mdn import Mdn
from edi_gateway.transports.as2.relation import Relation


class Verdict(NamedTuple):
    """What a receipt comes to, and a sentence about it."""

    state: SentState
    said: str


def judge(mdn: Mdn, is_signed: bool, sent: Sent, relation: Relation) -> Verdict:
    """Confirmed, refused or unproven."""
    about = f"receipt for {sent.message_id}"
    if not mdn.disposition.is_positive:
        unsigned = "" if is_signed or not relation.receipt_signed else " (unsigned)"
        return Verdict("refused", f"{relation.theirs} refused it{unsigned}: {mdn.disposition}{_quoted(mdn.text)}")
    if relation.receipt_signed and not is_signed:
        return Verdict("unproven", f"the {about} is not signed, so it proves nothing")
    if mdn.mic is None:
        return Verdict("unproven", f"the {about} repeats no MIC, so it does not say what arrived")
    if not mdn.mic.equals(sent.mic):
        return Verdict("unproven", f"the {about} has another MIC ({mdn.mic}) than was sent ({sent.mic})")
    warning = f" with a warning: {mdn.disposition.why}" if mdn.disposition.grade else ""
    return Verdict("confirmed", f"{relation.theirs} has it{warning}; MIC {mdn.mic}")


def _quoted(text: str) -> str:
    first = text.strip().partition("\n")[0].strip()[:200]
    return f' — they say: "{first}"' if first else ""
