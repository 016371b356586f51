"""An order with its balances by line and store, and the documents behind each of them."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.order_to_cash.disagreement import Disagreement
from edi_gateway.order_to_cash.figures import Figure, figures_of, recount
from edi_gateway.order_to_cash.line_money import LineMoney, line_money, store_money
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.store.database import Database
from edi_gateway.store.documents import about
from edi_gateway.store.tables import (
    document,
    interchange,
    remittance,
    transaction,
)
from edi_gateway.store.threads import StoredThread
from edi_gateway.views.which_order import which_order


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
    """An order with everything behind it, oldest first.

    ``disagreements`` are balances that their documents do not bear out. ``repeats``: the ids of orders of the same number that
    were refused because this one was there.
    """

    id: int
    thread: OrderThread
    state: str
    money: dict[str, LineMoney]
    documents: tuple[BehindIt, ...]
    stores: tuple[StoreMoney, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    repeats: tuple[int, ...] = ()


def order_trace(store: Database, name: str, partner: str = "") -> OrderTrace:
    """The one order that is named, as ``which_order`` has it; with the repeats of it that were refused."""
    which = which_order(store, name, partner)
    return msgspec.structs.replace(trace_of(store, which.id), repeats=which.repeats)


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


def _remittances(connection: sa.Connection, stored: StoredThread) -> list[str]:
    """The documents of the remittances that paid its invoices."""
    keys = [payment.remittance for one in stored.thread.receivables for payment in one.payments]
    whose = (remittance.c.partner == stored.thread.partner, remittance.c.usage == stored.usage)
    return list(connection.execute(sa.select(remittance.c.document_id).where(*whose, remittance.c.key.in_(keys))).scalars())
