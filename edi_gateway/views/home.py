"""The home page: what needs a person now, the traffic of a day, and when partners were last heard of."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.outstanding import flows_in, still_awaited, still_owed
from edi_gateway.store.tables import (
    alert,
    approval,
    breaker,
    certificate,
    flow,
    functional_group,
    owed,
    transaction,
    transmission,
)
from edi_gateway.store.types import Instant

SOON = timedelta(days=30)
"""Certificates that end within this time are shown."""


class Waiting(NamedTuple):
    """How much waits for a person, by kind."""

    held: int
    rejected: int
    overdue: int
    failing: int
    expiring: int
    asked: int

    @property
    def all(self) -> int:
        """Everything together."""
        return sum(self)


class Menu(NamedTuple):
    """What waits for a person, and how many alerts nobody looks after yet."""

    waiting: Waiting
    alerts: int


class HourRow(NamedTuple):
    """How many sets came and went in the hour that begins ``at``, UTC."""

    at: datetime
    came: int
    went: int


class SeenRow(NamedTuple):
    """When a partner's last document came and when our last one left; None: never."""

    partner: str
    came_at: datetime | None
    went_at: datetime | None


def waiting(store: Database) -> Waiting:
    """What needs a person now."""
    return menu(store).waiting


def menu(store: Database) -> Menu:
    """What every page counts, in one question: it is asked with each."""
    now = store.clock.now()
    with store.asking() as connection:
        *counts, alerts = connection.execute(_MENU, {"now": now, "day": now - timedelta(days=1), "soon": now + SOON}).one()
    return Menu(Waiting(*counts), alerts)


def _counted(name: str, table: sa.Table, *where: sa.ColumnElement[bool]) -> sa.Label[int]:
    return sa.select(sa.func.count()).select_from(table).where(*where).scalar_subquery().label(name)


def _counts() -> Iterator[sa.Label[int]]:
    """The figures of ``Waiting`` in its order, and the alerts nobody looks after yet."""
    now, day, soon = (sa.bindparam(name, type_=Instant) for name in ("now", "day", "soon"))
    yield _counted("held", flow, flows_in(("held", "dead")))
    yield _counted("rejected", flow, flows_in(("rejected",)), flow.c.changed_at >= day)
    late = (  # the partners' answers to us, and ours to them
        _counted("theirs", transaction, still_awaited(), transaction.c.acknowledgment_due_at < now),
        _counted("groups", functional_group, still_owed(), functional_group.c.due_at < now),
        _counted("ours", owed, owed.c.given_at.is_(None), owed.c.waived == sa.literal_column("''"), owed.c.due_at < now),
    )
    yield (late[0].element + late[1].element + late[2].element).label("overdue")
    yield _counted("failing", breaker)
    yield _counted("expiring", certificate, certificate.c.retired_at.is_(None), certificate.c.valid_until < soon)
    yield _counted("asked", approval, approval.c.state == "asked")
    not_over = alert.c.state != sa.literal_column("'resolved'")  # as the index has it
    yield _counted("alerts", alert, not_over, alert.c.state == "open")


_MENU = sa.select(*_counts())


def traffic(store: Database, hours: int = 24) -> list[HourRow]:
    """Sets that came and went, by the hour, oldest first, the hour that runs at the end."""
    last = store.clock.now().replace(minute=0, second=0, microsecond=0)
    first = last - timedelta(hours=hours - 1)
    with store.asking() as connection:
        rows = connection.execute(_by_hour(connection.dialect.name), {"first": first, "end": last + timedelta(hours=1)})
        counts = {(hour, direction): int(count) for hour, direction, count in rows}
    moments = [first + timedelta(hours=each) for each in range(hours)]
    return [HourRow(at, *(counts.get((f"{at:%Y-%m-%d %H}", way), 0) for way in ("in", "out"))) for at in moments]


@cache
def _by_hour(dialect: str) -> sa.Select[Any]:
    """By the hour, ``2026-11-22 14``, and direction, from the index of the moments: 24 statements took ten times as long."""
    at = transaction.c.at
    of: sa.ColumnElement[Any] = sa.func.substr(at, 1, 13)
    hour = of
    if dialect != "sqlite":  # written for an hour, not for each of its sets
        of = sa.func.date_trunc(sa.literal_column("'hour'"), sa.func.timezone(sa.literal_column("'UTC'"), at))
        hour = sa.func.to_char(of, sa.literal_column("'YYYY-MM-DD HH24'"))
    here = sa.and_(at >= sa.bindparam("first"), at < sa.bindparam("end"))
    columns = (sa.type_coerce(hour, sa.String).label("hour"), transaction.c.direction, sa.func.count().label("sets"))
    return sa.select(*columns).where(here).group_by(of, transaction.c.direction)


def last_seen(store: Database) -> dict[str, SeenRow]:
    """By partner, when documents last came and went."""
    with store.asking() as connection:
        return {name: SeenRow(name, came, went) for name, came, went in connection.execute(_seen())}


@cache
def _seen() -> sa.Select[Any]:
    seen = _partners_seen()
    latest = [
        sa.select(sa.func.max(transmission.c.at))
        .where(transmission.c.partner == seen.c.name, transmission.c.direction == direction)
        .scalar_subquery()
        .label(direction)
        for direction in ("in", "out")
    ]
    return sa.select(seen.c.name, *latest).where(seen.c.name.is_not(None)).order_by(seen.c.name)


def _partners_seen() -> sa.CTE:
    """The partners in the transmissions, from one to the next along the index: as many steps as partners, however many rows."""
    of = transmission.c.partner
    seen = sa.select(sa.func.min(of).label("name")).where(of.is_not(None)).cte("seen", recursive=True)
    after = sa.select(sa.func.min(of)).where(of > seen.c.name).scalar_subquery()
    return seen.union_all(sa.select(after).where(seen.c.name.is_not(None)))
