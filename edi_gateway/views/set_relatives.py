"""What belongs to a set: what answers it, and the other sets of its order; asked with statements that are built once."""

from __future__ import annotations

import sqlalchemy as sa

from edi_gateway.store.connection import Connection
from edi_gateway.store.database import Database
from edi_gateway.store.rows import DocumentRow, GroupRow, TransactionRow
from edi_gateway.store.tables import document, functional_group, order_thread, transaction

MOST = 100
_ACKNOWLEDGMENTS = ("997", "999", "TA1")

_ID, _OTHER = transaction.c.id, transaction.c.id != sa.bindparam("this")
_THREAD: sa.BindParameter[int] = sa.bindparam("thread")
_PARTNER: sa.BindParameter[str] = sa.bindparam("partner")

_ANSWERED = sa.select(_ID).where(
    transaction.c.group_id.in_(sa.select(functional_group.c.id).where(functional_group.c.answered_by == sa.bindparam("this")))
)
_SAME_NUMBER = sa.select(_ID).where(
    transaction.c.business_number == sa.bindparam("number"), transaction.c.partner == _PARTNER, _OTHER
)
_IN_THREAD = sa.select(_ID).where(
    transaction.c.document_id.in_(sa.select(document.c.id).where(document.c.thread_id == _THREAD)), _OTHER
)
_OPENED_IT = sa.select(_ID).where(
    transaction.c.document_id.in_(sa.select(order_thread.c.document_id).where(order_thread.c.id == _THREAD)), _OTHER
)
_OF_NUMBER, *_OF_THREAD = (each.order_by(_ID + 0).limit(MOST) for each in (_SAME_NUMBER, _IN_THREAD, _OPENED_IT))
_OPENED = sa.select(order_thread.c.id).where(order_thread.c.document_id == sa.bindparam("document"))


def answers_of(connection: Connection | sa.Connection, row: TransactionRow, group: GroupRow | None) -> list[int]:
    """What a set's group is linked to: our acknowledgment, or the last of theirs; of an acknowledgment, the sets linked to it."""
    if group is None:
        return []
    if row.code in _ACKNOWLEDGMENTS:
        return list(connection.execute(_ANSWERED, {"this": row.id}).scalars())
    return [group.answered_by] if group.answered_by else []


def related_to(connection: Connection | sa.Connection, row: TransactionRow, made: DocumentRow | None) -> list[int]:
    """The other sets of the order's thread, or of the same business number; each by an index of its own."""
    found: set[int] = set()
    if row.business_number and row.partner and row.code not in _ACKNOWLEDGMENTS:
        given = {"number": row.business_number, "partner": row.partner, "this": row.id}
        found.update(connection.execute(_OF_NUMBER, given).scalars())
    thread = _thread_of(connection, made) if made else None
    if thread is not None:
        for each in _OF_THREAD:
            found.update(connection.execute(each, {"thread": thread, "this": row.id}).scalars())
    return sorted(found)[:MOST]


def thread_of(store: Database, made: DocumentRow | None) -> int | None:
    """The order thread a document belongs to."""
    if made is None:
        return None
    with store.reading() as connection:
        return _thread_of(connection, made)


def _thread_of(connection: Connection | sa.Connection, made: DocumentRow) -> int | None:
    if made.thread_id is not None:
        return made.thread_id
    found: int | None = connection.execute(_OPENED, {"document": made.id}).scalar()
    return found
