"""Business calendars: which hours count towards a deadline, in the partner's time zone, through changes of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PlainSerializer, model_validator

from edi_gateway.trading.base import Terms

Weekday: TypeAlias = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MIDNIGHT = time(0)


def _without_zone(value: time) -> time:
    if value.tzinfo is not None:
        raise ValueError("write the local time only, such as 08:00")
    return value


def _as_people_say(value: time) -> str:
    return value.isoformat("minutes" if (value.second, value.microsecond) == (0, 0) else "auto")


LocalTime: TypeAlias = Annotated[time, AfterValidator(_without_zone), PlainSerializer(_as_people_say, when_used="json")]
"""A time of day in a partner's time zone: ``08:00``."""


class BusinessCalendar(Terms):
    """When a partner works. Deadlines that are agreed in working hours are counted in it; the days are in its time zone."""

    working_days: tuple[Weekday, ...] = Field(WEEKDAYS[:5], min_length=1, description="Days of the week they work.")
    opens: LocalTime = Field(_MIDNIGHT, description="When their day begins: 08:00.")
    closes: LocalTime = Field(_MIDNIGHT, description="When it ends; 00:00 is the end of the day.")
    holidays: tuple[date, ...] = Field((), description="Days they do not work: 2026-11-26.")

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> BusinessCalendar:
        if self.closes != _MIDNIGHT and self.opens >= self.closes:
            raise ValueError(f"opens {self.opens:%H:%M} is not before closes {self.closes:%H:%M}")
        return self

    def works_on(self, day: date) -> bool:
        """Whether they work on a day."""
        return WEEKDAYS[day.weekday()] in self.working_days and day not in self.holidays

    def deadline(self, start: datetime, within: timedelta, zone: ZoneInfo) -> datetime:
        """The moment when ``within`` of working time has passed since ``start``, in UTC.

        A deadline that falls on the end of a day is that end, not the next morning. The day on which clocks change has the
        hours it has.
        """
        left, hours = within, self._open(start, zone)
        begins, ends = next(hours)
        while left > ends - begins:
            left -= ends - begins
            begins, ends = next(hours)
        return begins + left

    def _open(self, start: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """Working hours from ``start`` on, in UTC: without end, since some day of the week is worked and holidays are counted."""
        day = start.astimezone(zone).date()
        while True:
            if self.works_on(day):
                last = day + timedelta(days=1) if self.closes == _MIDNIGHT else day
                begins = max(_in_utc(day, self.opens, zone), start.astimezone(UTC))
                ends = _in_utc(last, self.closes, zone)
                if begins < ends:
                    yield begins, ends
            day += timedelta(days=1)


def _in_utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tzinfo=zone).astimezone(UTC)
