"""Watch: what we owe and have not given in time is told, once, whatever holds it up."""

from __future__ import annotations

from edi_gateway.store.database import Database


def watch_owed(store: Database) -> int:
    """Tells of every acknowledgment that is past its deadline and has not left; returns how many were new."""
    with store.read() as unit:
        if not unit.interchanges.owed_too_long():
            return 0
    with store.write() as unit:
        late = unit.interchanges.owed_too_long()
        for group in late:
            partner = unit.interchanges.get(group.interchange_id).partner
            unit.interchanges.change_group(group.id, acknowledgment="overdue")
            text = f"the acknowledgment of group {group.code} {group.control_number} was due to {partner} and has not left"
            unit.events.tell(
                "acknowledgment.owed_overdue", f"group:{group.id}", text, partner=partner, control_number=group.control_number
            )
        return len(late)
