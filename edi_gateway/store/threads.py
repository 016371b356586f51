"""Order threads, the receivables in them, and the remittances and deposits that close them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.order_to_cash.money import line_amount, total
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.store.tables import deposit, order_thread, receivable, remittance_claim


class StoredThread(msgspec.Struct, frozen=True):
    """An order thread and the id of its row."""

    id: int
    thread: OrderThread


class Threads:
    """The order threads of one unit of work."""

    def __init__(self, connection: sa.Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def add(self, thread: OrderThread, *, currency: str, usage: str) -> int:
        """Records a new thread and returns its id."""
        now = self._clock.now()
        values = {
            "partner": thread.partner,
            "number": thread.order_number,
            "document_id": thread.document_id,
            "currency": currency,
            "usage": usage,
            "opened_at": now,
            **self._figures(thread),
        }
        return int(self._connection.execute(order_thread.insert().values(values).returning(order_thread.c.id)).scalar_one())

    def save(self, id: int, thread: OrderThread) -> None:
        """Stores a thread's new balances, and finds it by its invoices from now on."""
        self._connection.execute(order_thread.update().where(order_thread.c.id == id).values(self._figures(thread)))
        for one in thread.receivables:
            here = sa.and_(receivable.c.partner == thread.partner, receivable.c.invoice == one.invoice)
            if not self._connection.execute(sa.select(receivable.c.thread_id).where(here)).first():
                values = {"partner": thread.partner, "invoice": one.invoice, "thread_id": id, "order_number": thread.order_number}
                self._connection.execute(receivable.insert().values(values))

    def get(self, id: int) -> StoredThread:
        return _stored(self._connection.execute(sa.select(order_thread).where(order_thread.c.id == id)).one())

    def of_document(self, document_id: str) -> StoredThread | None:
        """The thread an order opened."""
        row = self._connection.execute(sa.select(order_thread).where(order_thread.c.document_id == document_id)).first()
        return _stored(row) if row else None

    def of_invoices(self, partner: str, invoices: list[str], orders: list[str]) -> list[StoredThread]:
        """The threads that hold any of these invoices or order numbers."""
        by_invoice = sa.select(receivable.c.thread_id).where(receivable.c.partner == partner, receivable.c.invoice.in_(invoices))
        by_order = sa.and_(order_thread.c.partner == partner, order_thread.c.number.in_(orders))
        query = sa.select(order_thread).where(sa.or_(order_thread.c.id.in_(by_invoice), by_order)).order_by(order_thread.c.id)
        return [_stored(row) for row in self._connection.execute(query)]

    def _figures(self, thread: OrderThread) -> dict[str, object]:
        return {
            "state": thread.state,
            "ordered": thread.ordered_amount,
            "confirmed": _worth(thread, "confirmed"),
            "shipped": _worth(thread, "shipped"),
            "billed": thread.billed_amount,
            "remitted": thread.remitted,
            "paid": thread.paid,
            "open": thread.open,
            "body": msgspec.json.encode(thread).decode(),
            "changed_at": self._clock.now(),
        }

    # -- remittances and deposits ----------------------------------------------------------------

    def claim_remittance(self, partner: str, trace: str, document_id: str, amount: Decimal) -> str | None:
        """Claims a trace number for a remittance; None when it is ours, else the id of the document that has it."""
        here = sa.and_(remittance_claim.c.partner == partner, remittance_claim.c.trace == trace)
        row = self._connection.execute(sa.select(remittance_claim.c.document_id).where(here)).first()
        if row:
            return None if row.document_id == document_id else str(row.document_id)
        values = {"partner": partner, "trace": trace, "document_id": document_id, "amount": amount}
        self._connection.execute(remittance_claim.insert().values(values))
        return None

    def unsettled(self, trace: str, amount: Decimal) -> tuple[str, str] | None:
        """The (partner, remittance document) that a deposit of this trace and amount would settle."""
        here = sa.and_(remittance_claim.c.trace == trace, remittance_claim.c.settled_at.is_(None))
        row = self._connection.execute(sa.select(remittance_claim).where(here, remittance_claim.c.amount == amount)).first()
        return (str(row.partner), str(row.document_id)) if row else None

    def settle(self, document_id: str, at: datetime) -> None:
        """The deposit for a remittance is in the bank."""
        self._connection.execute(
            remittance_claim.update().where(remittance_claim.c.document_id == document_id).values(settled_at=at)
        )

    def record_deposit(self, trace: str, amount: Decimal, on: date, method: str) -> int | None:
        """Records the bank's entry; None when the same entry is on record already."""
        here = sa.and_(deposit.c.trace == trace, deposit.c.amount == amount, deposit.c.on == on)
        if self._connection.execute(sa.select(deposit.c.id).where(here)).first():
            return None
        values = {"trace": trace, "amount": amount, "on": on, "method": method, "at": self._clock.now()}
        return int(self._connection.execute(deposit.insert().values(values).returning(deposit.c.id)).scalar_one())

    def match_deposit(self, id: int, document_id: str) -> None:
        """The deposit belongs to this remittance."""
        self._connection.execute(deposit.update().where(deposit.c.id == id).values(matched=document_id))

    def unmatched_deposits(self, trace: str) -> list[tuple[int, Decimal, date]]:
        """Deposits of this trace that came before their remittance."""
        here = sa.and_(deposit.c.trace == trace, deposit.c.matched.is_(None))
        return [(row.id, row.amount, row.on) for row in self._connection.execute(sa.select(deposit).where(here))]


def _worth(thread: OrderThread, balance: str) -> Decimal:
    """What a balance of all lines is worth at the ordered prices."""
    return total([line_amount(getattr(line, balance), line.unit_price or Decimal(0), line.price_basis) for line in thread.lines])


def _stored(row: sa.Row[tuple[object, ...]]) -> StoredThread:
    return StoredThread(row.id, msgspec.json.decode(row.body, type=OrderThread))
