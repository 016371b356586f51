"""Which order a change is about: one that has its thread, or one that waits for a person before it gets one."""

from __future__ import annotations

from typing import NamedTuple

from edi_gateway.documents.order import Order
from edi_gateway.documents.order_change import OrderChange
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.thread import ThreadChange
from edi_gateway.pipeline.inbound.find_order import find_orders
from edi_gateway.pipeline.standing import changes_before, standing_order
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
    ship_to = change.ship_to.id if change.ship_to else ""
    found = find_orders(unit, partner, usage, change.number, release=change.release_number, ship_to=ship_to)
    if len(found) > 1:
        places = ", ".join(one.ship_to or "nowhere" for one in found)
        raise WrongInput(
            f"{len(found)} orders of {partner} have number {change.number} (ship-to {places}), and the change names none of them",
            do="ask the partner which, then correct the change or dismiss it",
        )
    return OrderChanged(found[0].row, standing_order(unit, found[0].row.id), found[0].thread, found[0].held) if found else None


def changes_known(unit: Unit, found: OrderChanged) -> list[ThreadChange]:
    """The changes of the order there were before this one."""
    return list(found.thread.thread.changes) if found.thread else changes_before(unit, found.row.id)
