"""Apply, for an application advice (824): what their application made of a set of ours changes its status as a 997 does."""

from __future__ import annotations

from edi_gateway.documents.application_advice import ApplicationAdvice
from edi_gateway.pipeline.inbound.advised import Said, as_told, made_by, sets_meant, verdict_of, worst
from edi_gateway.pipeline.inbound.confirm import look_again, tell_accepted_late
from edi_gateway.pipeline.outbound.awaiting import REJECTED
from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.tools import APPROVED, Record
from edi_gateway.store.rows import DocumentRow, FlowRow, findings_to_text
from edi_gateway.store.unit import Unit
from edi_gateway.x12.acknowledgment import Verdict


def apply_advice(flow: FlowRow, row: DocumentRow, advice: ApplicationAdvice, zone: str) -> Record:
    """Takes each verdict over to the set it is about. A rejection of nothing we know of is put to a person; once is enough.

    ``zone``: the time zone the partner writes its times in.
    """
    made = made_by(advice, zone)

    def record(unit: Unit) -> Outcome:
        if flow.position.startswith(APPROVED):
            return Done()
        if _is_repeated(unit, row, advice):
            text = f"{row.partner} sent advice {advice.number} again; it counts once"
            unit.events.tell("advice.repeated", flow.subject, text, partner=row.partner)
            return Done()
        said: dict[int, Said] = {}
        lost: list[str] = []
        for item in advice.items:
            meant = sets_meant(unit, row, item, made) if verdict_of(item) else []
            for one in meant:
                said[one.id] = worst(said.get(one.id), as_told(one, item))
            if not meant:
                lost.append(f"{item.outcome} of {item.set_code or item.qualifier} {item.reference or item.control_number}")
        for each in said.values():
            _attach(unit, each, advice)
        if not lost:
            return Done()
        said_of = f"{row.partner} says in advice {advice.number}, of nothing we know to have sent, or in no word we know"
        because = f"{said_of}: {'; '.join(lost)}"
        unit.events.tell("advice.orphan", flow.subject, because, partner=row.partner)
        accepted = [item for item in advice.items if verdict_of(item) in (Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_ERRORS)]
        return Done() if len(accepted) == len(advice.items) else Hold(f"{because} — ask them what they mean, then resume this")

    return record


def _is_repeated(unit: Unit, row: DocumentRow, advice: ApplicationAdvice) -> bool:
    """Whether an advice of this number and moment was applied before; a replay of that one is no repetition."""
    key = f"{advice.number}|{advice.created_at.isoformat()}"
    first = unit.documents.claimed(row.partner, row.kind, key, usage=row.usage)
    unit.documents.claim(row.partner, row.kind, key, row.id, usage=row.usage)
    return first is not None and first != row.id and f"document:{first}" not in unit.descent.family(f"document:{row.id}")


def _attach(unit: Unit, said: Said, advice: ApplicationAdvice) -> None:
    row, verdict = said.row, str(said.verdict)
    unit.transactions.change(row.id, acknowledgment=verdict, partner_findings=findings_to_text(said.findings))
    text = f"{row.partner} answered {row.code} {row.business_number} with advice {advice.number} (824): {verdict}"
    unit.events.tell("set.advised", f"transaction:{row.id}", text, partner=row.partner)
    look_again(unit, row, is_rejected=verdict in REJECTED)
    if verdict not in REJECTED:
        tell_accepted_late(unit, row, text, row.control_number)
