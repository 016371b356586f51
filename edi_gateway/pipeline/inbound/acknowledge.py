"""Acknowledge: the 997 or 999 a group is owed, the TA1 an interchange is owed; it waits for nothing but syntax."""

from __future__ import annotations

import msgspec

from edi_gateway.errors import Defect
from edi_gateway.pipeline.inbound.convention import conventions
from edi_gateway.pipeline.inbound.terms import terms_for
from edi_gateway.pipeline.outbound.route import Place, position_of
from edi_gateway.pipeline.outcome import Done, Outcome
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.rows import FlowRow, GroupRow, TransactionRow, findings_from_text
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.x12.acknowledgment import (
    Acknowledged,
    Form,
    SetResult,
    functional_acknowledgment,
    interchange_acknowledgment,
)
from edi_gateway.x12.envelope import FunctionalGroup, Interchange, Segment


def acknowledge(flow: FlowRow, tools: Tools) -> Record:
    """Writes the answer to a group (997, 999) or an interchange (TA1)."""
    kind = flow.subject.partition(":")[0]
    if kind == "group":
        return _answer_group(int(flow.subject_id), flow.partner or "", tools)
    if kind == "interchange":
        return _answer_interchange(int(flow.subject_id))
    raise Defect(f"nothing is acknowledged for {flow.subject}")


def _answer_group(group_id: int, whose: str, tools: Tools) -> Record:
    with tools.store.read() as unit:
        group = unit.interchanges.group(group_id)
        interchange = unit.interchanges.get(group.interchange_id)
        sets = unit.transactions.in_group(group_id)
    partner = tools.directory.partner(whose)
    terms = terms_for(partner, group.code, group.release, interchange.usage, partner.today(interchange.at))
    if terms.form == "none":
        return lambda unit: _not_owed(unit, group, sets)
    form, marks = Form(terms.form, terms.release, terms.detail), partner.marks.delimiters()
    received = msgspec.json.decode(interchange.isa, type=Interchange)
    header = FunctionalGroup(gs=msgspec.json.decode(group.gs, type=tuple[str, ...]), interchange=received)
    said = [""] * len(sets)
    if form.names_conventions:
        with tools.store.read() as unit:
            said = conventions(unit, interchange, received, sets)
    answer = functional_acknowledgment(
        header,
        [
            SetResult(one.code, one.control_number, findings_from_text(one.findings), convention)
            for one, convention in zip(sets, said, strict=True)
        ],
        findings_from_text(group.findings),
        declared=group.declared,
        form=form,
        delimiters=marks,
        characters=partner.characters,
    )

    def record(unit: Unit) -> Outcome:
        said = answer.segments[:-1]  # from ST on, which names the convention; SE is the enveloper's
        row = _outgoing(unit, partner, answer.form.set, answer.form.release, interchange.usage, group.control_number, said)
        verdicts = zip(sets, answer.sets, strict=True)
        unit.transactions.change_each([{"this": one.id, "verdict": str(told.verdict)} for one, told in verdicts])
        unit.interchanges.change_group(group.id, answered_by=row)  # owed until it has left: see outbound.answered
        _tell(unit, group, partner, answer)
        place = position_of(Place(written=marks))
        return Done("envelope", subject=f"transaction:{row}", position=place)

    return record


def _tell(unit: Unit, group: GroupRow, partner: TradingPartner, answer: Acknowledged) -> None:
    text = f"group {group.code} {group.control_number} of {partner.name}: {answer.verdict}"
    unit.events.tell("group.acknowledged", f"group:{group.id}", text, partner=partner.name, control_number=group.control_number)


def _not_owed(unit: Unit, group: GroupRow, sets: list[TransactionRow]) -> Outcome:
    unit.interchanges.change_group(group.id, acknowledgment="not owed")
    for one in sets:
        unit.transactions.change(one.id, acknowledgment="not owed")
    return Done()


def _answer_interchange(interchange_id: int) -> Record:
    def record(unit: Unit) -> Outcome:
        row = unit.interchanges.get(interchange_id)
        ta1 = interchange_acknowledgment(msgspec.json.decode(row.isa, type=Interchange), findings_from_text(row.findings))
        values = {"direction": "out", "partner": row.partner, "code": "TA1", "release": "", "usage": row.usage}
        transaction = unit.transactions.add(
            **values,
            business_number=row.control_number,
            validation="valid",
            delivery="pending",
            acknowledgment="none",
            segments=msgspec.json.encode([ta1]).decode(),
        )
        unit.interchanges.change(row.id, answered_by=transaction)
        return Done("envelope", subject=f"transaction:{transaction}")

    return record


def _outgoing(unit: Unit, partner: TradingPartner, code: str, release: str, usage: str, answers: str, body: list[Segment]) -> int:
    return unit.transactions.add(
        direction="out",
        partner=partner.name,
        code=code,
        release=release,
        usage=usage,
        business_number=answers,
        validation="valid",
        delivery="pending",
        acknowledgment="none",
        segments=msgspec.json.encode(body).decode(),
    )
