"""Documents whose time is over: their content goes, what they were about, their statuses and their digests stay."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.store.cases import UNDECIDED
from edi_gateway.store.connection import Connection
from edi_gateway.store.documents import REMOVED
from edi_gateway.store.expired import is_open, is_open_set
from edi_gateway.store.prepared import row_changed
from edi_gateway.store.tables import (
    cash_case,
    consultation,
    document,
    document_thread,
    erp_event,
    order_thread,
    owed,
    receivable,
    remittance,
    transaction,
)

_OVER = ("rejected", "cancelled", "paid")  # states of an order thread on which nothing is left to do
_ANSWERS = ("855", "856", "810")


class ExpiredDocuments:
    """Looks for them and removes them, as one unit of work sees them."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def orders(self, partner: str, before: datetime, limit: int) -> list[int]:
        """Order threads that are over since before a moment, with nothing of theirs on its way, awaited, owed or undecided.

        One that shares a document, a shipment of several orders, with another whose time is not over waits for that one.
        """
        in_thread = document.c.thread_id == order_thread.c.id
        is_there = sa.exists().where(in_thread, document.c.removed_at.is_(None))
        in_use = sa.exists().where(in_thread, sa.or_(document.c.at >= before, _is_in_use()))
        query = (
            sa.select(order_thread.c.id)
            .where(order_thread.c.partner == partner, order_thread.c.state.in_(_OVER), order_thread.c.changed_at < before)
            .where(is_there, ~in_use, ~_is_shared(before), ~_has_case())
            .order_by(order_thread.c.id)
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def others(self, partner: str, before: datetime, limit: int) -> list[str]:
        """Documents of no order, from before a moment; of remittances those that are settled and leave nothing to decide."""
        is_open_money = sa.or_(
            sa.exists().where(remittance.c.document_id == document.c.id, remittance.c.settled_at.is_(None)),
            sa.exists().where(cash_case.c.document_id == document.c.id, cash_case.c.state.in_(UNDECIDED)),
        )
        query = (
            sa.select(document.c.id)
            .where(document.c.partner == partner, document.c.thread_id.is_(None), document.c.at < before)
            .where(document.c.removed_at.is_(None), ~_is_in_use(), ~is_open_money)
            .order_by(document.c.id)
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def of_orders(self, threads: Sequence[int]) -> list[str]:
        """The documents of order threads."""
        here = sa.and_(document.c.thread_id.in_(threads), document.c.removed_at.is_(None))
        return list(self._connection.execute(sa.select(document.c.id).where(here).order_by(document.c.id)).scalars())

    def close(self, threads: Sequence[int]) -> None:
        """Takes lines, shipments and changes out of order threads; the figures, and the money of each invoice, stay."""
        rows = self._connection.execute(sa.select(order_thread.c.id, order_thread.c.body).where(order_thread.c.id.in_(threads)))
        for row in rows.all():
            whole = msgspec.json.decode(row.body, type=OrderThread)
            left = msgspec.structs.replace(whole, lines=(), shipments=(), changes=(), ended=whole.state)
            here = order_thread.c.id == row.id
            self._connection.execute(order_thread.update().where(here).values(body=msgspec.json.encode(left).decode()))

    def remove(self, documents: Sequence[str]) -> None:
        """Takes the content of documents away, what the ERP and our rules said of it, and what was found in their sets."""
        rows = self._connection.execute(sa.select(document.c.id, document.c.body).where(document.c.id.in_(documents)))
        for row in rows.all():
            digest = hashlib.sha256(row.body.encode()).hexdigest()
            values = {"body": REMOVED, "sha256": digest, "removed_at": self._clock.now()}
            self._connection.execute(row_changed(document), {"this": row.id, **values})
        self._connection.execute(consultation.delete().where(consultation.c.document_id.in_(documents)))
        sets = transaction.update().where(transaction.c.document_id.in_(documents))
        self._connection.execute(sets.values(findings="[]", partner_findings="[]", segments=""))

    def forget_told(self, before: datetime, after: int, limit: int) -> int | None:
        """Takes the content of what an ERP told of orders whose own content is gone: of ``limit`` events behind ``after``.

        The last one that was looked at; None where there is no other from before the moment.
        """
        here = sa.and_(erp_event.c.id > after, erp_event.c.at < before, erp_event.c.body != REMOVED)
        query = sa.select(erp_event.c.id, erp_event.c.body).where(here).order_by(erp_event.c.id).limit(limit)
        told = {int(row.id): msgspec.json.decode(row.body).get("order") for row in self._connection.execute(query)}
        gone = sa.select(document.c.id).where(document.c.id.in_(set(told.values())), document.c.removed_at.is_not(None))
        orders = set(self._connection.execute(gone).scalars())
        over = [id for id, order in told.items() if order in orders]
        self._connection.execute(erp_event.update().where(erp_event.c.id.in_(over)).values(body=REMOVED))
        return max(told, default=None)


def _is_shared(before: datetime) -> sa.ColumnElement[bool]:
    """Whether a document of an order thread is also about another thread, one that is not over or changed since."""
    other = order_thread.alias("other")
    is_needed = sa.or_(other.c.state.not_in(_OVER), other.c.changed_at >= before)
    return sa.exists().where(
        document.c.thread_id == order_thread.c.id,
        document_thread.c.document_id == document.c.id,
        other.c.id == document_thread.c.thread_id,
        is_needed,
    )


def _has_case() -> sa.ColumnElement[bool]:
    """Whether a person has still to decide about money of an invoice of an order thread: its documents are the proof."""
    of_invoice = sa.and_(cash_case.c.partner == receivable.c.partner, cash_case.c.invoice == receivable.c.invoice)
    threads = sa.select(receivable.c.thread_id).join(cash_case, of_invoice).where(cash_case.c.state.in_(UNDECIDED))
    return order_thread.c.id.in_(threads)


def _is_in_use() -> sa.ColumnElement[bool]:
    """Whether a document, or a set that carries it, is on its way, held, awaited or owed an answer."""
    about = sa.literal("transaction:") + sa.cast(transaction.c.id, sa.String)
    is_owed = sa.exists().where(owed.c.code.in_(_ANSWERS), owed.c.about == about, owed.c.given_at.is_(None), owed.c.waived == "")
    in_a_set = sa.exists().where(transaction.c.document_id == document.c.id, sa.or_(is_open_set(), is_owed))
    return sa.or_(is_open("document:", document.c.id), in_a_set)
