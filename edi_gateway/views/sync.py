"""Sync info: how well sets go, by partner, direction and code."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.known import check_partner
from edi_gateway.store.prepared import words
from edi_gateway.store.selection import carried_in
from edi_gateway.store.tables import set_count, set_count_change, transaction

ANSWERS = ("997", "999", "TA1")
_KEY = ("partner", "direction", "code")
_Counts: TypeAlias = "sa.Select[tuple[str, str, str, int, int, int, int]]"


class SyncRow(NamedTuple):
    """How sets of one code went with one partner: how many, and of them, each counted once, how many went wrong, how many wait
    for a person (``stopped``: held or dead), and how many are open."""

    partner: str
    direction: str
    code: str
    sets: int
    wrong: int
    open: int
    stopped: int
    last_at: datetime | None

    @property
    def well(self) -> int:
        """How many went well."""
        return self.sets - self.wrong - self.stopped - self.open

    @property
    def rate(self) -> float | None:
        """The share that went well of what has ended, 0 to 1; None where nothing has."""
        ended = self.well + self.wrong
        return self.well / ended if ended else None

    @property
    def said(self) -> str | None:
        """The rate as a table for programs has it."""
        return None if self.rate is None else f"{self.rate:.4f}"


def sync(store: Database, days: int = 30, *, partner: str = "", with_last: bool = True) -> list[SyncRow]:
    """How sets of today and some days before, by UTC, went, by partner, direction and code; of one partner, where it is named.

    wrong    invalid, or rejected by them, wholly or in part
    stopped  not wrong, and it, or the document in it, is held or dead: it waits for a person
    open     neither, and not sent yet, or not answered yet
    well     all others; the rate is well / (well + wrong), and there is none where nothing has ended

    When the last one was takes as long as the rest, and is None where ``with_last`` is false.

    Acknowledgments are not counted, they answer. The sums are those the database keeps itself (``store.set_counts``); what is
    stopped is looked up. One statement reads all of it, so that all of it is of one moment.
    """
    since = (store.clock.now().astimezone(UTC) - timedelta(days=days)).date()
    given: dict[str, object] = {"day": since, "moment": datetime.combine(since, time(), UTC)}
    if partner:
        given["only"] = partner
    with store.asking() as connection:
        check_partner(connection, partner)
        return [SyncRow._make(row) for row in connection.execute(_summed(bool(partner), with_last), given)]


@cache
def _summed(is_one: bool, with_last: bool) -> sa.Select[Any]:
    counted = sa.union_all(*_kept(), _stopped()).subquery()
    key = [counted.c[name] for name in _KEY]
    sums = [sa.func.sum(counted.c[name]).label(name) for name in ("sets", "wrong", "open", "stopped")]
    last = _last(counted) if with_last else sa.null()
    query = sa.select(*key, *sums, last.label("last_at")).group_by(*key).having(sums[0].element > 0).order_by(*key)
    return query.where(counted.c.partner == sa.bindparam("only", type_=sa.String)) if is_one else query


def _kept() -> list[_Counts]:
    """The sums, and what is not in them yet."""
    return [
        sa.select(*(each.c[name] for name in (*_KEY, "sets", "wrong", "open")), sa.literal(0).label("stopped")).where(
            each.c.day >= sa.bindparam("day", type_=sa.Date)
        )
        for each in (set_count, set_count_change)
    ]


def _stopped() -> _Counts:
    """What is held or dead and not wrong, a row each: stopped, and therefore not open."""
    ids = sa.union(*(sa.select(transaction.c.id).where(one) for one in carried_in(("held", "dead"))))
    unfinished = sa.or_(
        transaction.c.acknowledgment.in_(words("awaited", "overdue", "owed")), transaction.c.delivery == "pending"
    )
    wrong = sa.or_(
        transaction.c.validation == "invalid", transaction.c.acknowledgment.in_(words("rejected", "partially accepted"))
    )
    return sa.select(
        sa.func.coalesce(transaction.c.partner, "").label("partner"),
        transaction.c.direction,
        transaction.c.code,
        sa.literal(0).label("sets"),
        sa.literal(0).label("wrong"),
        sa.case((unfinished, -1), else_=0).label("open"),
        sa.literal(1).label("stopped"),
    ).where(
        transaction.c.id.in_(ids),
        transaction.c.at >= sa.bindparam("moment", type_=transaction.c.at.type),
        transaction.c.code.not_in(words(*ANSWERS)),
        ~wrong,
    )


def _last(counted: sa.Subquery) -> sa.ColumnElement[datetime]:
    """When the last set of a key was: the end of a stretch of one index."""
    same = sa.and_(transaction.c.code == counted.c.code, transaction.c.direction == counted.c.direction)
    last = sa.select(sa.func.max(transaction.c.at))
    of_partner = last.where(same, transaction.c.partner == counted.c.partner).correlate(counted).scalar_subquery()
    of_nobody = last.where(same, transaction.c.partner.is_(None), counted.c.partner == "").correlate(counted).scalar_subquery()
    return sa.func.coalesce(of_partner, of_nobody)
