"""The documents a plan is made for, from the store: the newest sets, and what those of ours were drafted from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import BinaryIO, TypeAlias

import msgspec

from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.erp.base import OrderBilled, OrderShipped, event_from_json
from edi_gateway.errors import NeedsPerson
from edi_gateway.operations.plan_documents import ANSWERS, Lost, Received, Replayed, Sent, Source
from edi_gateway.order_to_cash.advice import Advice
from edi_gateway.pipeline.standing import standing_order
from edi_gateway.store.database import Database
from edi_gateway.store.rows import DocumentRow, TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.reader import Reader

_DRAFTED = ("856", "810")  # what the ERP's events become, and is drafted anew
_Event: TypeAlias = OrderShipped | OrderBilled


def stored(store: Database, last: int) -> Iterator[Replayed]:
    """The newest sets on record, acknowledgments left out, oldest first."""
    with store.read() as unit:
        rows = unit.transactions.newest(last, leave_out=ANSWERS)[::-1]
    with store.read() as unit:
        made = {row.id: _Made(unit, row) for row in rows if row.direction == "out" and row.code in _DRAFTED and row.document_id}
        came = {row.id: row for row in rows if row.direction == "in"}
        came |= {each.came.id: each.came for each in made.values() if each.came is not None}
        received = dict(_received(unit, came.values()))
        events = _events(unit, list(made.values()))
        for row in rows:
            if row.direction == "in":
                if row.id in received:
                    yield received[row.id]
            elif (sent := _sent(unit, row)) is not None:
                source = _source(unit, made[row.id], received, events) if row.id in made else None
                yield sent._replace(source=source)


class _Made:
    """A document that was made for an order: its row, the order's document, and the set the order came in."""

    def __init__(self, unit: Unit, row: TransactionRow) -> None:
        self.document = unit.documents.get(row.document_id or "")
        thread = unit.threads.get(self.document.thread_id).thread if self.document.thread_id is not None else None
        self.order = unit.documents.find(thread.document_id) if thread else None
        self.came = unit.transactions.of_document(self.order.id) if self.order else None


class _About(msgspec.Struct):
    """Of an event alone which order it is about."""

    order: str = ""


def _events(unit: Unit, made: list[_Made]) -> dict[str, list[_Event]]:
    """What the ERP told of the orders behind documents, by order, oldest first; looked for between the two."""
    found: defaultdict[str, list[_Event]] = defaultdict(list)
    orders = {each.order.id: each.order for each in made if each.order is not None}
    if not orders:
        return found
    since, until = min(order.at for order in orders.values()), max(each.document.at for each in made)
    for body in unit.documents.events_between(since, until):
        if msgspec.json.decode(body, type=_About).order in orders:
            event = event_from_json(body)
            if isinstance(event, OrderShipped | OrderBilled):
                found[event.order].append(event)
    return found


def _source(
    unit: Unit, made: _Made, received: Mapping[int, Received | Lost], events: Mapping[str, list[_Event]]
) -> Source | None:
    """What a document was drafted from; None where that is not known, or was removed."""
    if made.order is None:
        return None
    event = next((event for event in events.get(made.order.id, ()) if _is_told_in(event, made.document)), None)
    if event is None:
        return None
    came = received.get(made.came.id) if made.came is not None else None
    with suppress(NeedsPerson):
        standing = standing_order(unit, made.order.id)
        return Source(
            came=came if isinstance(came, Received) and unit.documents.read(made.order.id) == standing else None,
            standing=standing,
            event=event,
            others={id: standing_order(unit, id) for id in _beside(event)},
            notice=_notice(unit, made.document, event) if isinstance(event, OrderBilled) else None,
            before=_before(unit, made.document) if isinstance(event, OrderBilled) else (),
        )
    return None


def _is_told_in(event: _Event, document: DocumentRow) -> bool:
    """Whether a document is what an event became; what left for several stores may be one for each, ``SHIPMENT-STORE``."""
    if isinstance(event, OrderBilled):
        return document.kind == "invoice" and document.number == event.invoice
    own = document.number == event.shipment or document.number.startswith(f"{event.shipment}-")
    return document.kind == "ship notice" and own


def _beside(event: _Event) -> list[str]:
    """The further orders in a shipment, by document."""
    cartons = event.cartons if isinstance(event, OrderShipped) else ()
    return list(dict.fromkeys(carton.order for carton in cartons if carton.order))


def _notice(unit: Unit, invoice: DocumentRow, event: OrderBilled) -> ShipNotice | None:
    """The notice of the shipment billed."""
    rows = unit.documents.in_thread(invoice.thread_id or 0, "ship notice")
    found = [unit.documents.read(row.id) for row in rows if row.number == event.shipment]
    return next((each for each in found if isinstance(each, ShipNotice)), None)


def _before(unit: Unit, invoice: DocumentRow) -> tuple[Invoice, ...]:
    """The order's invoices and credit notes before this one."""
    rows = unit.documents.in_thread(invoice.thread_id or 0, "invoice")
    earlier = [unit.documents.read(row.id) for row in rows[: [row.id for row in rows].index(invoice.id)]]
    return tuple(each for each in earlier if isinstance(each, Invoice))


def _received(unit: Unit, rows: Iterable[TransactionRow]) -> Iterator[tuple[int, Received | Lost]]:
    """The sets of rows, by row: each payload is read once, as far as the last set that is wanted."""
    wanted: defaultdict[int, dict[int, TransactionRow]] = defaultdict(dict)
    for row in rows:
        if row.interchange_id is not None and row.start is not None:
            wanted[unit.interchanges.get(row.interchange_id).transmission_id or 0][row.start] = row
    for id, by_start in wanted.items():
        transmission = unit.transmissions.get(id)
        try:
            stream = unit.payloads.open(transmission.payload)
        except NeedsPerson as error:
            yield from ((row.id, Lost(_name(row), row.code, row.partner or "", error.what)) for row in by_start.values())
            continue
        with stream:
            for row, event in _cut(stream, by_start):
                known = (transmission.connection, row.partner or "", _advice(unit, row))
                yield row.id, Received(_name(row), event.code, event, transmission.at, *known)


def _cut(stream: BinaryIO, by_start: Mapping[int, TransactionRow]) -> Iterator[tuple[TransactionRow, TransactionSet]]:
    """The sets of a payload that begin where the rows say, as far as the last of them."""
    left, reader = set(by_start), Reader(stream)
    for event in reader:
        start = reader.span[0]
        if isinstance(event, TransactionSet) and start in left:
            left.discard(start)
            yield by_start[start], event
        if not left:
            return


def _name(row: TransactionRow) -> str:
    return f"{row.code} {row.business_number}".strip()


def _advice(unit: Unit, row: TransactionRow) -> Advice | None:
    body = unit.documents.consulted(row.document_id) if row.document_id else None
    return msgspec.json.decode(body, type=Advice) if body else None


def _sent(unit: Unit, row: TransactionRow) -> Sent | None:
    """The document that went out in a set; None for a set that was made of none."""
    if row.document_id is None or row.partner is None:
        return None
    document = unit.documents.get(row.document_id)
    like = ""
    if document.thread_id is not None:
        came = unit.transactions.of_document(unit.threads.get(document.thread_id).thread.document_id)
        like = came.release if came else ""
    return Sent(_name(row), row.code, row.partner, unit.documents.read(row.document_id), row.usage, row.at, like)
