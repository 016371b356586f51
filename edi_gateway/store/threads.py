"""Order threads, the receivables in them, and the remittances and deposits that close them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.order_to_cash.cash import Application, Deposit
from edi_gateway.order_to_cash.money import line_amount, same_currency, total
from edi_gateway.order_to_cash.receivable import Receivable
from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_row, new_rows, rows_by
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import deposit, document, order_thread, receivable, remittance
from edi_gateway.store.types import Exact
from edi_gateway.trading.usage import PRODUCTION

_USAGE = sa.select(order_thread.c.usage).where(order_thread.c.id == sa.bindparam("id"))
_REMITTANCES_LOCKED = (
    sa.select(remittance.c.document_id)
    .where(remittance.c.trace == sa.bindparam("trace"), remittance.c.usage == PRODUCTION)
    .order_by(remittance.c.partner, remittance.c.key)
    .with_for_update()
)
_OPEN_LOOKED_AT = 1000  # orders of a partner of which something is open, the newest of them


@cache
def _locked_by(*names: str) -> sa.Select[Any]:
    return rows_by(order_thread, *names).with_for_update()


class StoredThread(msgspec.Struct, frozen=True):
    """An order thread, the id of its row, and whether it is production's or a test (``P``, ``T``)."""

    id: int
    thread: OrderThread
    usage: str


class DepositRow(msgspec.Struct, frozen=True):
    """An entry of the bank, and the remittance document it is the money of."""

    id: int
    trace: str
    amount: Decimal
    on: date
    method: str
    matched: str | None
    at: datetime
    currency: str

    @property
    def entry(self) -> Deposit:
        """The bank's entry by itself."""
        return Deposit(trace=self.trace, amount=self.amount, on=self.on, method=self.method, currency=self.currency)


class Unsettled(NamedTuple):
    """A remittance whose money is not at the bank yet."""

    partner: str
    document: str
    application: Application


