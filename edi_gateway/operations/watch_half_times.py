"""Watch half times: what we owe and have not given when half the time for it is over is told, once, while there is time left."""

from __future__ import annotations

from datetime import datetime

from edi_gateway.pipeline.inbound.terms import terms_for
from edi_gateway.store.database import Database
from edi_gateway.store.owed import OwedRow
from edi_gateway.store.rows import GroupRow, InterchangeRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.compliance.clock import RULE_OF, due, half_time
from edi_gateway.trading.compliance.pack import CompliancePack
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import TradingPartner


def watch_half_times(store: Database, directory: Directory) -> int:
    """Tells of every acknowledgment, 855, 856 and 810 that has not left at half time; returns how many were new.

    Half time is counted as the deadline is: by the clock, or in the partner's working hours.
    """
    with store.read() as unit:
        groups = [(row, unit.interchanges.get(row.interchange_id)) for row in unit.interchanges.not_half_told()]
        late_groups = [each for each in groups if _is_half_over_for_group(unit, *each, directory)]
        late_answers = [row for row in unit.owed.not_half_told() if _is_half_over_for_answer(unit, row, directory)]
    if not (late_groups or late_answers):
        return 0
    with store.write() as unit:
        for group, interchange in late_groups:
            _tell_group(unit, group, interchange)
        for row in late_answers:
            _tell_answer(unit, row)
    return len(late_groups) + len(late_answers)


def _is_half_over_for_group(unit: Unit, group: GroupRow, interchange: InterchangeRow, directory: Directory) -> bool:
    partner = _partner(directory, interchange.partner)
    if partner is None:
        return False
    terms = terms_for(partner, group.code, group.release, interchange.usage, partner.today(interchange.at))
    return unit.clock.now() >= partner.deadline(interchange.at, terms.within / 2, terms.counted_in)


def _is_half_over_for_answer(unit: Unit, row: OwedRow, directory: Directory) -> bool:
    partner = _partner(directory, row.partner)
    return partner is not None and unit.clock.now() >= _half_time(row, partner, directory.pack(partner.name))


def _half_time(row: OwedRow, partner: TradingPartner, pack: CompliancePack) -> datetime:
    """When half the time for an answer is over: counted as its deadline is where that is agreed still, else by the clock."""
    if row.code in RULE_OF and row.due_at == due(partner, pack, row.code, row.since):
        return half_time(partner, pack, row.code, row.since) or row.due_at
    return row.since + (row.due_at - row.since) / 2


def _tell_group(unit: Unit, group: GroupRow, interchange: InterchangeRow) -> None:
    unit.interchanges.change_group(group.id, half_told_at=unit.clock.now())
    text = f"half the time is over, and the acknowledgment of group {group.code} {group.control_number} has not left"
    unit.events.tell(
        "acknowledgment.owed_half_time",
        f"group:{group.id}",
        f"{text} to {interchange.partner}",
        partner=interchange.partner,
        control_number=group.control_number,
    )


def _tell_answer(unit: Unit, row: OwedRow) -> None:
    unit.owed.tell_half(row)
    text = f"half the time is over, and the {row.name} has not left to {row.partner}: "
    text += f"it is due at {row.due_at:%Y-%m-%d %H:%M} UTC"
    unit.events.tell("answer.owed_half_time", row.about.partition("|")[0], text, partner=row.partner)


def _partner(directory: Directory, name: str | None) -> TradingPartner | None:
    return next((each for each in directory.partners if each.name == name), None)
