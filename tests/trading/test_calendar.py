"""Deadlines in working hours: weekends, holidays, the hours of a day, and days on which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from edi_gateway.trading.calendar import WEEKDAYS, BusinessCalendar

CHICAGO = ZoneInfo("America/Chicago")
OFFICE = BusinessCalendar(opens=time(8), closes=time(17), holidays=(date(2026, 11, 26),))
ALWAYS = BusinessCalendar(working_days=WEEKDAYS)


def central(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHICAGO)


def test_hours_of_one_day_are_counted_from_when_it_came():
    assert OFFICE.deadline(central(17, 9), timedelta(hours=2), CHICAGO) == central(17, 11)


def test_what_came_in_the_evening_counts_from_the_next_morning():
    assert OFFICE.deadline(central(17, 20), timedelta(hours=2), CHICAGO) == central(18, 10)


def test_what_the_day_has_not_left_goes_on_the_next_day():
    assert OFFICE.deadline(central(17, 16), timedelta(hours=2), CHICAGO) == central(18, 9)


def test_a_deadline_at_the_end_of_a_day_is_not_the_next_morning():
    assert OFFICE.deadline(central(17, 16), timedelta(hours=1), CHICAGO) == central(17, 17)


def test_a_weekend_and_a_holiday_do_not_count():
    wednesday, friday = central(25, 16), central(27, 9)  # Thanksgiving is between them
    assert OFFICE.deadline(wednesday, timedelta(hours=2), CHICAGO) == friday
    assert OFFICE.deadline(friday, timedelta(hours=9), CHICAGO) == central(30, 9)


def test_a_day_of_whole_days_is_a_working_day():
    friday = central(20, 15)
    assert BusinessCalendar().deadline(friday, timedelta(hours=24), CHICAGO) == central(23, 15)


def test_the_day_on_which_clocks_go_back_has_25_hours():
    assert ALWAYS.deadline(central(1, 0), timedelta(hours=25), CHICAGO) == central(2, 0)


def test_the_day_on_which_clocks_go_forward_has_23_hours():
    assert ALWAYS.deadline(central(8, 0, month=3), timedelta(hours=23), CHICAGO) == central(9, 0, month=3)


def test_the_office_opens_at_eight_on_either_side_of_a_change_of_clocks():
    before, after = central(30, 16, month=10), central(2, 9)  # Friday in daylight time, Monday in standard time
    assert OFFICE.deadline(before, timedelta(hours=2), CHICAGO) == after


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
HOURS = st.integers(0, 200).map(lambda hours: timedelta(hours=hours))


@given(MOMENTS, HOURS)
def test_a_calendar_that_never_closes_is_the_clock(start, within):
    assert ALWAYS.deadline(start, within, CHICAGO) == start + within


@given(MOMENTS, HOURS, HOURS)
def test_more_time_is_never_an_earlier_deadline(start, one, more):
    assert OFFICE.deadline(start, one, CHICAGO) <= OFFICE.deadline(start, one + more, CHICAGO)


@given(MOMENTS, HOURS.filter(bool))
def test_a_deadline_is_in_working_hours(start, within):
    local = OFFICE.deadline(start, within, CHICAGO).astimezone(CHICAGO)
    assert local.weekday() < 5
    assert local.date() not in OFFICE.holidays
    assert time(8) <= local.time() <= time(17)


@pytest.mark.parametrize("words", [{"working_days": ()}, {"opens": time(17), "closes": time(8)}, {"opens": "8 o'clock"}])
def test_a_calendar_that_never_opens_is_refused(words):
    with pytest.raises(ValidationError):
        BusinessCalendar(**words)
