"""What recurs: APScheduler's triggers say when next, a compare-and-set on the row says who fires.

No leader, never twice; a run that was missed (the machine was off) happens once, late, and the next one is in the future.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from edi_gateway import log
from edi_gateway.clock import Clock
from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.store.database import Database

_log = log.logger(__name__)


class Job(NamedTuple):
    """Something that recurs: ``trigger`` is ``every 30s``, ``every 5m`` or ``cron MIN HOUR DAY MONTH WEEKDAY``, in UTC."""

    trigger: str
    run: Callable[[], None]


class Schedule:
    """Fires jobs when their rows are due."""

    def __init__(self, store: Database, clock: Clock, jobs: Mapping[str, Job]) -> None:
        self._store, self._clock, self._jobs = store, clock, jobs

    def prepare(self) -> None:
        """Makes the rows agree with the jobs there are; a new job is due at once."""
        now = self._clock.now()
        with self._store.write() as unit:
            for name, job in self._jobs.items():
                following(job.trigger, now)  # a wrong trigger is told now, not in the night
                unit.schedule.put(name, job.trigger, now)
            unit.schedule.drop_others(set(self._jobs))

    def tick(self) -> None:
        """Runs what is due now."""
        now = self._clock.now()
        with self._store.read() as unit:
            due = unit.schedule.due(now)
        for row in due:
            job = self._jobs.get(row.name)
            if job is None:
                continue
            with self._store.write() as unit:
                fired = unit.schedule.fire(row, now, following(row.trigger, now))
            if fired:
                self._run(row.name, job)

    def _run(self, name: str, job: Job) -> None:
        try:
            job.run()
        except GatewayError as error:
            _log.warning("a scheduled job failed and runs again at its next time", job=name, error=str(error))
        except Exception as error:
            _log.error("a scheduled job failed and runs again at its next time", job=name, exc_info=error)


_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def following(trigger: str, now: datetime) -> datetime:
    """The first time after ``now``. Raises WrongInput for words that are no trigger."""
    words = trigger.split()
    try:
        if words[0] == "every" and len(words) == 2:
            every = IntervalTrigger(**{_UNITS[words[1][-1]]: int(words[1][:-1])}, timezone="UTC")
            moment: datetime = now + every.interval
            return moment
        if words[0] == "cron" and len(words) == 6:
            cron = CronTrigger.from_crontab(" ".join(words[1:]), timezone="UTC")
            following_cron: datetime = cron.get_next_fire_time(now, now)
            return following_cron
    except (ValueError, KeyError, IndexError) as error:
        raise WrongInput(f"'{trigger}' is no trigger: {error}") from error
    raise WrongInput(f"'{trigger}' is no trigger", do="write 'every 30s', 'every 5m', 'every 2h' or 'cron 0 6 * * *'")
