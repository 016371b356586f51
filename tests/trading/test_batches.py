"""When sets of a batch leave: windows in the partner's time zone, on its days, before its cut-off."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from edi_gateway.trading.batch import Batch
from edi_gateway.trading.calendar import BusinessCalendar

CHICAGO = ZoneInfo("America/Chicago")
CALENDAR = BusinessCalendar(holidays=(date(2026, 11, 26),))


def leaves(batch: Batch, ready: str, calendar: BusinessCalendar = CALENDAR) -> str:
    """The window, as the clock there shows it."""
    at = datetime.fromisoformat(ready).replace(tzinfo=CHICAGO)
    return batch.leaves(at, CHICAGO, calendar).astimezone(CHICAGO).strftime("%Y-%m-%d %H:%M")


def test_without_windows_a_set_leaves_at_once():
    assert leaves(Batch(), "2026-11-17 09:07") == "2026-11-17 09:07"


@pytest.mark.parametrize(
    ("ready", "window"),
    [
        ("2026-11-17 09:07", "2026-11-17 10:00"),
        ("2026-11-17 10:00", "2026-11-17 10:00"),
        ("2026-11-17 10:01", "2026-11-17 16:00"),
        ("2026-11-17 16:01", "2026-11-18 10:00"),
    ],
)
def test_a_set_leaves_at_the_next_time_of_day(ready, window):
    assert leaves(Batch(at=("10:00", "16:00")), ready) == window


def test_a_window_comes_round_through_the_day_from_its_first_one():
    batch = Batch(every="45m", begins="07:00")
    assert leaves(batch, "2026-11-17 07:01") == "2026-11-17 07:45"
    assert leaves(batch, "2026-11-17 23:50") == "2026-11-18 07:00"


def test_what_is_ready_after_the_cut_off_waits_for_the_next_day():
    batch = Batch(at=("10:00", "16:00"), cut_off="15:30")
    assert leaves(batch, "2026-11-17 15:30") == "2026-11-17 16:00"
    assert leaves(batch, "2026-11-17 15:31") == "2026-11-18 10:00"


def test_on_days_they_do_not_work_there_is_no_window():
    batch = Batch(at=("10:00",), days="working")
    assert leaves(batch, "2026-11-20 10:01") == "2026-11-23 10:00"  # Friday to Monday
    assert leaves(batch, "2026-11-25 10:01") == "2026-11-27 10:00"  # over Thanksgiving


def test_the_day_on_which_clocks_change_has_the_windows_it_has():
    batch = Batch(every="1h")
    midnight = datetime(2026, 3, 8, 6, 1, tzinfo=UTC)  # clocks go forward in Chicago at two
    seen = [batch.leaves(midnight + timedelta(hours=hour), CHICAGO, CALENDAR) for hour in range(5)]
    assert seen == sorted(set(seen))


@given(
    ready=st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),
    every=st.integers(1, 1440),
    working=st.booleans(),
    cut_off=st.none() | st.times(),
)
def test_a_window_is_never_before_a_set_is_ready_nor_on_a_day_they_do_not_work(ready, every, working, cut_off):
    batch = Batch(every=timedelta(minutes=every), days="working" if working else "all", cut_off=cut_off)
    window = batch.leaves(ready, CHICAGO, CALENDAR)
    there = window.astimezone(CHICAGO)
    assert window >= ready
    assert not working or CALENDAR.works_on(there.date())
    late = cut_off is not None and ready.astimezone(CHICAGO).time() > cut_off
    assert not late or there.date() > ready.astimezone(CHICAGO).date()
    assert window - ready <= timedelta(days=6)


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        ({"every": "30m", "at": ("10:00",)}, "every and at are two ways"),
        ({"every": "0m"}, "every is from 1m to 1d"),
        ({"every": "2d"}, "every is from 1m to 1d"),
        ({"at": ("10:00",), "begins": "08:00"}, "begins is for every"),
        ({"most": 50}, "most: nothing waits without every or at"),
        ({"at": ("10:00",), "cut_off": "09:00"}, "cut_off 09:00 is before the first window"),
        ({"at": ("10:00Z",)}, "write the local time only"),
    ],
)
def test_windows_that_make_no_sense_are_refused(words, complaint):
    with pytest.raises(ValidationError, match=complaint):
        Batch(**words)


def test_a_batch_comes_back_from_json_the_same():
    batch = Batch(every="30m", begins="07:00", cut_off="17:00", days="working", most=50, mixed=True)
    assert Batch.model_validate_json(batch.model_dump_json()) == batch
