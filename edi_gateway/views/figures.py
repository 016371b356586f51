"""First figures: how fast, how right, how paid.

Every figure says in a sentence what it counts, and is None where there is nothing to count. All are of production: a test is
no business (R30). A window of days begins so many days ago and ends now; what it is counted by (received, due, billed) is said
with each figure.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.order_to_cash.thread import OrderThread
from edi_gateway.store.database import Database
from edi_gateway.store.known import check_partner
from edi_gateway.store.tables import cash_case, document, document_thread, event, order_thread, owed, transaction
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.usage import PRODUCTION

_TOUCHED = ("flow.held", "flow.dead", "order.keyed", "document.corrected", "approval.asked")
_DISPUTED = ("deduction", "short pay", "says otherwise", "item does not add up")
_DSO_DAYS = 90


class Figure(msgspec.Struct, frozen=True):
    """One figure: ``value`` in ``unit`` (hours, days, share from 0 to 1, or money), over ``of`` things."""

    name: str
    value: Decimal | None
    unit: str
    of: int
    means: str


class OverdueInvoice(msgspec.Struct, frozen=True):
    """An invoice past its due date with something still to come."""

    partner: str
    invoice: str
    order: str
    due_on: date
    days: int
    amount: Decimal
    open: Decimal


def figures(store: Database, *, partner: str = "", days: int = 30) -> list[Figure]:
    """All of them, for one partner or for all."""
    since = store.clock.now() - timedelta(days=days)
    with store.reading() as connection:
        check_partner(connection, partner)
        return [made(connection, partner, since, store.clock.now()) for made in _FIGURES]


def overdue_invoices(store: Database, *, partner: str = "", directory: Directory | None = None) -> list[OverdueInvoice]:
    """The longest overdue first, by the day it is at their partner's; by that of UTC for one that is not in the ``directory``."""
    now = store.clock.now()
    days = {each.name: each.today(now) for each in directory.partners} if directory else {}
    query = sa.select(order_thread.c.partner, order_thread.c.body).where(order_thread.c.open > 0, *_of(order_thread, partner))
    with store.reading() as connection:
        check_partner(connection, partner)
        threads = [(name, msgspec.json.decode(body, type=OrderThread)) for name, body in connection.execute(query)]
    found = [
        OverdueInvoice(name, one.invoice, thread.order_number, one.due_on, late.days, one.amount, one.open)
        for name, thread in threads
        for one in thread.receivables
        if one.open > 0 and (late := days.get(name, now.date()) - one.due_on) > timedelta(0)
    ]
    return sorted(found, key=lambda row: (row.due_on, row.partner, row.invoice))


# --- each figure ----------------------------------------------------------------------------------------------------------------


def _cycle_time(connection: sa.Connection, partner: str, since: datetime, _now: datetime) -> Figure:
    order, told = document.alias("order_document"), _ship_notices()
    left = sa.func.min(told.c.at)
    query = (
        sa.select(order.c.at, left)
        .join(order_thread, order_thread.c.document_id == order.c.id)  # as it came: each change makes a further document of it
        .join(told, told.c.thread_id == order_thread.c.id)
        .where(order.c.at >= since, *_of(order, partner))
        .group_by(order.c.id, order.c.at)
    )
    hours = [_hours(to - start) for start, to in connection.execute(query)]
    means = "median from an order received to its first ship notice, over orders received in the window that have one"
    return Figure("order cycle time", _rounded(median(hours)) if hours else None, "hours", len(hours), means)


def _ship_notices() -> sa.Subquery:
    """When a ship notice was made of an order: of each of its orders, where it is of several."""
    notice = document.alias("notice")
    is_one = notice.c.kind == "ship notice"
    own = sa.select(notice.c.thread_id, notice.c.at).where(is_one, notice.c.thread_id.is_not(None))
    beside = sa.select(document_thread.c.thread_id, notice.c.at).join(notice, notice.c.id == document_thread.c.document_id)
    return sa.union_all(own, beside.where(is_one)).subquery("told")


def _on_time(code: str, name: str) -> Callable[[sa.Connection, str, datetime, datetime], Figure]:
    def made(connection: sa.Connection, partner: str, since: datetime, now: datetime) -> Figure:
        in_time = sa.and_(owed.c.given_at.is_not(None), owed.c.given_at <= owed.c.due_at)
        due = sa.and_(owed.c.code == code, owed.c.due_at.between(since, now), owed.c.waived == "")
        query = sa.select(sa.func.count(), sa.func.sum(sa.case((in_time, 1), else_=0))).where(due, *_of(owed, partner))
        all_, good = connection.execute(query).one()
        return _share(name, good, all_, f"share of {code}s due in the window that left by their deadline")

    return made


