"""Invoices of ours that no remittance has spoken of, or not of all of it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import sqlalchemy as sa

from edi_gateway.order_to_cash.receivable import Receivable
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.store.connection import Connection
from edi_gateway.store.tables import order_thread
from edi_gateway.trading.usage import PRODUCTION

_OVER = ("rejected", "cancelled", "paid")


class UnpaidRow(msgspec.Struct, frozen=True):
    """One invoice, and whose it is."""

    subject: str
    partner: str
    receivable: Receivable


class Unpaid:
    """The unpaid invoices of one unit of work; those of test orders are none."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> Iterator[UnpaidRow]:
        """Every one of them, by order."""
        here = sa.and_(order_thread.c.state.not_in(_OVER), order_thread.c.usage == PRODUCTION)
        query = sa.select(order_thread.c.id, order_thread.c.partner, order_thread.c.body).where(here).order_by(order_thread.c.id)
        for id, partner, body in self._connection.execute(query):
            for one in _unpaid(body):
                yield UnpaidRow(f"invoice:{id}/{one.invoice}", partner, one)

    def is_unpaid(self, subject: str) -> bool:
        """Whether the invoice of an ``UnpaidRow`` is still unpaid."""
        id, _, invoice = subject.partition(":")[2].partition("/")
        body = self._connection.execute(sa.select(order_thread.c.body).where(order_thread.c.id == int(id))).scalar()
        return body is not None and any(one.invoice == invoice for one in _unpaid(body))


def _unpaid(body: str) -> list[Receivable]:
    return [one for one in msgspec.json.decode(body, type=OrderThread).receivables if one.unremitted > 0]
