"""Time is handed in, and can be moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from edi_gateway.clock import MovableClock, SystemClock

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_the_system_clock_tells_aware_utc():
    assert SystemClock().now().utcoffset() == timedelta()


def test_a_standing_clock_moves_only_when_told():
    clock = MovableClock(NOON)

    assert clock.now() == clock.now() == NOON
    clock.advance(timedelta(hours=24))
    assert clock.now() == NOON + timedelta(days=1)


def test_a_running_clock_goes_on_from_where_it_is_set():
    clock = MovableClock(NOON, running=True)

    first, second = clock.now(), clock.now()

    assert NOON <= first <= second < NOON + timedelta(minutes=1)


def test_a_running_clock_runs_on_after_it_was_moved():
    clock = MovableClock(NOON, running=True)
    clock.advance(timedelta(days=30))

    assert clock.now() >= NOON + timedelta(days=30)


def test_a_start_in_another_zone_is_told_in_utc():
    clock = MovableClock(datetime(2026, 3, 2, 7, 0, tzinfo=timezone(timedelta(hours=-5))))

    assert clock.now() == NOON
    assert clock.now().utcoffset() == timedelta()


def test_a_start_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="aware"):
        MovableClock(datetime(2026, 3, 2, 12, 0))


def test_time_never_moves_back():
    with pytest.raises(ValueError, match="forward"):
        MovableClock(NOON).advance(timedelta(seconds=-1))


def test_whoever_asked_is_told_after_the_clock_has_moved():
    clock, seen = MovableClock(NOON), []
    clock.on_move(lambda: seen.append(clock.now()))

    clock.advance(timedelta(minutes=5))

    assert seen == [NOON + timedelta(minutes=5)]
