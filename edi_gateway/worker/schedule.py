"""What recurs: APScheduler's triggers say when next, a compare-and-set on the row says who fires.

No leader, never twice; a run that was missed (the machine was off) happens once, late, and the next one is in the future.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from edi_gateway.clock import Clock
from edi_gateway.errors import WrongInput
from edi_gateway.store.database import Database


class Schedule:
    """Says which jobs are due: ``triggers`` maps a job's name to its trigger, ``fire`` sets one going and returns at once.

    A trigger is ``every 30s``, ``every 5m`` or ``cron MIN HOUR DAY MONTH WEEKDAY``, in UTC.
    """

    def __init__(self, store: Database, clock: Clock, triggers: Mapping[str, str], fire: Callable[[str], None]) -> None:
        self._store, self._clock, self.triggers, self._fire = store, clock, triggers, fire

    def prepare(self) -> None:
        """Makes the rows agree with the jobs there are; a new job is due at once. Raises WrongInput for a wrong trigger."""
        now = self._clock.now()
        for trigger in self.triggers.values():
            following(trigger, now)  # told now, not in the night
        with self._store.write() as unit:
            for name, trigger in self.triggers.items():
                unit.schedule.put(name, trigger, now)
            unit.schedule.drop_others(set(self.triggers))

    def tick(self) -> None:
        """Sets going what is due now."""
        now = self._clock.now()
        with self._store.read() as unit:
            due = unit.schedule.due(now)
        for row in due:
            with self._store.write() as unit:
                ours = row.name in self.triggers and unit.schedule.fire(row, now, following(row.trigger, now))
            if ours:
                self._fire(row.name)


_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def following(trigger: str, now: datetime) -> datetime:
    """The first time after ``now``. Raises WrongInput for words that are no trigger."""
    words = trigger.split()
    try:
        if words[0] == "every" and len(words) == 2:
            if int(words[1][:-1]) <= 0:
                raise ValueError("an interval is longer than nothing")
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
