"""What recurs: when next, by whom, and once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from desk import NOON, Desk

from edi_gateway.errors import TryAgain, WrongInput
from edi_gateway.store import database
from edi_gateway.worker.schedule import Job, Schedule
from edi_gateway.worker.trigger import read_trigger


@pytest.mark.parametrize(
    ("trigger", "then"),
    [
        ("every 30s", NOON + timedelta(seconds=30)),
        ("every 5m", NOON + timedelta(minutes=5)),
        ("every 2h", NOON + timedelta(hours=2)),
        ("every 1d", NOON + timedelta(days=1)),
        ("cron 0 6 * * *", datetime(2026, 11, 18, 6, tzinfo=UTC)),
        ("cron 30 15 * * mon-fri", datetime(2026, 11, 17, 15, 30, tzinfo=UTC)),
    ],
)
def test_a_trigger_says_when_next(trigger: str, then: datetime) -> None:
    assert read_trigger(trigger).after(NOON) == then


@pytest.mark.parametrize("trigger", ["cron 0 15 * * *", "every 1h"])
def test_next_is_always_after_now(trigger: str) -> None:
    assert read_trigger(trigger).after(NOON) > NOON


WRONG = ["", "every", "every x", "every 5y", "every 0s", "every -5m", "cron 0 6", "cron 0 99 * * *", "daily"]


@pytest.mark.parametrize("trigger", WRONG)
def test_what_is_no_trigger_is_refused_with_its_words(trigger: str) -> None:
    with pytest.raises(WrongInput, match="is no trigger"):
        read_trigger(trigger)


def schedule(desk: Desk, fired: list[str], **triggers: str) -> Schedule:
    jobs = {name: Job(read_trigger(text), lambda: None) for name, text in (triggers or {"look": "every 5m"}).items()}

    def start(name: str) -> None:
        fired.append(name)
        made.run(name)

    made = Schedule(desk.store, desk.clock, jobs, start)
    made.prepare()
    return made


def test_a_new_job_is_due_at_once_and_then_by_its_trigger(desk: Desk) -> None:
    fired: list[str] = []
    ours = schedule(desk, fired)
    ours.tick()
    ours.tick()
    assert fired == ["look"]
    desk.clock.advance(timedelta(minutes=5))
    ours.tick()
    assert fired == ["look"] * 2


def test_runs_that_were_missed_happen_once(desk: Desk) -> None:
    fired: list[str] = []
    ours = schedule(desk, fired)
    ours.tick()
    desk.clock.advance(timedelta(days=3))
    ours.tick()
    ours.tick()
    assert fired == ["look"] * 2


def test_of_several_that_tick_at_once_one_fires(any_desk: Desk) -> None:
    fired: list[str] = []
    many = [schedule(any_desk, fired, a="every 5m", b="every 5m") for _ in range(6)]
    together = threading.Barrier(len(many))

    def tick(one: Schedule) -> None:
        together.wait()
        one.tick()

    _all_at_once([lambda one=one: tick(one) for one in many])  # type: ignore[misc]  # bound now
    assert sorted(fired) == ["a", "b"]


def test_a_process_that_is_busy_leaves_a_job_to_one_that_is_free(any_desk: Desk) -> None:
    fired: list[str] = []
    free = schedule(any_desk, fired)
    busy = Schedule(any_desk.store, any_desk.clock, free.jobs, fired.append, has_room=lambda _name: False)
    assert busy.tick()
    assert fired == []
    assert not free.tick()
    assert fired == ["look"]


def _all_at_once(calls: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_trigger_that_was_changed_counts_from_now_and_one_that_was_not_keeps_its_next_run(desk: Desk) -> None:
    fired: list[str] = []
    schedule(desk, fired, a="every 1h", b="every 1h").tick()
    fired.clear()
    desk.clock.advance(timedelta(minutes=10))
    schedule(desk, fired, a="every 2h", b="every 1h").tick()
    assert fired == ["a"]


def test_a_job_that_is_no_more_does_not_fire(desk: Desk) -> None:
    fired: list[str] = []
    schedule(desk, fired, a="every 1h", b="every 1h")
    schedule(desk, fired, a="every 1h").tick()
    assert fired == ["a"]


def goes_away(monkeypatch: pytest.MonkeyPatch, *, before: bool) -> None:
    """The database answers no commit any more; ``before`` says whether it had gone before it kept what was to be committed."""
    kept = database._commit

    def commit(connection: sa.Connection) -> None:
        if not before:
            kept(connection)
        raise sa.exc.OperationalError("COMMIT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(database, "_commit", commit)


@pytest.mark.parametrize("before", [True, False])
def test_a_job_whose_end_the_database_did_not_take_runs_again_by_its_trigger(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    begun: list[str] = []
    ours = Schedule(desk.store, desk.clock, {"look": Job(read_trigger("every 5m"), lambda: None)}, begun.append)
    ours.prepare()
    ours.tick()
    goes_away(monkeypatch, before=before)
    with pytest.raises(TryAgain, match="did not answer"):
        ours.run("look")
    monkeypatch.undo()
    desk.clock.advance(timedelta(minutes=5))
    ours.tick()
    assert begun == ["look"] * 2


@pytest.mark.parametrize("before", [True, False])
def test_a_job_of_which_nobody_knows_whether_we_took_it_is_begun_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    fired: list[str] = []
    ours = schedule(desk, fired)
    goes_away(monkeypatch, before=before)
    with pytest.raises(TryAgain, match="did not answer"):
        ours.tick()
    monkeypatch.undo()
    ours.tick()
    ours.tick()
    assert fired == ["look"]


def test_what_a_job_died_of_is_told_though_the_database_was_away_when_it_died(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies() -> None:
        goes_away(monkeypatch, before=True)
        raise TryAgain("their server sleeps")

    ours = Schedule(desk.store, desk.clock, {"look": Job(read_trigger("every 5m"), dies)}, lambda _name: None)
    ours.prepare()
    ours.tick()
    with pytest.raises(TryAgain, match="did not answer"):
        ours.run("look")
    monkeypatch.undo()
    ours.tick()
    with desk.store.read() as unit:
        [row] = unit.schedule.all()
    assert (row.holder, row.last_error, row.last_ended) == (None, "their server sleeps", desk.clock.now())
