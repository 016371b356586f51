"""Arrivals: in which order a sender's interchange numbers came, which are missing, and which came late or again.

One row for each pair of ids and usage, since T and P are often numbered apart. A number left out is kept as missing until it
comes. Where a sender begins to count again, or leaps so far that nobody would look for what is between, its count goes on there.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningInsert

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.control_numbers import ROLLOVER
from edi_gateway.store.prepared import upsert
from edi_gateway.store.tables import arrival, missing_arrival

FAR = 1000  # numbers; further apart is another count, not that many lost interchanges

Kind = Literal["in order", "gap", "late", "again", "new count"]


class Sender(NamedTuple):
    """Whose numbers: ISA06 and ISA08 with their qualifiers, and ISA15."""

    sender: str
    receiver: str
    usage: str


class Arrival(NamedTuple):
    """How a number came, the highest before it, and how many numbers it leaves out."""

    kind: Kind
    before: int
    left_out: int = 0


class Gap(NamedTuple):
    """Numbers that were left out and have not come, from ``first`` to ``last``."""

    first: int
    last: int
    since: datetime


def _of(table: sa.Table) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == sa.bindparam(f"of_{name}") for name in Sender._fields]


def _which(whose: Sender) -> dict[str, object]:
    return {f"of_{name}": value for name, value in whose._asdict().items()}


_CAME = arrival.update().where(*_of(arrival))
_COUNTED = {kind: _CAME.values({kind: arrival.c[kind] + 1}) for kind in ("late", "again")}
_LOCKED = _CAME.returning(arrival.c.highest)
_MISSING = sa.select(missing_arrival).where(*_of(missing_arrival)).order_by(missing_arrival.c.first)
_BETWEEN = (missing_arrival.c.first <= sa.bindparam("number"), missing_arrival.c.last >= sa.bindparam("number"))
_TAKEN_OUT = missing_arrival.delete().where(*_of(missing_arrival), *_BETWEEN).returning(*missing_arrival.c)


@cache
def _new(insert: Any) -> ReturningInsert[Any]:
    new: ReturningInsert[Any] = insert(arrival).on_conflict_do_nothing().returning(arrival.c.highest)
    return new


@cache
def _missed(insert: Any) -> sa.Insert:
    missed: sa.Insert = insert(missing_arrival).on_conflict_do_nothing()
    return missed


class Arrivals:
    """The arrivals of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def note(self, whose: Sender, partner: str, number: int, *, one_by_one: bool = True) -> Arrival:
        """Keeps that an interchange of this number came; says what that means, where its sender counts ``one_by_one``."""
        before = self._lock(whose, partner, number)
        if before is None:
            return Arrival("in order", number - 1)
        came = self._place(whose, before, number) if one_by_one else Arrival("in order", before)
        changes: dict[str, object] = {**_which(whose), "last": number, "last_at": self._clock.now()}
        if came.kind in ("late", "again"):
            self._connection.execute(_COUNTED[came.kind], changes)
        else:
            self._connection.execute(_CAME, {**changes, "highest": number})
        return came

    def gaps(self, whose: Sender) -> list[Gap]:
        """What is missing of a sender's, lowest first."""
        rows = self._connection.execute(_MISSING, _which(whose))
        return [Gap(row.first, row.last, row.since) for row in rows]

    def _lock(self, whose: Sender, partner: str, number: int) -> int | None:
        """The highest number until now, its row locked until the end of the transaction; None for a sender that is new."""
        now = self._clock.now()
        values = {**whose._asdict(), "partner": partner, "highest": number, "last": number, "last_at": now}
        if self._connection.execute(_new(upsert(self._connection)), values).first() is not None:
            return None
        locked = {**_which(whose), "last_at": now, "partner": partner}
        return int(self._connection.execute(_LOCKED, locked).scalar_one())

    def _place(self, whose: Sender, before: int, number: int) -> Arrival:
        if number == before + 1 or (before == ROLLOVER and number <= 1):
            return Arrival("in order", before)
        if abs(number - before) > FAR:
            return Arrival("new count", before)
        if number > before:
            self._miss(whose, before + 1, number - 1, self._clock.now())
            return Arrival("gap", before, number - before - 1)
        return Arrival("late" if self._found(whose, number) else "again", before)

    def _found(self, whose: Sender, number: int) -> bool:
        """Takes a number out of what is missing; False where it was not."""
        row = self._connection.execute(_TAKEN_OUT, {**_which(whose), "number": number}).first()
        if row is None:
            return False
        for first, last in ((row.first, number - 1), (number + 1, row.last)):
            if first <= last:
                self._miss(whose, first, last, row.since)
        return True

    def _miss(self, whose: Sender, first: int, last: int, since: datetime) -> None:
        values = {**whose._asdict(), "first": first, "last": last, "since": since}
        self._connection.execute(_missed(upsert(self._connection)), values)
