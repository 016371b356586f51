"""What recurs: a row for each job with its next run, and a compare-and-set that decides who does it.

No leader, never twice at once. Whoever moves ``next_run`` on has the job until it says how it ended; while one process does it
nobody else begins it, and when that process dies the job is due at once. A run that was missed (everything was off, or the one
before took too long) happens once, late, and the next one is in the future. Where the database did not take that a job ended, or
did not say whether it took that one begins, the process remembers it, and says it again before it begins anything else.

A job that fails again and again has a circuit breaker, as a lane has: at the third time in a row a person is told, and until it
works again it runs every few minutes at most.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from edi_gateway.clock import Clock
from edi_gateway.errors import GatewayError, TryAgain
from edi_gateway.store.database import Database
from edi_gateway.store.schedule import POLL, ScheduleRow
from edi_gateway.store.unit import Unit
from edi_gateway.worker import breaker
from edi_gateway.worker.clock_back import ClockBack
from edi_gateway.worker.lines import JOB
from edi_gateway.worker.trigger import Trigger


class Partly(TryAgain):
    """A job did some of its work, and some failed: that says nothing about what it works with."""


class Job(NamedTuple):
    """Something that recurs; ``circuit`` is what is out of order when it fails again and again: empty, the job itself."""

    trigger: Trigger
    do: Callable[[], object]
    circuit: str = ""


class _Unsaid(NamedTuple):
    """What the database may not know of a job that our ``run`` had: that it ended, or (``ended`` None) that it never began."""

    run: int
    ended: datetime | None = None
    error: str = ""
    partly: bool = False


class Schedule:
    """Says which of its jobs are due and does them: ``start`` gets a name, returns at once, and has ``run`` called elsewhere.

    ``has_room`` says whether there is anybody to run a job: what nobody here would begin at once is left to other processes.
    """

    def __init__(
        self,
        store: Database,
        clock: Clock,
        jobs: Mapping[str, Job],
        start: Callable[[str], None],
        has_room: Callable[[str], bool] = lambda _name: True,
    ) -> None:
        self._store, self._clock, self.jobs, self._start, self._has_room = store, clock, jobs, start, has_room
        self._unsaid: dict[str, _Unsaid] = {}
        self._clock_back = ClockBack(store)

    def prepare(self) -> None:
        """Makes the rows agree with the jobs there are; a new job is due at once."""
        now = self._clock.now()
        with self._store.write() as unit:
            for name, job in self.jobs.items():
                unit.schedule.put(name, str(job.trigger), now)
            unit.schedule.drop_others(set(self.jobs))
            unit.breakers.keep_of((JOB, POLL), set(map(self._circuit, self.jobs)))

    def tick(self) -> bool:
        """Sets going what is due now; True where something is left, since nobody has room for it."""
        for name, what in tuple(self._unsaid.items()):
            self._say(name, what)
        now = self._clock.now()
        self._clock_back.look(now, {name: job.trigger.after for name, job in self.jobs.items()})
        with self._store.read() as unit:
            due = [row for row in unit.schedule.due(now) if row.name in self.jobs]
        left = False
        for row in due:
            if not self._has_room(row.name):
                left = True
            elif self._fire(row, now):
                self._start(row.name)
        return left

    def _fire(self, row: ScheduleRow, now: datetime) -> bool:
        """Whether this run of the job is ours; one that may be, and nobody knows, is given back at the next look."""
        run = self._store.run or 0
        try:
            with self._store.write() as unit:
                return unit.schedule.fire(row, now, self.jobs[row.name].trigger.after(now), run)
        except Exception:
            self._unsaid[row.name] = _Unsaid(run)
            raise

    def _say(self, name: str, what: _Unsaid) -> None:
        """Tells the database. What it does not take is kept until then: only we know it, and nobody begins the job before."""
        try:
            with self._store.write() as unit:
                if what.ended is None:
                    unit.schedule.give_back(name, what.run, self._clock.now())
                elif unit.schedule.finish(name, what.run, what.ended, what.error) and not what.partly:
                    self._count(unit, name, what.ended, what.error)
        except Exception:
            self._unsaid[name] = what
            raise
        self._unsaid.pop(name, None)

    def _count(self, unit: Unit, name: str, ended: datetime, error: str) -> None:
        """Counts failures in a row, and puts off a job that failed too often."""
        circuit = self._circuit(name)
        if not error:
            breaker.worked(unit, circuit)
        elif until := breaker.failed(unit, circuit, error, ended).open_until:
            unit.schedule.put_off(name, until)

    def _circuit(self, name: str) -> str:
        job = self.jobs.get(name)
        return job.circuit if job and job.circuit else JOB + name

    def hurry(self, name: str) -> None:
        """Makes a job due now: it runs as soon as somebody looks, once more if it is running."""
        with self._store.write() as unit:
            unit.schedule.hurry(name, self._clock.now())

    def run(self, name: str) -> None:
        """Does a job that was started, and keeps how it ended; what went wrong is raised again."""
        said, partly = "", False
        try:
            self.jobs[name].do()
        except Exception as error:
            said = str(error) if isinstance(error, GatewayError) else f"{type(error).__name__}: {error}"
            partly = isinstance(error, Partly)
            raise
        finally:
            self._say(name, _Unsaid(self._store.run or 0, self._clock.now(), said, partly))
