"""What is left to bill of an order's shipments, for the form that bills one."""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.documents.invoice import Invoice
from edi_gateway.order_to_cash.thread import OrderThread, ThreadShipment
from edi_gateway.order_to_cash.unbilled import unbilled
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit


def unbilled_shipments(store: Database, id: int) -> tuple[ThreadShipment, ...]:
    """The shipments of an order thread with something to bill, each with that alone."""
    with store.read() as unit:
        stored = unit.threads.look(id)
        return unbilled(stored.thread, _counted(unit, stored.thread, stored.usage))


def _counted(unit: Unit, thread: OrderThread, usage: str) -> Iterator[Invoice]:
    """The invoices and credit notes the thread counts: those that have its numbers, and not what was drafted beside them."""
    numbers = [number for one in thread.receivables for number in (one.invoice, *(credit.number for credit in one.credits))]
    ids = [unit.documents.claimed(thread.partner, "invoice", number, usage=usage) for number in numbers]
    kept = unit.documents.kept(id for id in ids if id)
    found = (kept.get(id) for id in ids if id)
    return (one for one in found if isinstance(one, Invoice))
