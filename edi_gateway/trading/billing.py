"""Billing: how invoices are made of what the ERP bills, and when they leave."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator

from edi_gateway.trading.base import Terms
from edi_gateway.trading.calendar import WEEKDAYS, BusinessCalendar, LocalTime, Weekday

_A_DAY = timedelta(days=1)
_SPLIT = ("in lines", "split", "sdq")
_OF_WINDOWS = ("cut_off", "weekday", "days")


class Billing(Terms):
    """For an 810 we send: one for each shipment as it is billed, or one for all that was billed of an order within a window.

    Until its window closes, or a person lets it go, an invoice is a draft: listed, released and withheld with
    `edi-gateway invoice`.
    """

    window: Literal["none", "daily", "weekly", "monthly"] = Field(
        "none",
        description="Whether what is billed of one order waits, and leaves as one invoice: at the end of the day, of the week, "
        "or on the last day of the month.",
    )
    cut_off: LocalTime = Field(
        time(18), description="When a window closes, in their time zone; what is billed later waits for the next."
    )
    weekday: Weekday = Field("friday", description="For weekly: the day on which it closes.")
    days: Literal["all", "working"] = Field(
        "all", description="On which days windows close; working: one that falls on another day closes on the working day before."
    )
    stores: Literal["together", "apart"] = Field(
        "together",
        description="For an order of many stores (SDQ): one invoice for all, which names none, or one for each with its N1*BY; "
        "one whose lines are split by store (SDQ) is not written.",
    )
    release: Literal["by itself", "by hand"] = Field(
        "by itself", description="Whether invoices wait for a person to let them go."
    )
    rounding: Literal["half up", "half even"] = Field("half up", description="Where half a cent goes.")
    rounded: Literal["each line", "total"] = Field(
        "each line", description="What is rounded: each line, or their sum once; lines then show their part of that."
    )
    taxes: Literal["none", "in proportion"] = Field(
        "none", description="Whether invoices take over the order's taxes (TXI): rates of what is billed, amounts by share."
    )
    tax_rates: Literal["decimals", "percents"] | None = Field(
        None,
        description="How they write a tax of 8.25 percent (TXI03): .0825, as X12 has it, or 8.25; not said: as X12 has it, and "
        "a rate of .1 or more is asked about.",
    )
    terms: Literal["as ordered", "with dates"] = Field(
        "as ordered",
        description="with dates: the last days for the discount and to pay (ITD04, ITD06) and the discount in money (ITD08) are "
        "worked out, where the terms count from the invoice or the shipment.",
    )
    ship_notice: Literal["sent", "accepted"] = Field(
        "sent",
        description="For partners that want no 810 before its 856: whether it is enough that the 856 went and was not rejected, "
        "or they must have accepted it.",
    )

    @field_validator("stores", mode="before")
    @classmethod
    def _not_split(cls, said: object) -> object:
        if str(said).lower() in _SPLIT:
            raise ValueError("an 810 whose lines are split by store (SDQ) is not written; apart: an invoice for each store")
        return said

    @model_validator(mode="after")
    def _windows(self) -> Billing:
        if not self.waits and (idle := [word for word in _OF_WINDOWS if self._says(word)]):
            raise ValueError(f"{', '.join(idle)}: nothing waits without a window")
        if self.window != "weekly" and self._says("weekday"):
            raise ValueError("weekday is for a weekly window")
        return self

    def _says(self, word: str) -> bool:
        """Whether a word has another value than its default."""
        return bool(getattr(self, word) != type(self).model_fields[word].default)

    @property
    def waits(self) -> bool:
        """Whether there are windows."""
        return self.window != "none"

    def closes(self, billed: datetime, zone: ZoneInfo, calendar: BusinessCalendar) -> datetime:
        """The first moment at or after ``billed`` at which a window closes, in UTC; without windows, ``billed`` itself."""
        if not self.waits:
            return billed
        local = billed.astimezone(zone).date()
        ends = (datetime.combine(day, self.cut_off, tzinfo=zone).astimezone(UTC) for day in self._ends(local, calendar))
        return next(end for end in ends if end >= billed)

    def _ends(self, day: date, calendar: BusinessCalendar) -> Iterator[date]:
        """The days on which windows close, from a little before ``day`` on."""
        for end in self._nominal(day - timedelta(days=7)):
            yield self._worked(end, calendar)

    def _nominal(self, day: date) -> Iterator[date]:
        while True:
            if self._ends_on(day):
                yield day
            day += _A_DAY

    def _ends_on(self, day: date) -> bool:
        if self.window == "weekly":
            return WEEKDAYS[day.weekday()] == self.weekday
        return self.window == "daily" or day.day == monthrange(day.year, day.month)[1]

    def _worked(self, day: date, calendar: BusinessCalendar) -> date:
        while self.days == "working" and not calendar.works_on(day):
            day -= _A_DAY
        return day
