"""Sets in and out with their three statuses, what waits for a person, and what happened last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.store.among import Among
from edi_gateway.store.connection import Connection
from edi_gateway.store.database import Database
from edi_gateway.store.known import check_selection
from edi_gateway.store.outstanding import flows_in
from edi_gateway.store.rows import EventRow, as_row
from edi_gateway.store.selection import Selection
from edi_gateway.store.tables import event, flow, interchange, transaction
from edi_gateway.views.newest import chosen


class SetRow(msgspec.Struct, frozen=True):
    """One transaction set. Its three statuses are never merged into one."""

    id: int
    at: datetime
    direction: str
    partner: str | None
    code: str
    business_number: str
    interchange: str | None
    validation: str
    delivery: str
    acknowledgment: str


class StoppedRow(msgspec.Struct, frozen=True):
    """A flow that waits for a person, was rejected, or is dead, and why."""

    id: int
    state: str
    stage: str
    subject: str
    partner: str | None
    because: str
    changed_at: datetime


class TransmissionView(msgspec.Struct, frozen=True):
    """One payload moved."""

    id: int
    at: datetime
    direction: str
    connection: str
    partner: str | None
    name: str
    state: str
    detail: str


def sets(store: Database, meant: Selection | None = None, *, limit: int = 200) -> list[SetRow]:
    """The newest sets first; all, or those that are meant."""
    query = _query().order_by(transaction.c.id.desc()).limit(limit)
    if meant is not None:
        query = query.where(transaction.c.id.in_(meant.query()))
    with store.reading() as connection:
        check_selection(connection, meant or Selection())
        return [as_row(SetRow, row) for row in connection.execute(query)]


def rows_of(connection: Connection | sa.Connection, ids: Sequence[int]) -> list[SetRow]:
    """The sets of these numbers, the newest first."""
    return [SetRow(*row) for row in chosen(connection, _BY_ID, ids)]


def _query() -> sa.Select[Any]:
    """The columns of a ``SetRow``, in its order: to take them by place makes a hundred rows in half the time."""
    columns = [
        *(transaction.c[name] for name in ("id", "at", "direction", "partner", "code", "business_number")),
        interchange.c.control_number.label("interchange"),
        *(transaction.c[name] for name in ("validation", "delivery", "acknowledgment")),
    ]
    return sa.select(*columns).select_from(transaction.outerjoin(interchange, interchange.c.id == transaction.c.interchange_id))


_BY_ID = Among(_query(), transaction.c.id)


def stopped(store: Database, *states: str, limit: int = 500) -> list[StoppedRow]:
    """Flows in these states, newest first; held, rejected and dead ones when none is named."""
    wanted = states or ("held", "rejected", "dead")
    query = sa.select(flow).where(flows_in(wanted)).order_by((flow.c.id + 0).desc()).limit(limit)
    with store.reading() as connection:
        return [as_row(StoppedRow, row) for row in connection.execute(query)]


def events(store: Database, *, after: int = 0, limit: int = 500) -> list[EventRow]:
    """Events behind a cursor, oldest first."""
    query = sa.select(event).where(event.c.id > after).order_by(event.c.id).limit(limit)
    with store.reading() as connection:
        return [as_row(EventRow, row) for row in connection.execute(query)]


def flow_counts(store: Database) -> dict[str, int]:
    """How many flows are in each state."""
    query = sa.select(flow.c.state, sa.func.count()).group_by(flow.c.state)
    with store.reading() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}
