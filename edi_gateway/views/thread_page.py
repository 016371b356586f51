"""An order's whole life as one picture: 850, 855, 856, 810, 820, who sent what when, and the balances at each step."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.store.among import Among
from edi_gateway.store.connection import Connection
from edi_gateway.store.database import Database
from edi_gateway.store.documents import about
from edi_gateway.store.prepared import rows_by
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import document, order_thread, remittance, transaction
from edi_gateway.views.newest import equal
from edi_gateway.views.orders import OrderRow

STEPS = (
    ("850", "order", "Ordered"),
    ("855", "order acknowledgment", "Confirmed"),
    ("856", "ship notice", "Shipped"),
    ("810", "invoice", "Billed"),
    ("820", "remittance", "Remitted"),
)


class ThreadDocument(NamedTuple):
    """One document of the thread: its set where there is one."""

    id: str
    kind: str
    code: str
    number: str
    direction: str
    at: datetime
    set: int | None
    delivery: str
    acknowledgment: str


class Step(NamedTuple):
    """One step of the picture: its documents, oldest first."""

    code: str
    title: str
    documents: tuple[ThreadDocument, ...]


class ThreadPage(NamedTuple):
    """An order, its figures, its balances line by line, and its steps."""

    row: OrderRow
    thread: OrderThread
    steps: tuple[Step, ...]
    others: tuple[ThreadDocument, ...]


def thread_page(store: Database, id: int) -> ThreadPage:
    """Everything about an order thread. Raises WrongInput where there is none of that number."""
    with store.asking() as connection:
        row = connection.execute(rows_by(order_thread, "id"), {"id": id}).first()
        if row is None:
            raise WrongInput(f"there is no order thread {id}", do="look for it under Orders")
        thread = msgspec.json.decode(row.body, type=OrderThread)
        order = as_row(OrderRow, row)
        found = _documents(connection, id, thread, row.usage)
    kinds = [kind for _, kind, _ in STEPS]
    steps = tuple(Step(code, title, tuple(each for each in found if each.kind == kind)) for code, kind, title in STEPS)
    return ThreadPage(order, thread, steps, tuple(each for each in found if each.kind not in kinds))


_ABOUT = sa.select(document.c.id).where(about(sa.bindparam("thread", type_=sa.BigInteger)))
_REMITTED = Among(sa.select(remittance.c.document_id).where(*equal(remittance, ("partner", "usage"))), remittance.c.key)
_DOCUMENTS = Among(
    sa.select(
        *(document.c[name] for name in ("id", "kind", "number", "direction", "at")),
        transaction.c.id.label("set"),
        *(transaction.c[name] for name in ("code", "delivery", "acknowledgment")),
    )
    .outerjoin(transaction, transaction.c.document_id == document.c.id)
    .order_by(document.c.at, document.c.id),
    document.c.id,
)


def _documents(connection: Connection, id: int, thread: OrderThread, usage: str) -> list[ThreadDocument]:
    paid_by = {payment.remittance for receivable in thread.receivables for payment in receivable.payments}
    remitted = _REMITTED.rows(connection, paid_by, partner=thread.partner, usage=usage)
    ids = {thread.document_id, *connection.execute(_ABOUT, {"thread": id}).scalars(), *(row[0] for row in remitted)}
    return [
        ThreadDocument(
            row.id,
            row.kind,
            row.code or "",
            row.number,
            row.direction,
            row.at,
            row.set,
            row.delivery or "not sent",
            row.acknowledgment or "none",
        )
        for row in _DOCUMENTS.rows(connection, ids)
    ]
