"""What a clock that was ahead left behind: moments that are still to come, and would be waited for.

Whatever was written at a moment that has not come yet was written by a clock that was put back since (or, on PostgreSQL, by a
machine whose clock is ahead): that alone tells it from what is meant to wait.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from edi_gateway.store.connection import Connection
from edi_gateway.store.rows import as_row
from edi_gateway.store.schedule import ScheduleRow
from edi_gateway.store.tables import breaker, flow, schedule


class Ahead:
    """Such rows of one unit of work; ``soon`` is as far ahead as clocks of several machines may differ."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def jobs(self, soon: datetime) -> list[ScheduleRow]:
        """Jobs that nobody does and that ran after ``soon``, or that are new and to run first after it."""
        wrote = sa.func.coalesce(schedule.c.last_run, schedule.c.next_run)
        query = sa.select(schedule).where(wrote > soon, schedule.c.holder.is_(None)).order_by(schedule.c.name)
        return [as_row(ScheduleRow, row) for row in self._connection.execute(query)]

    def bring_forward(self, job: ScheduleRow, next_run: datetime) -> bool:
        """Lets a job run sooner than it would; False where somebody else changed it meanwhile."""
        here = sa.and_(schedule.c.name == job.name, schedule.c.next_run == job.next_run, schedule.c.holder.is_(None))
        return self._connection.execute(schedule.update().where(here).values(next_run=next_run)).rowcount == 1

    def let_flows_go(self, now: datetime, soon: datetime) -> int:
        """Makes flows due that were made ready, or put off, after ``soon``; returns how many."""
        here = sa.and_(flow.c.state == "ready", flow.c.due_at > now, flow.c.changed_at > soon)
        return self._connection.execute(flow.update().where(here).values(due_at=now)).rowcount

    def probe(self, now: datetime, soon: datetime) -> int:
        """Lets what failed after ``soon`` be tried again; returns how many connections, ERPs and jobs that were."""
        here = breaker.c.failed_at > soon
        return self._connection.execute(breaker.update().where(here).values(open_until=now, failed_at=now)).rowcount
