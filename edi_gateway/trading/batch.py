"""Batches: when sets that are ready leave, together, in one interchange."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from edi_gateway.trading.base import Terms
from edi_gateway.trading.calendar import BusinessCalendar, LocalTime
from edi_gateway.trading.scalars import Duration

_A_DAY = timedelta(days=1)
_OF_WINDOWS = ("begins", "days", "cut_off", "most", "mixed")


class Batch(Terms):
    """Sets that wait for a window and leave in it together, one interchange for them all. Without windows each leaves at once.

    What goes to the same ids with the same marks under the same terms leaves together. A later answer to the same order takes
    what still waits along before it.
    """

    every: Duration | None = Field(None, description="A window this often, through the day: 30m.")
    at: tuple[LocalTime, ...] = Field((), description='Windows at these times of day, in their time zone: ["10:00", "16:00"].')
    begins: LocalTime = Field(time(0), description="For every: the first window of a day.")
    cut_off: LocalTime | None = Field(None, description="What is ready after this time of day waits for the next day's windows.")
    days: Literal["all", "working"] = Field("all", description="On which days there are windows; working: those of the calendar.")
    most: int = Field(500, ge=1, le=9999, description="Most sets in one interchange; when as many wait, they leave at once.")
    mixed: bool = Field(False, description="Whether an interchange holds several kinds of sets, a group for each.")

    @model_validator(mode="after")
    def _windows(self) -> Batch:
        if self.every is not None and self.at:
            raise ValueError("every and at are two ways to say when; keep one of them")
        if self.every is not None and not timedelta(minutes=1) <= self.every <= _A_DAY:
            raise ValueError("every is from 1m to 1d")
        if self.at and self._says("begins"):
            raise ValueError("begins is for every; at says its times itself")
        if not self.waits and (idle := [word for word in _OF_WINDOWS if self._says(word)]):
            raise ValueError(f"{', '.join(idle)}: nothing waits without every or at")
        if self.cut_off is not None and not any(at <= self.cut_off for at in self.at or (self.begins,)):
            raise ValueError(f"cut_off {self.cut_off:%H:%M} is before the first window")
        return self

    def _says(self, word: str) -> bool:
        """Whether a word has another value than its default."""
        return bool(getattr(self, word) != type(self).model_fields[word].default)

    @property
    def waits(self) -> bool:
        """Whether there are windows; else every set leaves by itself, at once."""
        return self.every is not None or bool(self.at)

    def leaves(self, ready: datetime, zone: ZoneInfo, calendar: BusinessCalendar) -> datetime:
        """The first window at or after ``ready``, in UTC; without windows, ``ready`` itself."""
        if not self.waits:
            return ready
        local = ready.astimezone(zone)
        late = self.cut_off is not None and local.time() > self.cut_off
        days = self._days(local.date() + late * _A_DAY, calendar)
        return next(window for day in days for window in self._windows_of(day, zone) if window >= ready)

    def _days(self, day: date, calendar: BusinessCalendar) -> Iterator[date]:
        while True:
            if self.days == "all" or calendar.works_on(day):
                yield day
            day += _A_DAY

    def _windows_of(self, day: date, zone: ZoneInfo) -> list[datetime]:
        """A day's windows in UTC and in their order, also where clocks change."""
        times = self.at or tuple(self._through_the_day())
        return sorted(datetime.combine(day, each, tzinfo=zone).astimezone(UTC) for each in times)

    def _through_the_day(self) -> Iterator[time]:
        moment = datetime.combine(date.min, self.begins)
        while self.every is not None and moment.date() == date.min:
            yield moment.time()
            moment += self.every
