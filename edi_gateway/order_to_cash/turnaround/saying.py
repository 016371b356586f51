"""How an 855 says what was decided: in the words a partner takes, and with the codes it wants."""

from __future__ import annotations

import msgspec

from edi_gateway.documents.order_acknowledgment import AcknowledgedLine, LineDecision, OrderAcknowledgment
from edi_gateway.order_to_cash.turnaround.acknowledgment import decision_of
from edi_gateway.trading.business import Answers, AnswerWords

PARTLY = "quantity changed"
USUAL_CODES = {"accepted": "AD", "accepted with changes": "AC", "rejected": "RD"}
"""What maps write for our words; a partner's other code stands in the document itself, and maps write it as it is."""


def in_their_words(answer: OrderAcknowledgment, words: AnswerWords) -> OrderAcknowledgment:
    """The answer with nothing in it that the partner does not take: what is decided changes with what is said.

    A line of which only a part comes may be said as "quantity changed" instead of accepted. Without lines it stays as it is.
    """
    if not answer.lines or words == AnswerWords():
        return answer
    lines = tuple(_line(line, words) for line in answer.lines)
    decided = decision_of(lines) if any(line.decisions for line in lines) else answer.decision
    return msgspec.structs.replace(answer, lines=lines, decision=decided)


def as_written(answer: OrderAcknowledgment, answers: Answers) -> OrderAcknowledgment:
    """What leaves of an answer that was checked: without lines where they want none, its decision as their code (BAK02)."""
    words, short = answers.acknowledgment, answers.lines == "changes" and answer.decision == "accepted"
    codes = {
        "accepted": words.accepted_in_short if short or not answer.lines else words.accepted,
        "accepted with changes": words.changed,
        "rejected": words.rejected,
    }
    lines = () if short else tuple(_written(line, words) for line in answer.lines)
    code = codes.get(answer.decision)
    decision = answer.decision if code in (None, USUAL_CODES.get(answer.decision)) else code
    return msgspec.structs.replace(answer, lines=lines, decision=decision)


def _line(line: AcknowledgedLine, words: AnswerWords) -> AcknowledgedLine:
    decisions = tuple(_decision(each, words) for each in line.decisions)
    comes = [each for each in decisions if each.status == "accepted"]
    if words.partly == PARTLY and comes and sum(each.quantity for each in comes) < line.quantity:
        decisions = tuple(msgspec.structs.replace(each, status=PARTLY) if each in comes else each for each in decisions)
    return msgspec.structs.replace(line, decisions=decisions)


def _decision(decision: LineDecision, words: AnswerWords) -> LineDecision:
    status = next((said for word, said in words.instead.items() if word == decision.status), None)
    if status is None:
        return decision
    reason = decision.reason or (f"not {decision.status}" if status == "rejected" else "")
    return msgspec.structs.replace(decision, status=status, reason=reason)


def _written(line: AcknowledgedLine, words: AnswerWords) -> AcknowledgedLine:
    """Without what does not come of a line, where the changed quantity says that already."""
    if words.rest == "said" or not any(each.status == PARTLY for each in line.decisions):
        return line
    return msgspec.structs.replace(line, decisions=tuple(each for each in line.decisions if each.status != "rejected"))
