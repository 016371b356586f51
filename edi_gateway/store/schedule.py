"""What recurs: rows with a next run, and the compare-and-set that decides who fires."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import upsert
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import schedule

OUTSIDE = ("collect ", "ERP events ")
"""How the names of jobs begin that look for what came to a partner's server or an ERP: they last as long as that takes."""
POLL = "poll:"
"""Begins the circuit of a connection that is looked into, apart from the one of what is sent over it."""


class ScheduleRow(msgspec.Struct, frozen=True):
    name: str
    trigger: str
    next_run: datetime
    last_run: datetime | None
    paused: bool
    holder: int | None
    last_ended: datetime | None
    last_error: str


class Schedule:
    """The schedule of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, name: str, trigger: str, next_run: datetime) -> None:
        """Adds a row, or changes its trigger; a row whose trigger is the same keeps its next run."""
        insert = upsert(self._connection)(schedule).values(name=name, trigger=trigger, next_run=next_run, paused=False)
        changed = {"trigger": trigger, "next_run": next_run}
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["name"], set_=changed, where=schedule.c.trigger != trigger)
        )

    def drop_others(self, names: set[str]) -> None:
        """Removes rows whose work no longer exists."""
        self._connection.execute(schedule.delete().where(schedule.c.name.not_in(names)))

    def due(self, now: datetime) -> list[ScheduleRow]:
        """Rows whose time has come and that nobody does right now, most overdue first."""
        query = sa.select(schedule).where(schedule.c.next_run <= now, ~schedule.c.paused, schedule.c.holder.is_(None))
        return [as_row(ScheduleRow, row) for row in self._connection.execute(query.order_by(schedule.c.next_run))]

    def all(self) -> list[ScheduleRow]:
        """Every row, by name."""
        return [as_row(ScheduleRow, row) for row in self._connection.execute(sa.select(schedule).order_by(schedule.c.name))]

    def fire(self, row: ScheduleRow, now: datetime, next_run: datetime, run: int) -> bool:
        """Takes this run of the job for a run of the engine: True for exactly one of all who try."""
        free = sa.and_(schedule.c.holder.is_(None), ~schedule.c.paused)
        here = sa.and_(schedule.c.name == row.name, schedule.c.next_run == row.next_run, free)
        taken = self._connection.execute(schedule.update().where(here).values(next_run=next_run, last_run=now, holder=run))
        return taken.rowcount == 1

    def finish(self, name: str, run: int, now: datetime, error: str) -> bool:
        """Says how the job ended; ``error`` is empty when all was well. False where that run does not have it (any more)."""
        here = sa.and_(schedule.c.name == name, schedule.c.holder == run)
        ended = schedule.update().where(here).values(holder=None, last_ended=now, last_error=error)
        return self._connection.execute(ended).rowcount == 1

    def put_off(self, name: str, until: datetime) -> None:
        """Lets the job run no sooner than then."""
        sooner = sa.and_(schedule.c.name == name, schedule.c.next_run < until)
        self._connection.execute(schedule.update().where(sooner).values(next_run=until))

    def give_back(self, name: str, run: int, now: datetime) -> None:
        """Makes a job that a run took and never began due again, as when that run dies; one that it has not taken stays."""
        here = sa.and_(schedule.c.name == name, schedule.c.holder == run)
        self._connection.execute(schedule.update().where(here).values(holder=None, next_run=now))

    def hurry(self, name: str, now: datetime) -> bool:
        """Makes a job due now, even a paused one's next run; False where there is none of that name."""
        sooner = sa.case((schedule.c.next_run > now, now), else_=schedule.c.next_run)
        return self._connection.execute(schedule.update().where(schedule.c.name == name).values(next_run=sooner)).rowcount == 1

    def pause(self, name: str, paused: bool) -> bool:
        """Keeps a job from being started, or lets it again; False where there is none of that name."""
        return self._connection.execute(schedule.update().where(schedule.c.name == name).values(paused=paused)).rowcount == 1
