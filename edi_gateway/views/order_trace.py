"""An order from whatever number is at hand: its balances by line and store, and the documents behind each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.cash import Application
from edi_gateway.order_to_cash.disagreement import Disagreement
from edi_gateway.order_to_cash.figures import Figure, figures_of, recount
from edi_gateway.order_to_cash.line_money import LineMoney, line_money, store_money
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.store.database import Database
from edi_gateway.store.documents import about
from edi_gateway.store.tables import (
    descent,
    document,
    document_thread,
    interchange,
    order_thread,
    receivable,
    remittance,
    transaction,
)
from edi_gateway.store.threads import StoredThread
from edi_gateway.trading.usage import PRODUCTION


class BehindIt(msgspec.Struct, frozen=True):
    """One document of an order: its set and interchange where it has them, and the numbers it is behind."""

    id: str
    kind: str
    number: str
    direction: str
    at: datetime
    code: str = ""
    interchange: str = ""
    delivery: str = ""
    acknowledgment: str = ""
    figures: tuple[Figure, ...] = ()


class StoreMoney(msgspec.Struct, frozen=True):
    """The money of one line for one store; what is for no one store has none."""

    line: str
    store: str
    money: LineMoney


class OrderTrace(msgspec.Struct, frozen=True):
    """An order with everything behind it, oldest first; ``disagreements`` are balances that their documents do not bear out."""

    id: int
    thread: OrderThread
    state: str
    money: dict[str, LineMoney]
    documents: tuple[BehindIt, ...]
    stores: tuple[StoreMoney, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()


def find_orders(store: Database, number: str) -> list[int]:
    """The order threads that have to do with a PO, ASN, invoice, ISA13 or payment number, oldest first."""
    with store.reading() as connection:
        return sorted(set(_found(connection, number.strip())))


def order_trace(store: Database, number: str) -> OrderTrace:
    """The one order of that number; production's, where a test has it too. Raises WrongInput for none, and for several."""
    found = find_orders(store, number)
    if len(found) > 1:
        with store.reading() as connection:
            real = sa.select(order_thread.c.id).where(order_thread.c.id.in_(found), order_thread.c.usage == PRODUCTION)
            found = list(connection.execute(real.order_by(order_thread.c.id)).scalars()) or found
    if not found:
        raise WrongInput(
            f"no order, shipment, invoice, interchange or payment has number {number}", do="see 'edi-gateway order list'"
        )
    if len(found) > 1:
        with store.reading() as connection:
            here = order_thread.c.id.in_(found)
            rows = connection.execute(sa.select(order_thread.c.number, order_thread.c.partner).where(here))
            named = ", ".join(f"{row.number} of {row.partner}" for row in rows)
        raise WrongInput(f"{number} has to do with {len(found)} orders: {named}", do="name one of them")
    return trace_of(store, found[0])


def trace_of(store: Database, id: int) -> OrderTrace:
    """An order thread by its id."""
    with store.read() as unit:
        stored = unit.threads.get(id)
    thread = stored.thread
    with store.reading() as connection:
        columns = (
            document,
            transaction.c.code,
            interchange.c.control_number,
            transaction.c.delivery,
            transaction.c.acknowledgment,
        )
        joined = document.outerjoin(transaction, transaction.c.document_id == document.c.id).outerjoin(
            interchange, interchange.c.id == transaction.c.interchange_id
        )
        behind = [*connection.execute(sa.select(document.c.id).where(about(id))).scalars(), *_remittances(connection, stored)]
        query = sa.select(*columns).select_from(joined).where(document.c.id.in_(behind)).order_by(document.c.at, transaction.c.id)
        rows = connection.execute(query).all()
    with store.read() as unit:
        ids = list(dict.fromkeys(row.id for row in rows))
        kept = unit.documents.kept(ids)  # without those whose content retention removed
    values = [kept[id] for id in ids if id in kept]
    documents = tuple(_behind(row, kept.get(row.id), thread) for row in rows)
    invoices = [value for value in values if isinstance(value, Invoice)]
    return OrderTrace(
        id=id,
        thread=thread,
        state=thread.state,
        money=line_money(invoices, thread.receivables),
        documents=documents,
        stores=tuple(StoreMoney(*of, money) for of, money in store_money(thread.receivables).items()),
        disagreements=recount(thread, values) if len(values) == len(ids) else (),
    )


def _behind(row: sa.Row[tuple[object, ...]], value: Value | None, thread: OrderThread) -> BehindIt:
    return BehindIt(
        id=row.id,
        kind=row.kind,
        number=row.number,
        direction=row.direction,
        at=row.at,
        code=row.code or "",
        interchange=row.control_number or "",
        delivery=row.delivery or "",
        acknowledgment=row.acknowledgment or "",
        figures=tuple(figures_of(value, thread)) if value is not None else (),
    )


def _found(connection: sa.Connection, number: str) -> Iterator[int]:
    interchanges = sa.select(interchange.c.id).where(interchange.c.control_number.in_((number, number.zfill(9))))
    moved = sa.select(transaction.c.document_id).where(transaction.c.interchange_id.in_(interchanges))
    here = sa.or_(document.c.number == number, document.c.id.in_(moved))
    yield from connection.execute(sa.select(order_thread.c.id).where(order_thread.c.number == number)).scalars()
    yield from connection.execute(sa.select(document.c.thread_id).where(here, document.c.thread_id.is_not(None))).scalars()
    beside = sa.select(document_thread.c.thread_id).join(document, document.c.id == document_thread.c.document_id)
    yield from connection.execute(beside.where(here)).scalars()
    yield from _billed_together(connection, number)
    yield from connection.execute(sa.select(receivable.c.thread_id).where(receivable.c.invoice == number)).scalars()
    paid = sa.select(remittance).where(sa.or_(remittance.c.trace == number, remittance.c.document_id.in_(moved)))
    for row in connection.execute(paid).all():
        whose = (receivable.c.partner == row.partner, receivable.c.usage == row.usage)
        here = sa.and_(*whose, receivable.c.invoice.in_(_invoices(row.body)))
        yield from connection.execute(sa.select(receivable.c.thread_id).where(here)).scalars()


def _billed_together(connection: sa.Connection, number: str) -> Iterator[int]:
    """The orders of invoices into which a draft of this number went."""
    drafts = sa.select("document:" + document.c.id).where(document.c.number == number, document.c.thread_id.is_(None))
    into = sa.select(descent.c.child).where(descent.c.parent.in_(drafts), descent.c.how == "consolidate")
    made = [child.partition(":")[2] for child in connection.execute(into).scalars()]
    yield from connection.execute(sa.select(document.c.thread_id).where(document.c.id.in_(made))).scalars()


def _invoices(body: str) -> list[str]:
    return [item.invoice for item in msgspec.json.decode(body, type=Application).applied]


def _remittances(connection: sa.Connection, stored: StoredThread) -> list[str]:
    """The documents of the remittances that paid its invoices."""
    keys = [payment.remittance for one in stored.thread.receivables for payment in one.payments]
    whose = (remittance.c.partner == stored.thread.partner, remittance.c.usage == stored.usage)
    return list(connection.execute(sa.select(remittance.c.document_id).where(*whose, remittance.c.key.in_(keys))).scalars())
