"""Repeat: an old interchange came again; the old answers go again, byte for byte, and nothing is processed twice."""

from __future__ import annotations

from edi_gateway.pipeline.outbound.again import send_again
from edi_gateway.pipeline.outcome import Done, Outcome
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.rows import FlowRow, TransactionRow
from edi_gateway.store.unit import Unit


def repeat(flow: FlowRow, tools: Tools) -> Record:
    """Sends every answer the first interchange got once more, each as a transmission of its own with the same bytes."""

    def record(unit: Unit) -> Outcome:
        duplicate = unit.interchanges.get(int(flow.subject_id))
        assert duplicate.duplicate_of is not None  # noqa: S101  # only duplicates come here
        answers = _answers(unit, duplicate.duplicate_of)
        for answer in answers:
            _again(unit, tools, answer, duplicate.id)
        said = f"answers that go again: {len(answers)}" if answers else "the first one is not answered yet; its answer will come"
        unit.events.tell("interchange.answered_again", flow.subject, said, partner=flow.partner)
        return Done()

    return record


def _answers(unit: Unit, interchange: int) -> list[TransactionRow]:
    """The TA1 and the 997s the first one got."""
    row = unit.interchanges.get(interchange)
    answered = [group.answered_by for group in unit.interchanges.groups(interchange)]
    answers = [unit.transactions.get(answer) for answer in answered if answer is not None]
    ta1 = unit.transactions.ta1_for(row.partner or "", row.control_number, row.at)
    return [ta1, *answers] if ta1 else answers


def _again(unit: Unit, tools: Tools, answer: TransactionRow, duplicate: int) -> None:
    if answer.interchange_id is None:  # it has no envelope yet: it is on its way for the first time
        return
    send_again(unit, unit.interchanges.get(answer.interchange_id), str(duplicate), tools.directory)
