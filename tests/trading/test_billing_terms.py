"""When what is billed leaves as an invoice: windows by day, week and month, in the partner's time zone and calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from edi_gateway.trading.billing import Billing
from edi_gateway.trading.calendar import BusinessCalendar

CHICAGO = ZoneInfo("America/Chicago")
FIVE_DAYS = BusinessCalendar()
DAILY = Billing(window="daily")
FRIDAYS = Billing(window="weekly", cut_off="12:00")
MONTHS = Billing(window="monthly", days="working")


def closes(billing: Billing, day: str, time: str = "10:00", calendar: BusinessCalendar = FIVE_DAYS) -> str:
    """Where a window closes for what is billed then, as a clock in Chicago says it."""
    billed = datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=CHICAGO)
    return f"{billing.closes(billed, CHICAGO, calendar).astimezone(CHICAGO):%Y-%m-%d %H:%M}"


def test_a_day_closes_at_its_cut_off_and_what_comes_later_waits_for_the_next() -> None:
    assert closes(DAILY, "2026-11-17") == "2026-11-17 18:00"
    assert closes(DAILY, "2026-11-17", "18:00") == "2026-11-17 18:00"
    assert closes(DAILY, "2026-11-17", "18:01") == "2026-11-18 18:00"


def test_a_week_closes_on_its_day() -> None:
    assert closes(FRIDAYS, "2026-11-17") == "2026-11-20 12:00"
    assert closes(FRIDAYS, "2026-11-20", "12:01") == "2026-11-27 12:00"


def test_a_month_closes_on_its_last_day_or_on_the_working_day_before() -> None:
    assert closes(Billing(window="monthly"), "2026-02-03") == "2026-02-28 18:00"  # a Saturday
    assert closes(MONTHS, "2026-02-03") == "2026-02-27 18:00"
    assert closes(MONTHS, "2026-02-28") == "2026-03-31 18:00"
    thanksgiving = BusinessCalendar(holidays=("2026-11-30",))
    assert closes(MONTHS, "2026-11-17", calendar=thanksgiving) == "2026-11-27 18:00"


def test_a_window_keeps_its_hour_when_the_clocks_change() -> None:
    before, after = closes(DAILY, "2026-10-31"), closes(DAILY, "2026-11-01")
    assert (before, after) == ("2026-10-31 18:00", "2026-11-01 18:00")


def test_without_a_window_nothing_waits() -> None:
    assert closes(Billing(), "2026-11-17") == "2026-11-17 10:00"


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)),
    st.sampled_from(["daily", "weekly", "monthly"]),
    st.sampled_from(["all", "working"]),
)
def test_a_window_closes_at_or_after_what_was_billed_and_within_five_weeks(billed: datetime, window: str, days: str) -> None:
    at = billed.replace(tzinfo=UTC)
    billing = Billing(window=window, days=days)
    end = billing.closes(at, CHICAGO, FIVE_DAYS)
    assert at <= end < at + timedelta(days=36)
    assert billing.closes(end, CHICAGO, FIVE_DAYS) == end


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"stores": "in lines"}, r"split by store \(SDQ\) is not written; apart: an invoice for each store"),
        ({"cut_off": "12:00"}, "nothing waits without a window"),
        ({"window": "daily", "weekday": "monday"}, "weekday is for a weekly window"),
    ],
)
def test_words_that_mean_nothing_are_refused(words: dict[str, str], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Billing(**words)
