"""Watch: what we owe and have not given in time is told, once, whatever holds it up."""

from __future__ import annotations

from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit


def watch_owed(store: Database) -> int:
    """Tells of every answer that is past its deadline and has not left; returns how many were new.

    Those are acknowledgments of groups, and the 855, 856 and 810 of orders and shipments.
    """
    with store.read() as unit:
        if not (unit.interchanges.owed_too_long() or unit.owed.overdue()):
            return 0
    with store.write() as unit:
        return _acknowledgments(unit) + _answers(unit)


def _acknowledgments(unit: Unit) -> int:
    late = unit.interchanges.owed_too_long()
    for group in late:
        partner = unit.interchanges.get(group.interchange_id).partner
        unit.interchanges.change_group(group.id, acknowledgment="overdue")
        text = f"the acknowledgment of group {group.code} {group.control_number} was due to {partner} and has not left"
        unit.events.tell(
            "acknowledgment.owed_overdue", f"group:{group.id}", text, partner=partner, control_number=group.control_number
        )
    return len(late)


def _answers(unit: Unit) -> int:
    late = unit.owed.overdue()
    for row in late:
        what = "order" if row.code == "855" else "shipment"
        text = (
            f"the {row.code} for {what} {row.number} was due to {row.partner} at {row.due_at:%Y-%m-%d %H:%M} UTC and has not left"
        )
        unit.owed.tell(row)
        unit.events.tell("answer.owed_overdue", row.about.partition("|")[0], text, partner=row.partner)
    return len(late)
