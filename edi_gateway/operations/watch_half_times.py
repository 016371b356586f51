"""Watch half times: what we owe and have not given when half the time for it is over is told, once, while there is time left."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from edi_gateway.pipeline.inbound.terms import terms_for
from edi_gateway.store.database import Database
from edi_gateway.store.owed import OwedRow
from edi_gateway.store.rows import GroupRow, InterchangeRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.trading.terms import CountedIn


class _Term(NamedTuple):
    within: timedelta
    counted_in: CountedIn


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
    terms = terms_for(partner, group.code, group.release, partner.today(interchange.at))
    return unit.clock.now() >= partner.deadline(interchange.at, terms.within / 2, terms.counted_in)


def _is_half_over_for_answer(unit: Unit, row: OwedRow, directory: Directory) -> bool:
    partner = _partner(directory, row.partner)
    term = _term(partner, row.code) if partner else None
    if partner is None or term is None:
        return False
    return unit.clock.now() >= partner.deadline(row.since, term.within / 2, term.counted_in)


def _term(partner: TradingPartner, code: str) -> _Term | None:
    """The deadline for an answer; None where the profile names none any more."""
    answers = partner.answers
    within, counted_in = {
        "855": (answers.order_acknowledgment_within, answers.order_acknowledgment_counted_in),
        "856": (answers.ship_notice_within, answers.ship_notice_counted_in),
        "810": (answers.invoice_within, answers.invoice_counted_in),
    }[code]
    return _Term(within, counted_in) if within is not None else None


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
    what = "order" if row.code == "855" else "shipment"
    text = f"half the time is over, and the {row.code} for {what} {row.number} has not left to {row.partner}: "
    text += f"it is due at {row.due_at:%Y-%m-%d %H:%M} UTC"
    unit.events.tell("answer.owed_half_time", row.about.partition("|")[0], text, partner=row.partner)


def _partner(directory: Directory, name: str | None) -> TradingPartner | None:
    return next((each for each in directory.partners if each.name == name), None)
