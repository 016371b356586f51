"""When something that recurs is next: APScheduler's triggers, in a time zone, within the hours of a calendar.

    every 5m                                every five minutes, from when it last began
    cron 0 6 * * mon-fri                    minute, hour, day, month, weekday; in UTC
    cron 0 6 * * mon-fri in America/Chicago by the clock there

When clocks go forward, a time that does not exist is as long after midnight (02:30 becomes 03:30). When they go back, a time
that comes twice counts once, unless the hour is a star: then every hour counts.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from edi_gateway.errors import WrongInput
from edi_gateway.trading.calendar import BusinessCalendar

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_HOW = "write 'every 30s', 'every 5m', 'every 2h', 'cron 0 6 * * *' or 'cron 0 6 * * * in America/Chicago'"


class Trigger(Protocol):
    """Says when next. Its text is what ``schedule list`` shows; another text is another trigger."""

    def after(self, now: datetime) -> datetime:
        """The first time after ``now``, in UTC."""
        ...

    def __str__(self) -> str: ...


class Every(NamedTuple):
    """At an interval from now."""

    text: str
    interval: timedelta

    def after(self, now: datetime) -> datetime:
        trigger = IntervalTrigger(seconds=int(self.interval.total_seconds()), timezone="UTC")
        moment: datetime = now + trigger.interval
        return moment

    def __str__(self) -> str:
        return self.text


class Cron(NamedTuple):
    """At times of the clock in a zone, as crontab writes them."""

    text: str
    fields: str
    zone: ZoneInfo

    def after(self, now: datetime) -> datetime:
        cron = CronTrigger.from_crontab(self.fields, timezone=self.zone)
        local = now.astimezone(self.zone)
        found = cron.get_next_fire_time(local, local)
        every_hour = self.fields.split()[1].startswith("*")
        while found is not None and found.fold and not every_hour and _was_there_before(found):
            found = cron.get_next_fire_time(found, found)
        if found is None:
            raise WrongInput(f"'{self.text}' never comes")
        return _utc(found)

    def __str__(self) -> str:
        return self.text


class Within(NamedTuple):
    """Another trigger, but only in the hours of a calendar: what falls outside waits until it opens."""

    inner: Trigger
    calendar: BusinessCalendar
    zone: ZoneInfo

    def after(self, now: datetime) -> datetime:
        return self.calendar.deadline(self.inner.after(now), timedelta(), self.zone)

    def __str__(self) -> str:
        days = ", ".join(day[:3] for day in self.calendar.working_days)
        hours = f"{self.calendar.opens:%H:%M}-{self.calendar.closes:%H:%M}"
        off = f" except {len(self.calendar.holidays)} holidays" if self.calendar.holidays else ""
        return f"{self.inner} within {days} {hours}{off} in {self.zone.key}"


class Soonest(NamedTuple):
    """Whichever of several comes first: an interval and a cut-off."""

    triggers: tuple[Trigger, ...]

    def after(self, now: datetime) -> datetime:
        return min(each.after(now) for each in self.triggers)

    def __str__(self) -> str:
        return " and ".join(map(str, self.triggers))


def read_trigger(text: str) -> Trigger:
    """The trigger that words describe. Raises WrongInput for words that are no trigger."""
    words, _, zone = text.partition(" in ")
    try:
        match words.split():
            case ["every", length] if not zone:
                return Every(text, _interval(length))
            case ["cron", *fields] if len(fields) == 5:
                cron = Cron(text, " ".join(fields), ZoneInfo(zone or "UTC"))
                CronTrigger.from_crontab(cron.fields, timezone=cron.zone)
                return cron
    except (ValueError, KeyError, IndexError, ZoneInfoNotFoundError, OSError) as error:
        raise WrongInput(f"'{text}' is no trigger: {error}", do=_HOW) from error
    raise WrongInput(f"'{text}' is no trigger", do=_HOW)


def daily(at: time, zone: ZoneInfo) -> Trigger:
    """Every day at a time of the clock there."""
    return read_trigger(f"cron {at.minute} {at.hour} * * * in {zone.key}")


def _interval(length: str) -> timedelta:
    interval = timedelta(**{_UNITS[length[-1]]: int(length[:-1])})
    if interval <= timedelta():
        raise ValueError("an interval is longer than nothing")
    return interval


def _was_there_before(found: datetime) -> bool:
    """Whether clocks showed this time once already, an hour ago."""
    return found.replace(fold=0).utcoffset() != found.utcoffset()


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(ZoneInfo("UTC"))
