"""What recurs: rows with a next run, and the compare-and-set that decides who fires."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import schedule


class ScheduleRow(msgspec.Struct, frozen=True):
    name: str
    trigger: str
    next_run: datetime
    last_run: datetime | None
    paused: bool


class Schedule:
    """The schedule of one unit of work."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def put(self, name: str, trigger: str, next_run: datetime) -> None:
        """Adds a row, or changes its trigger; a row whose trigger is the same keeps its next run."""
        row = self._connection.execute(sa.select(schedule).where(schedule.c.name == name)).first()
        if row is None:
            self._connection.execute(schedule.insert().values(name=name, trigger=trigger, next_run=next_run, paused=False))
        elif row.trigger != trigger:
            self._connection.execute(schedule.update().where(schedule.c.name == name).values(trigger=trigger, next_run=next_run))

    def drop_others(self, names: set[str]) -> None:
        """Removes rows whose work no longer exists."""
        self._connection.execute(schedule.delete().where(schedule.c.name.not_in(names)))

    def due(self, now: datetime) -> list[ScheduleRow]:
        """Rows whose time has come, most overdue first."""
        query = sa.select(schedule).where(schedule.c.next_run <= now, ~schedule.c.paused).order_by(schedule.c.next_run)
        return [as_row(ScheduleRow, row) for row in self._connection.execute(query)]

    def next_run(self) -> datetime | None:
        """When the next row is due."""
        moment: datetime | None = self._connection.execute(
            sa.select(sa.func.min(schedule.c.next_run)).where(~schedule.c.paused)
        ).scalar()
        return moment

    def fire(self, row: ScheduleRow, now: datetime, next_run: datetime) -> bool:
        """Takes this run for us: True for exactly one of all who try."""
        here = sa.and_(schedule.c.name == row.name, schedule.c.next_run == row.next_run)
        taken = self._connection.execute(schedule.update().where(here).values(next_run=next_run, last_run=now))
        return taken.rowcount == 1
