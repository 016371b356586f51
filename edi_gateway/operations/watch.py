"""Watch: what we owe and have not given in time is told, once, whatever holds it up."""

from __future__ import annotations

from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.trading.compliance.clock import RULE_OF
from edi_gateway.trading.compliance.stake import at_stake
from edi_gateway.trading.directory import Directory


def watch_owed(store: Database, directory: Directory | None = None) -> int:
    """Tells of every answer that is past its deadline and has not left; returns how many were new.

    Those are acknowledgments of groups, and the 855, 865, 856 and 810 of orders, changes and shipments. With the ``directory``
    it is told what is at stake by the partner's compliance pack.
    """
    with store.read() as unit:
        if not (unit.interchanges.owed_too_long() or unit.owed.overdue()):
            return 0
    with store.write() as unit:
        return _acknowledgments(unit, directory) + _answers(unit, directory)


def _acknowledgments(unit: Unit, directory: Directory | None) -> int:
    late = unit.interchanges.owed_too_long()
    for group in late:
        partner = unit.interchanges.get(group.interchange_id).partner
        unit.interchanges.change_group(group.id, acknowledgment="overdue")
        text = f"the acknowledgment of group {group.code} {group.control_number} was due to {partner} and has not left"
        text += _stake(directory, partner, "R01")
        unit.events.tell(
            "acknowledgment.owed_overdue", f"group:{group.id}", text, partner=partner, control_number=group.control_number
        )
    return len(late)


def _answers(unit: Unit, directory: Directory | None) -> int:
    late = unit.owed.overdue()
    for row in late:
        text = f"the {row.name} was due to {row.partner} at {row.due_at:%Y-%m-%d %H:%M} UTC and has not left"
        text += _stake(directory, row.partner, RULE_OF.get(row.code, ""))
        unit.owed.tell(row)
        unit.events.tell("answer.owed_overdue", row.about.partition("|")[0], text, partner=row.partner)
    return len(late)


def _stake(directory: Directory | None, partner: str | None, rule: str) -> str:
    """What it may cost; of a partner that is ours no longer, nothing is known."""
    known = next((each for each in directory.partners if each.name == partner), None) if directory else None
    return at_stake(directory.pack(known.name), rule, known.currency) if directory and known and rule else ""