class Threads:
    """The order threads of one unit of work.

    A thread is read, moved and saved whole, and so is how a remittance was applied. So a unit that writes ``locks`` the ones it
    reads: an 860 and an 856 of one order in two transactions would else each save what it knows, and the later would take back
    the earlier. (On SQLite who writes is alone.)

    Whoever looks for an order, an invoice or a remittance by its number says of which ``usage``: a test and production know
    nothing of each other (R30).
    """

    def __init__(self, connection: Connection, clock: Clock, *, locks: bool = False) -> None:
        self._connection, self._clock, self._locks = connection, clock, locks

    def add(self, thread: OrderThread, *, currency: str, usage: str) -> int:
        """Records a new thread and returns its id."""
        now = self._clock.now()
        id = self._connection.new_id(order_thread)
        values = {
            "id": id,
            "partner": thread.partner,
            "number": thread.order_number,
            "document_id": thread.document_id,
            "currency": currency,
            "usage": usage,
            "opened_at": now,
            **self._figures(thread),
        }
        self._connection.later(new_rows(order_thread), values, row=id)
        return id

    def save(self, id: int, thread: OrderThread) -> None:
        """Stores a thread's new balances, and finds it by its invoices from now on."""
        self._connection.execute(order_thread.update().where(order_thread.c.id == id).values(self._figures(thread)))
        usage = self._usage(id) if thread.receivables else ""
        for one in thread.receivables:
            key = {"partner": thread.partner, "invoice": one.invoice, "usage": usage}
            if not self._connection.execute(rows_by(receivable, *key), key).first():
                values = {**key, "thread_id": id, "order_number": thread.order_number}
                self._connection.execute(new_rows(receivable), values)

    def get(self, id: int) -> StoredThread:
        return _stored(self._connection.execute(self._query("id"), {"id": id}).one())

    def find(self, id: int) -> StoredThread | None:
        """The thread of an id somebody else gave us."""
        row = self._connection.execute(rows_by(order_thread, "id"), {"id": id}).first()
        return _stored(row) if row else None

    def look(self, id: int) -> StoredThread:
        """One that is only looked at: nothing is locked."""
        return _stored(self._connection.execute(rows_by(order_thread, "id"), {"id": id}).one())

    def of_document(self, document_id: str) -> StoredThread | None:
        """The thread an order opened."""
        row = self._connection.execute(self._query("document_id"), {"document_id": document_id}).first()
        return _stored(row) if row else None

    def of_number(self, partner: str, number: str, *, usage: str) -> list[StoredThread]:
        """The threads of all orders of that number, oldest first."""
        here = {"partner": partner, "number": number, "usage": usage}
        return [_stored(row) for row in self._connection.execute(self._query(*here), here)]

    def since(self, partner: str, moment: datetime, *, usage: str) -> list[StoredThread]:
        """The threads of a partner's orders that were opened since a moment, oldest first; to look at, none is locked."""
        here = sa.and_(order_thread.c.partner == partner, order_thread.c.opened_at >= moment, order_thread.c.usage == usage)
        return [_stored(row) for row in self._connection.execute(sa.select(order_thread).where(here).order_by(order_thread.c.id))]

    def in_use(self, partner: str) -> Decimal:
        """What a partner owes us or will owe us: open invoices, and what was ordered and not rejected and is not billed yet."""
        states = ("rejected", "cancelled", "paid")
        here = sa.and_(order_thread.c.partner == partner, order_thread.c.usage == PRODUCTION, order_thread.c.state.not_in(states))
        open_, to_bill = self._connection.execute(_IN_USE.where(here)).one()
        refused = (max(_expected(row.body) - row.billed, _NONE) for row in self._connection.execute(_IN_PART.where(here)))
        return total([open_ or _NONE, to_bill or _NONE, *refused])

    def of_invoices(self, partner: str, invoices: list[str], orders: list[str], *, usage: str) -> list[StoredThread]:
        """The threads that hold any of these invoices, credit notes or order numbers."""
        by_invoice = sa.select(receivable.c.thread_id).where(receivable.c.partner == partner, receivable.c.invoice.in_(invoices))
        here = order_thread.c.usage == usage
        ours = (document.c.partner == partner, document.c.kind == "invoice", document.c.number.in_(invoices))
        by_note = sa.select(document.c.thread_id).where(*ours, document.c.thread_id.is_not(None))
        by_order = sa.and_(order_thread.c.partner == partner, order_thread.c.number.in_(orders))
        query = (
            sa.select(order_thread)
            .where(here, sa.or_(order_thread.c.id.in_(by_invoice.union(by_note)), by_order))
            .order_by(order_thread.c.id)
        )
        return [_stored(row) for row in self._connection.execute(self._to_write(query))]

    def open_receivables(self, partner: str, *, usage: str) -> list[Receivable]:
        """What is open of a partner's newest invoices; to look at, nothing is locked."""
        here = sa.and_(order_thread.c.partner == partner, order_thread.c.open > 0, order_thread.c.usage == usage)
        query = sa.select(order_thread).where(here).order_by(order_thread.c.id.desc()).limit(_OPEN_LOOKED_AT)
        threads = [_stored(row).thread for row in self._connection.execute(query)]
        return [each for thread in threads for each in thread.receivables if each.left > 0]

    def _to_write(self, query: sa.Select[Any]) -> sa.Select[Any]:
        return query.with_for_update() if self._locks else query

    def _query(self, *names: str) -> sa.Select[Any]:
        return _locked_by(*names) if self._locks else rows_by(order_thread, *names)

    def _usage(self, id: int) -> str:
        return str(self._connection.execute(_USAGE, {"id": id}).scalar_one())

    def _figures(self, thread: OrderThread) -> dict[str, object]:
        goods = {
            "ordered": thread.ordered_amount,
            "confirmed": _worth(thread, "confirmed") + _worth(thread, "backordered"),  # what we said will come, now or later
            "shipped": _worth(thread, "shipped"),
        }
        return {
            **({} if thread.ended else goods),  # of one whose lines are gone they stay as they were
            "state": thread.state,
            "billed": thread.billed_amount,
            "remitted": thread.remitted,
            "paid": thread.paid,
            "open": thread.open,
            "body": msgspec.json.encode(thread).decode(),
            "changed_at": self._clock.now(),
        }

    # -- remittances and deposits ----------------------------------------------------------------

    def remittance_of(self, partner: str, key: str, *, usage: str) -> str | None:
        """The document of the remittance that has this key already."""
        here = sa.and_(remittance.c.partner == partner, remittance.c.key == key, remittance.c.usage == usage)
        found = self._connection.execute(sa.select(remittance.c.document_id).where(here)).scalar()
        return str(found) if found else None

    def application_of(self, document_id: str) -> Application | None:
        """How a remittance was applied; None where it was not."""
        query = sa.select(remittance.c.body).where(remittance.c.document_id == document_id)
        body = self._connection.execute(self._to_write(query)).scalar()
        return msgspec.json.decode(body, type=Application) if body else None

    def deposits(self, *, unmatched: bool = False) -> list[DepositRow]:
        """The bank's entries, the newest first; all of them, or those no remittance was found for yet."""
        query = sa.select(deposit).order_by(deposit.c.id.desc())
        query = query.where(deposit.c.matched.is_(None)) if unmatched else query
        return [as_row(DepositRow, row) for row in self._connection.execute(query)]

    def save_remittance(self, partner: str, document_id: str, application: Application, *, usage: str) -> None:
        """Records how a remittance was applied, or with which deposit it was settled."""
        values = {
            "trace": application.trace,
            "document_id": document_id,
            "amount": application.amount,
            "body": msgspec.json.encode(application).decode(),
            "settled_at": self._clock.now() if application.settled_by else None,
        }
        key = {"partner": partner, "key": application.remittance, "usage": usage}
        here = sa.and_(*(remittance.c[name] == value for name, value in key.items()))
        if not self._connection.execute(remittance.update().where(here).values(values)).rowcount:
            self._connection.execute(remittance.insert().values(**key, **values))

    def unsettled(self, trace: str, amount: Decimal, currency: str = "", *, partner: str = "") -> list[Unsettled]:
        """The remittances that a deposit of this trace and amount may be the money of, of one partner or of any.

        Of one in another currency it is not the money; without a ``currency``, it may be any. Of a test no bank has the money.
        """
        promised = sa.and_(remittance.c.trace == trace, remittance.c.amount == amount, remittance.c.usage == PRODUCTION)
        here = sa.and_(promised, remittance.c.settled_at.is_(None), remittance.c.partner == partner if partner else sa.true())
        rows = self._connection.execute(self._to_write(sa.select(remittance).where(here))).all()
        read = (Unsettled(row.partner, row.document_id, msgspec.json.decode(row.body, type=Application)) for row in rows)
        return [each for each in read if same_currency(each.application.currency, currency)]

    def lock_remittances(self, traces: Iterable[str]) -> None:
        """Whoever writes these remittances, or decides a case of one, waits until this unit ends. Before any order is locked.

        In one order for all who lock several: that of their traces, and of their keys under one.
        """
        for trace in sorted(set(traces)) if self._locks else ():
            self._connection.execute(_REMITTANCES_LOCKED, {"trace": trace})

    def record_deposit(self, entry: Deposit) -> int:
        """Records the bank's entry, beside those like it."""
        alike = {"trace": entry.trace, "amount": entry.amount, "on": entry.on}
        before = len(self._connection.execute(rows_by(deposit, *alike), alike).all())
        values = {**msgspec.structs.asdict(entry), "occurrence": before + 1, "at": self._clock.now()}
        return int(self._connection.execute(new_row(deposit), values).scalar_one())

    def deposits_like(self, entry: Deposit, traces: Iterable[str]) -> list[DepositRow]:
        """The bank's entries on record that may be this one under any of these ``traces``, oldest first."""
        here = sa.and_(deposit.c.trace.in_(list(traces)), deposit.c.amount == entry.amount, deposit.c.on == entry.on)
        rows = self._connection.execute(sa.select(deposit).where(here).order_by(deposit.c.id))
        return [as_row(DepositRow, row) for row in rows if same_currency(row.currency, entry.currency)]

    def deposits_of(self, trace: str, amount: Decimal) -> list[DepositRow]:
        """The bank's entries of this trace and amount, oldest first."""
        here = sa.and_(deposit.c.trace == trace, deposit.c.amount == amount)
        return [
            as_row(DepositRow, row) for row in self._connection.execute(sa.select(deposit).where(here).order_by(deposit.c.id))
        ]

    def match_deposit(self, id: int, document_id: str) -> None:
        """The deposit belongs to this remittance."""
        self._connection.execute(deposit.update().where(deposit.c.id == id).values(matched=document_id))

    def unmatched_deposit(self, trace: str, amount: Decimal, currency: str = "") -> DepositRow | None:
        """A deposit of this trace and amount that came before its remittance; without a ``currency``, it may be in any.

        In a unit that writes nobody else finds it until the unit's end.
        """
        here = sa.and_(deposit.c.trace == trace, deposit.c.amount == amount, deposit.c.matched.is_(None))
        rows = self._connection.execute(self._to_write(sa.select(deposit).where(here).order_by(deposit.c.id)))
        return next((as_row(DepositRow, row) for row in rows if same_currency(row.currency, currency)), None)


