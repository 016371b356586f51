"""Which order of a partner is meant: by its number and, as far as they are told, its release and the place its goods go to.

An order is what its number, release and ship-to say, and it is production's or a test. It has
its thread, or waits for a person before it gets one. A repetition that is held is not meant beside the order that it repeats.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi_gateway.documents.order import Order
from edi_gateway.order_to_cash.meant import no_new_order
from edi_gateway.store.rows import DocumentRow, FlowRow
from edi_gateway.store.threads import StoredThread
from edi_gateway.store.unit import Unit
from edi_gateway.trading.usage import PRODUCTION

_TEST = "T"


class FoundOrder(NamedTuple):
    """An order: its document as it came, its release and ship-to, and its thread, or the flow in which it is held."""

    row: DocumentRow
    release: str
    ship_to: str
    thread: StoredThread | None = None
    held: FlowRow | None = None


def find_orders(
    unit: Unit, partner: str, usage: str, number: str, *, release: str | None = None, ship_to: str = ""
) -> list[FoundOrder]:
    """The orders that may be meant, oldest first; none where it has not come.

    Without a ``release`` those of every release are. A ``ship_to`` decides between several, if it is that of one of them. An
    order that was refused whole is only meant where there is no other; then the newest of them is.
    """
    threads = [_with_thread(unit, one) for one in unit.threads.of_number(partner, number, usage=usage)]
    here = [one for one in threads if release in (None, one.release)]
    taken = [one for one in here if one.thread and one.thread.thread.state != "rejected"]
    known = {(one.release, one.ship_to) for one in taken}
    held = [one for one in _held(unit, partner, usage, number) if release in (None, one.release)]
    meant = [*taken, *(one for one in held if (one.release, one.ship_to) not in known)] or here[-1:]
    return [one for one in meant if ship_to and one.ship_to == ship_to] or meant


def taken_orders(unit: Unit, partner: str, number: str, *, release: str | None = None) -> list[StoredThread]:
    """The threads of the orders a person or a program may mean who says of no usage: production's, or else those of tests."""
    for usage in (PRODUCTION, _TEST):
        if found := find_orders(unit, partner, usage, number, release=release):
            return [one.thread for one in found if one.thread]
    return []


def _with_thread(unit: Unit, stored: StoredThread) -> FoundOrder:
    thread = stored.thread
    return FoundOrder(unit.documents.get(thread.document_id), thread.release_number, thread.ship_to, thread=stored)


def _held(unit: Unit, partner: str, usage: str, number: str) -> Iterator[FoundOrder]:
    """The orders that wait for a person; of repetitions the newest, and a copy or a cancellation only where there is no other."""
    found: dict[tuple[str, str], FoundOrder] = {}
    copies: dict[tuple[str, str], FoundOrder] = {}
    for row in unit.documents.of_number(partner, "order", number, usage=usage):
        flow = next((one for one in unit.flows.of(f"document:{row.id}") if one.stage == "apply" and one.state == "held"), None)
        order = unit.documents.read(row.id) if flow else None
        if isinstance(order, Order):
            ship_to = order.ship_to.id if order.ship_to else ""
            of_kind = copies if no_new_order(order) else found
            of_kind[order.release_number, ship_to] = FoundOrder(row, order.release_number, ship_to, held=flow)
    yield from (copies | found).values()
