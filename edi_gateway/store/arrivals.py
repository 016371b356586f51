"""Arrivals: in which order a sender's interchange numbers came, which are missing, and which came late or again.

One row for each pair of ids and usage, since T and P are often numbered apart. Numbers go round: behind 999999999 comes 1, and
how far two are apart is reckoned over that. A number left out is kept as missing until it comes.

One that is far from the highest, ahead or back, is out of order, and the count stays where it is: an old file, or a slip of the
pen, must not end the watch for gaps. Only a second one right behind it says that its sender counts anew from there; nobody looks
for what is between, nor any longer for what was missing of the count before. One behind the highest that nobody missed is out of
order as well, unless it came before. What came before with the same bytes moves nothing: it is not the last one that came either.
Whether it did, and within which time that counts, is for whoever claims numbers to say.
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

Kind = Literal["in order", "gap", "late", "out of order", "again", "new count"]
Repetition = Literal["again", "reused"]
"""A number that came before: with the same bytes, or with others."""
Span = tuple[int, int]
"""Numbers from the first to the last."""


class Sender(NamedTuple):
    """Whose numbers: ISA06 and ISA08 with their qualifiers, and ISA15."""

    sender: str
    receiver: str
    usage: str


class Standing(NamedTuple):
    """The highest number of a sender, and the last one that came and was no repetition."""

    highest: int
    last: int


class Arrival(NamedTuple):
    """How a number came, the highest before it, which numbers it leaves out (two spans where they go round), and those of an
    earlier count that are waited for no more.
    """

    kind: Kind
    before: int
    left_out: tuple[Span, ...] = ()
    given_up: tuple[Span, ...] = ()


class Gap(NamedTuple):
    """Numbers that were left out and have not come, from ``first`` to ``last``."""

    first: int
    last: int
    since: datetime


def _of(table: sa.Table) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == sa.bindparam(f"of_{name}") for name in Sender._fields]


def _which(whose: Sender) -> dict[str, object]:
    return {f"of_{name}": value for name, value in whose._asdict().items()}


_COUNTS = ("late", "reused")
_LOCKED = arrival.update().where(*_of(arrival)).returning(arrival.c.highest, arrival.c.last)
_CAME = arrival.update().where(*_of(arrival)).values({name: arrival.c[name] + sa.bindparam(f"{name}_more") for name in _COUNTS})
_REPEATED = arrival.update().where(*_of(arrival)).values(again=arrival.c.again + 1)
_MISSING = sa.select(missing_arrival).where(*_of(missing_arrival)).order_by(missing_arrival.c.first)
_BETWEEN = (missing_arrival.c.first <= sa.bindparam("number"), missing_arrival.c.last >= sa.bindparam("number"))
_GIVEN_UP = missing_arrival.delete().where(*_of(missing_arrival)).returning(missing_arrival.c.first, missing_arrival.c.last)
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

    def lock(self, whose: Sender, partner: str, number: int) -> Standing:
        """How a sender's numbers stand before this one, their row locked until the transaction ends; a new one begins with it."""
        values = {**whose._asdict(), "partner": partner, "highest": number, "last": number, "last_at": self._clock.now()}
        if self._connection.execute(_new(upsert(self._connection)), values).first() is not None:
            return Standing(number - 1, number - 1)
        row = self._connection.execute(_LOCKED, {**_which(whose), "partner": partner}).one()
        return Standing(row.highest, row.last)

    def note(
        self, whose: Sender, stood: Standing, number: int, repetition: Repetition | None = None, *, one_by_one: bool = True
    ) -> Arrival:
        """Keeps that an interchange of this number came; says what that means, where its sender counts ``one_by_one``."""
        if repetition == "again":
            self._connection.execute(_REPEATED, _which(whose))
            return Arrival("again", stood.highest)
        is_reused = repetition == "reused"
        came = self._place(whose, stood, number, is_reused=is_reused) if one_by_one else Arrival("in order", stood.highest)
        stays = came.kind in ("late", "out of order", "again")
        more = {"late_more": int(came.kind in ("late", "out of order")), "reused_more": int(is_reused)}
        now = {"highest": stood.highest if stays else number, "last": number, "last_at": self._clock.now()}
        self._connection.execute(_CAME, {**_which(whose), **now, **more})
        return came

    def gaps(self, whose: Sender) -> list[Gap]:
        """What is missing of a sender's, lowest first."""
        rows = self._connection.execute(_MISSING, _which(whose))
        return [Gap(row.first, row.last, row.since) for row in rows]

    def _place(self, whose: Sender, stood: Standing, number: int, *, is_reused: bool) -> Arrival:
        highest, last = stood
        ahead = steps(highest, number)
        if ahead == 1:
            return Arrival("in order", highest)
        if 1 < ahead <= FAR:
            left_out = _between(highest, ahead)
            for span in left_out:
                self._miss(whose, *span, self._clock.now())
            return Arrival("gap", highest, left_out)
        if self._found(whose, number):
            return Arrival("late", highest)
        if abs(ahead) > FAR and steps(last, number) == 1:
            return Arrival("new count", highest, given_up=self._give_up(whose))
        return Arrival("again" if is_reused else "out of order", highest)

    def _give_up(self, whose: Sender) -> tuple[Span, ...]:
        rows = self._connection.execute(_GIVEN_UP, _which(whose))
        return tuple(sorted((row.first, row.last) for row in rows))

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


def steps(before: int, number: int) -> int:
    """How many steps a number is ahead of another, round the rollover if that is the shorter way; below nought: back.

    Nought comes only from those who count from it, behind 999999999 and before 1.
    """
    round_ = ROLLOVER + (0 in (before, number))
    ahead = (number - before) % round_
    return ahead if ahead <= round_ // 2 else ahead - round_


def _between(before: int, ahead: int) -> tuple[Span, ...]:
    """The numbers that are passed over by so many steps; what goes round is two spans."""
    last = before + ahead - 1
    spans = ((before + 1, min(last, ROLLOVER)), (max(before - ROLLOVER, 0) + 1, last - ROLLOVER))
    return tuple(span for span in spans if span[0] <= span[1])
