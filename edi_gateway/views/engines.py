"""Which engines run, which lanes they have in hand, and which lanes are out of order."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import msgspec
import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.folder_lock import is_locked, run_of
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import breaker, engine_run, lane
from edi_gateway.wording import count

NO_ENGINE = "No engine runs: documents wait, and nothing that recurs is done, until edi-gateway serve or worker is started."


class EngineRow(msgspec.Struct, frozen=True):
    """A run of the engine that is alive: ``name`` is machine and process, ``lanes`` how many it works on right now."""

    id: int
    name: str
    started_at: datetime
    lanes: int


class DownRow(msgspec.Struct, frozen=True):
    """A lane that failed at its last try. It waits until ``open_until``; none: it is tried again in seconds."""

    lane: str
    failures: int
    since: datetime
    open_until: datetime | None
    because: str

    @property
    def is_open(self) -> bool:
        """Whether it counts as out of order: only a probe goes now and then."""
        return self.open_until is not None

    def __str__(self) -> str:
        until = f", next probe {self.open_until:%H:%M:%S} UTC" if self.open_until else ""
        times = "once" if self.failures == 1 else count(self.failures, "time")
        return f"failed {times} since {self.since:%Y-%m-%d %H:%M} UTC{until}: {self.because}"


def engines(store: Database, lock: Path | None = None) -> list[EngineRow]:
    """Those that are alive, oldest first.

    On PostgreSQL the run's own lock tells. On SQLite, where one process runs at most, that of the data folder does: ``lock``, for
    who is not that process itself. Whoever has that and is no engine (a restore) names no run in it.
    """
    if lock and store.is_sqlite:
        return [each for each in _open_runs(store) if each.id == run_of(lock)] if is_locked(lock) else []
    rows = _open_runs(store)
    if store.is_sqlite:
        return rows
    with store.read() as unit:
        alive = unit.runs.alive()
    return [each for each in rows if each.id in alive]


def _open_runs(store: Database) -> list[EngineRow]:
    """Those that have not ended, alive or not."""
    held = sa.select(sa.func.count()).where(lane.c.holder == engine_run.c.id).scalar_subquery().label("lanes")
    columns = [*(engine_run.c[name] for name in ("id", "name", "started_at")), held]
    query = sa.select(*columns).where(engine_run.c.ended_at.is_(None)).order_by(engine_run.c.id)
    with store.reading() as connection:
        return [as_row(EngineRow, row) for row in connection.execute(query)]


def died(store: Database) -> int:
    """How many engines ended without a word so far."""
    with store.reading() as connection:
        query = sa.select(sa.func.count()).select_from(engine_run).where(engine_run.c.ended_how == "died")
        return int(connection.execute(query).scalar_one())


def down(store: Database) -> list[DownRow]:
    """Every lane whose last try failed."""
    with store.reading() as connection:
        return [as_row(DownRow, row) for row in connection.execute(sa.select(breaker).order_by(breaker.c.lane))]