def _fill_rate(connection: sa.Connection, partner: str, since: datetime, _now: datetime) -> Figure:
    columns = (sa.func.count(), sa.func.sum(order_thread.c.shipped), sa.func.sum(order_thread.c.ordered))
    query = sa.select(*columns).where(order_thread.c.opened_at >= since, order_thread.c.shipped > 0, *_of(order_thread, partner))
    count, shipped, ordered = connection.execute(query).one()
    means = "worth shipped of worth ordered, over orders received in the window of which anything left"
    return _share("fill rate", shipped, ordered, means, of=count)


def _invoice_accuracy(connection: sa.Connection, partner: str, since: datetime, _now: datetime) -> Figure:
    said = document.alias("said")
    disputed = sa.exists().where(
        cash_case.c.partner == document.c.partner,
        cash_case.c.invoice == document.c.number,
        cash_case.c.kind.in_(_DISPUTED),
        cash_case.c.document_id == said.c.id,
        said.c.usage == document.c.usage,
    )
    rejected = sa.exists().where(transaction.c.document_id == document.c.id, transaction.c.acknowledgment == "rejected")
    wrong = sa.case((sa.or_(disputed, rejected), 0), else_=1)
    query = sa.select(sa.func.count(), sa.func.sum(wrong)).where(
        document.c.kind == "invoice", document.c.direction == "out", document.c.at >= since, *_of(document, partner)
    )
    all_, good = connection.execute(query).one()
    return _share("invoice accuracy", good, all_, "share of invoices billed in the window neither rejected nor paid otherwise")


def _touchless(connection: sa.Connection, partner: str, since: datetime, _now: datetime) -> Figure:
    in_thread = document.alias("in_thread")
    of_document = event.c.subject == sa.literal("document:") + in_thread.c.id
    of_set = event.c.subject == sa.literal("transaction:") + sa.cast(transaction.c.id, sa.String)
    documents = in_thread.outerjoin(transaction, transaction.c.document_id == in_thread.c.id)
    touched = (
        sa.select(sa.literal(1))
        .select_from(documents.join(event, sa.or_(of_document, of_set)))
        .where(in_thread.c.thread_id == order_thread.c.id, event.c.kind.in_(_TOUCHED))
        .correlate(order_thread)
        .exists()
    )
    query = sa.select(sa.func.count(), sa.func.sum(sa.case((touched, 0), else_=1))).where(
        order_thread.c.opened_at >= since, *_of(order_thread, partner)
    )
    all_, good = connection.execute(query).one()
    return _share("touchless share", good, all_, "share of orders received in the window that nobody had to look at")


def _days_sales_outstanding(connection: sa.Connection, partner: str, _since: datetime, now: datetime) -> Figure:
    begun = now - timedelta(days=_DSO_DAYS)
    columns = (sa.func.count(), sa.func.sum(order_thread.c.open), sa.func.sum(order_thread.c.billed))
    recent = sa.select(*columns).where(order_thread.c.opened_at >= begun, *_of(order_thread, partner))
    all_open = sa.select(sa.func.sum(order_thread.c.open)).where(*_of(order_thread, partner))
    count, _, billed = connection.execute(recent).one()
    open_ = connection.execute(all_open).scalar()
    value = _rounded(Decimal(open_ or 0) / Decimal(billed) * _DSO_DAYS) if billed else None
    means = f"open receivables over what was billed on orders of the last {_DSO_DAYS} days, times {_DSO_DAYS}"
    return Figure("days sales outstanding", value, "days", count, means)


_FIGURES: tuple[Callable[[sa.Connection, str, datetime, datetime], Figure], ...] = (
    _cycle_time,
    _on_time("855", "order acknowledgments on time"),
    _on_time("856", "ship notices on time"),
    _on_time("810", "invoices on time"),
    _fill_rate,
    _invoice_accuracy,
    _touchless,
    _days_sales_outstanding,
)


def _of(table: sa.FromClause, partner: str) -> tuple[sa.ColumnElement[bool], ...]:
    """What of a table counts: production's, of one partner or of all."""
    real = table.c.usage == PRODUCTION
    return (real, table.c.partner == partner) if partner else (real,)


def _share(name: str, good: Any, all_: Any, means: str, of: int | None = None) -> Figure:
    value = (Decimal(good or 0) / Decimal(all_)).quantize(Decimal("0.0001")) if all_ else None
    return Figure(name, value, "share", int(all_ or 0) if of is None else of, means)


def _hours(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(seconds=1)) / 3600


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"))