_NONE = Decimal(0)
_PART_EXPECTED = sa.and_(order_thread.c.state != "received", order_thread.c.ordered > order_thread.c.confirmed)
"""Orders of which not all is confirmed though something was decided: their lines say what is still expected."""

_TO_BILL = sa.case(
    (sa.or_(_PART_EXPECTED, order_thread.c.ordered < order_thread.c.billed), sa.literal(_NONE, Exact)),
    else_=order_thread.c.ordered - order_thread.c.billed,
)
_IN_USE = sa.select(sa.func.sum(order_thread.c.open), sa.func.sum(sa.type_coerce(_TO_BILL, Exact)))
_IN_PART = sa.select(order_thread.c.billed, order_thread.c.body).where(_PART_EXPECTED)


def _expected(body: str) -> Decimal:
    return _worth(msgspec.json.decode(body, type=OrderThread), "expected")


def _worth(thread: OrderThread, balance: str) -> Decimal:
    """What a balance of all lines is worth at the ordered prices."""
    balances = ((line, getattr(line, balance)) for line in thread.lines)
    return total([line_amount(each, line.price or Decimal(0), line.price_basis) for line, each in balances if each])


def _stored(row: sa.Row[tuple[object, ...]]) -> StoredThread:
    return StoredThread(row.id, msgspec.json.decode(row.body, type=OrderThread), row.usage)
