"""When next: by the clock of a zone, through the days on which clocks change, within hours, and at cut-offs."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from desk import Desk
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.bootstrap.daily_jobs import leftover_jobs
from edi_gateway.bootstrap.jobs import jobs
from edi_gateway.errors import WrongInput
from edi_gateway.trading.calendar import BusinessCalendar
from edi_gateway.worker.trigger import Every, Soonest, Trigger, Within, daily, read_trigger

CHICAGO = ZoneInfo("America/Chicago")
EVERY_5M = Every("every 5m", timedelta(minutes=5))


def there(*when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=CHICAGO, fold=fold).astimezone(UTC)  # type: ignore[misc]  # year to minute


def following(trigger: Trigger, start: datetime, count: int) -> list[str]:
    """The next times, by the clock there."""
    found = []
    for _ in range(count):
        start = trigger.after(start)
        found.append(f"{start.astimezone(CHICAGO):%m-%d %H:%M %Z}")
    return found


def test_a_time_of_the_clock_stays_there_when_clocks_change() -> None:
    at_six = read_trigger("cron 0 6 * * * in America/Chicago")
    assert following(at_six, there(2026, 3, 6, 12, 0), 3) == ["03-07 06:00 CST", "03-08 06:00 CDT", "03-09 06:00 CDT"]
    assert following(at_six, there(2026, 10, 30, 12, 0), 3) == ["10-31 06:00 CDT", "11-01 06:00 CST", "11-02 06:00 CST"]


def test_a_time_that_does_not_exist_is_as_long_after_midnight() -> None:
    at_half_past_two = read_trigger("cron 30 2 * * * in America/Chicago")
    assert following(at_half_past_two, there(2026, 3, 7, 3, 0), 2) == ["03-08 03:30 CDT", "03-09 02:30 CDT"]


def test_a_time_that_comes_twice_counts_once() -> None:
    at_half_past_one = read_trigger("cron 30 1 * * * in America/Chicago")
    assert following(at_half_past_one, there(2026, 10, 31, 3, 0), 2) == ["11-01 01:30 CDT", "11-02 01:30 CST"]


def test_with_a_star_for_the_hour_every_hour_counts() -> None:
    half_past = read_trigger("cron 30 * * * * in America/Chicago")
    assert following(half_past, there(2026, 11, 1, 0, 45), 3) == ["11-01 01:30 CDT", "11-01 01:30 CST", "11-01 02:30 CST"]


def test_an_interval_knows_no_zones() -> None:
    assert EVERY_5M.after(there(2026, 11, 1, 1, 58)) == there(2026, 11, 1, 1, 3, fold=1)


def test_outside_the_hours_of_a_calendar_it_waits_until_they_begin() -> None:
    calendar = BusinessCalendar(opens=time(8), closes=time(17), holidays=(datetime(2026, 11, 26).date(),))
    looked = Within(EVERY_5M, calendar, CHICAGO)
    assert following(looked, there(2026, 11, 20, 16, 50), 3) == ["11-20 16:55 CST", "11-23 08:00 CST", "11-23 08:05 CST"]
    assert following(looked, there(2026, 11, 25, 16, 58), 1) == ["11-27 08:00 CST"]
    assert str(looked) == "every 5m within mon, tue, wed, thu, fri 08:00-17:00 except 1 holidays in America/Chicago"


def test_a_cut_off_comes_in_between() -> None:
    hourly = Every("every 1h", timedelta(hours=1))
    looked = Soonest((hourly, daily(time(15, 55), CHICAGO)))
    assert following(looked, there(2026, 11, 20, 14, 30), 3) == ["11-20 15:30 CST", "11-20 15:55 CST", "11-20 16:55 CST"]


@given(
    st.sampled_from(["every 7m", "cron 15 1,2,3 * * * in America/Chicago", "cron */20 * * * mon-fri in Europe/Berlin"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
)
def test_next_is_always_after_now(text: str, now: datetime) -> None:
    assert read_trigger(text).after(now) > now


@pytest.mark.parametrize("text", ["cron 0 6 * * * in Atlantis", "every 5m in America/Chicago", "cron 0 6 31 2 *"])
def test_words_that_cannot_be_meant_are_refused(text: str) -> None:
    with pytest.raises(WrongInput, match=r"is no trigger|never comes"):
        read_trigger(text).after(datetime(2026, 1, 1, tzinfo=UTC))


def test_a_job_at_a_time_of_day_says_by_which_clock(desk: Desk) -> None:
    every = jobs(desk.store, desk.directory, desk.connections, desk.erps) | leftover_jobs(desk.store, desk.folder)
    told = [str(each.trigger) for each in every.values()]
    assert any(each.startswith("cron ") for each in told)
    assert [each for each in told if each.startswith("cron ") and " in " not in each] == []
