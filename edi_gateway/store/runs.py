"""Runs of the engine: one row a process that runs lanes, from its start to its end, and what it left if it had no orderly one.

On PostgreSQL a run is alive as long as the connection is on which it holds an advisory lock of its number: when its process is
killed the lock is gone at once, and no clock has to be trusted. On SQLite one process has the database to itself, so any other
run that has not ended is dead.
"""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.errors import Defect
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_row
from edi_gateway.store.tables import engine_run, flow, lane, schedule

ALIVE = 8502  # the class of the advisory locks that say a run is alive
AT_WORK = 8503  # the advisory lock that every engine shares: whoever has it alone has a database on which none runs


class Runs:
    """The runs of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock
        self._is_shared = connection.dialect.name != "sqlite"

    def begin(self, name: str = "") -> int:
        """Opens a run; ``name`` says whose: machine and process."""
        values = {"name": name[:120], "started_at": self._clock.now()}
        return int(self._connection.execute(new_row(engine_run), values).scalar_one())

    def end(self, run: int) -> None:
        """It stopped in an orderly way; a job it had taken and not begun is due again."""
        if self._close(run, "stopped"):
            self._release(run)

    def is_open(self, run: int) -> bool:
        """Whether it has neither stopped nor been declared dead."""
        query = sa.select(engine_run.c.id).where(engine_run.c.id == run, engine_run.c.ended_at.is_(None))
        return self._connection.execute(query).first() is not None

    def missing(self, ours: int) -> set[int]:
        """Runs of others that have not ended and are not alive: all of them on SQLite, which one process has to itself."""
        unended = sa.select(engine_run.c.id).where(engine_run.c.ended_at.is_(None), engine_run.c.id != ours)
        found = set(self._connection.execute(unended).scalars())
        return found - self.alive() if found and self._is_shared else found

    def alive(self) -> set[int]:
        """Runs whose processes are there now, on PostgreSQL. Raises Defect on SQLite: there ``store.folder_lock`` tells."""
        if not self._is_shared:
            raise Defect("on SQLite no run says that it is alive; the lock of the data folder does")
        query = sa.text(
            "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND classid = :alive AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return set(self._connection.execute(query, {"alive": ALIVE}).scalars())

    def name_of(self, run: int) -> str:
        """Whose run it is: machine and process."""
        return str(self._connection.execute(sa.select(engine_run.c.name).where(engine_run.c.id == run)).scalar() or "")

    def bury(self, run: int, how: str = "died") -> list[str] | None:
        """Declares a run dead and takes away what it held: the lanes that had work in its hands, None if somebody was faster.

        What was ready in them may have killed it, so it becomes suspect; a job it ran is due again.
        """
        if not self._close(run, how):
            return None
        lanes = self._lanes_of(run)
        suspects = flow.update().where(flow.c.state == "ready", flow.c.due_at <= self._clock.now(), flow.c.lane.in_(lanes))
        self._connection.execute(suspects.values(suspect=True))
        self._count_deaths(lanes)
        self._release(run)
        return lanes

    def _release(self, run: int) -> None:
        self._connection.execute(lane.update().where(lane.c.holder == run).values(holder=None))
        again = schedule.update().where(schedule.c.holder == run)
        self._connection.execute(again.values(holder=None, next_run=self._clock.now()))

    def _count_deaths(self, lanes: Iterable[str]) -> None:
        in_it = flow.update().where(flow.c.state == "attempting", flow.c.lane.in_(lanes))
        self._connection.execute(in_it.values(deaths=flow.c.deaths + 1, due_at=self._clock.now()))

    def _lanes_of(self, run: int) -> list[str]:
        if not self._is_shared:  # it had the database to itself: all of them
            query = sa.select(flow.c.lane).where(flow.c.state.in_(("ready", "attempting"))).distinct()
            return sorted(self._connection.execute(query).scalars())
        return list(self._connection.execute(sa.select(lane.c.id).where(lane.c.holder == run).order_by(lane.c.id)).scalars())

    def _close(self, run: int, how: str) -> bool:
        here = sa.and_(engine_run.c.id == run, engine_run.c.ended_at.is_(None))
        closed = self._connection.execute(engine_run.update().where(here).values(ended_at=self._clock.now(), ended_how=how))
        return closed.rowcount == 1
