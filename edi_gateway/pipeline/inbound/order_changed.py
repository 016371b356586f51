"""Which order a change is about: one that has its thread, or one that waits for a person before it gets one."""

from __future__ import annotations

from typing import NamedTuple

from edi_gateway.documents.order import Order
from edi_gateway.documents.order_change import OrderChange
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.thread import ThreadChange
from edi_gateway.pipeline.inbound.standing import changes_before, standing_order
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.threads import StoredThread
from edi_gateway.store.unit import Unit


class OrderChanged(NamedTuple):
    """The order: its document as it came, how it stands, and its thread, or the flow in which it is held."""

    row: DocumentRow
    order: Order
    thread: StoredThread | None
    held: FlowRow | None


def order_changed(unit: Unit, partner: str, change: OrderChange, *, usage: str) -> OrderChanged | None:
    """The order a change is about; None where it has not come. Raises WrongInput (held) where it could be several."""
    release = change.release_number
    threads = [one for one in unit.threads.of_number(partner, change.number) if one.thread.release_number == release]
    taken = [one for one in threads if one.thread.state != "rejected"] or threads[-1:]
    if len(taken) > 1 and change.ship_to is not None:
        taken = [one for one in taken if one.thread.ship_to == change.ship_to.id] or taken
    if len(taken) > 1:
        places = ", ".join(one.thread.ship_to or "nowhere" for one in taken)
        raise WrongInput(
            f"{len(taken)} orders of {partner} have number {change.number} (ship-to {places}), and the change names none of them",
            do="ask the partner which, then correct the change or dismiss it",
        )
    if taken:
        row = unit.documents.get(taken[0].thread.document_id)
        return OrderChanged(row, standing_order(unit, row.id), taken[0], None)
    for row in reversed(unit.documents.of_number(partner, "order", change.number, usage=usage)):
        for flow in unit.flows.of(f"document:{row.id}"):
            if flow.stage == "apply" and flow.state == "held":
                return OrderChanged(row, standing_order(unit, row.id), None, flow)
    return None


def changes_known(unit: Unit, found: OrderChanged) -> list[ThreadChange]:
    """The changes of the order there were before this one."""
    return list(found.thread.thread.changes) if found.thread else changes_before(unit, found.row.id)
