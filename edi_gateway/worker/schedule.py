"""What recurs: a row for each job with its next run, and a compare-and-set that decides who does it.

No leader, never twice at once. Whoever moves ``next_run`` on has the job until it says how it ended; while one process does it
nobody else begins it, and when that process dies the job is due at once. A run that was missed (everything was off, or the one
before took too long) happens once, late, and the next one is in the future.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from edi_gateway.clock import Clock
from edi_gateway.errors import GatewayError
from edi_gateway.store.database import Database
from edi_gateway.worker.trigger import Trigger


class Job(NamedTuple):
    """Something that recurs."""

    trigger: Trigger
    do: Callable[[], object]


class Schedule:
    """Says which of its jobs are due and does them: ``start`` gets a name, returns at once, and has ``run`` called elsewhere."""

    def __init__(self, store: Database, clock: Clock, jobs: Mapping[str, Job], start: Callable[[str], None]) -> None:
        self._store, self._clock, self.jobs, self._start = store, clock, jobs, start

    def prepare(self) -> None:
        """Makes the rows agree with the jobs there are; a new job is due at once."""
        now = self._clock.now()
        with self._store.write() as unit:
            for name, job in self.jobs.items():
                unit.schedule.put(name, str(job.trigger), now)
            unit.schedule.drop_others(set(self.jobs))

    def tick(self) -> None:
        """Sets going what is due now."""
        now = self._clock.now()
        with self._store.read() as unit:
            due = [row for row in unit.schedule.due(now) if row.name in self.jobs]
        for row in due:
            with self._store.write() as unit:
                ours = unit.schedule.fire(row, now, self.jobs[row.name].trigger.after(now), self._store.run or 0)
            if ours:
                self._start(row.name)

    def hurry(self, name: str) -> None:
        """Makes a job due now: it runs as soon as somebody looks, once more if it is running."""
        with self._store.write() as unit:
            unit.schedule.hurry(name, self._clock.now())

    def run(self, name: str) -> None:
        """Does a job that was started, and keeps how it ended; what went wrong is raised again."""
        said = ""
        try:
            self.jobs[name].do()
        except Exception as error:
            said = str(error) if isinstance(error, GatewayError) else f"{type(error).__name__}: {error}"
            raise
        finally:
            with self._store.write() as unit:
                unit.schedule.finish(name, self._store.run or 0, self._clock.now(), said)
