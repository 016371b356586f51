"""A machine that booted with its clock ahead: once that is put right, what waits for the wrong time goes on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from desk import NOON, Desk, Profiles, new_postgres
from partner_says import northwind, order

from edi_gateway.bootstrap.jobs import jobs
from edi_gateway.errors import TryAgain
from edi_gateway.worker.schedule import Job, Schedule
from edi_gateway.worker.trigger import read_trigger

AHEAD = timedelta(hours=6)


class Settable:
    """A clock that can be put back, too."""

    def __init__(self) -> None:
        self.at = NOON + AHEAD

    def now(self) -> datetime:
        return self.at

    def advance(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture(params=["sqlite", "postgres"])
def desk(tmp_path: Path, profiles: Profiles, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """One whose clock is ahead."""
    database = new_postgres(request.getfixturevalue("postgres_url")) if request.param == "postgres" else ""
    clock = Settable()
    desk = Desk(tmp_path / "data", profiles.folder, clock, database=database)  # type: ignore[arg-type]  # all it needs of a clock
    yield desk
    desk.close()


def schedule(desk: Desk, these: dict[str, Job]) -> Schedule:
    def start(name: str) -> None:
        with suppress(TryAgain):
            made.run(name)

    made = Schedule(desk.store, desk.clock, these, start)
    made.prepare()
    made.tick()
    return made


def minutes(desk: Desk, ours: Schedule, many: int) -> None:
    for _ in range(many):
        desk.clock.advance(timedelta(minutes=1))
        ours.tick()
        for lane in desk.runner.sweep():
            desk.runner.drain(lane)


def put_right(desk: Desk) -> None:
    desk.clock.at = NOON  # type: ignore[attr-defined]  # it is a Settable


def test_orders_are_taken_in_and_answered_though_the_clock_was_put_back(desk: Desk) -> None:
    ours = schedule(desk, jobs(desk.store, desk.directory, desk.connections, desk.erps))
    desk.put(northwind(1, order("PO-1")))
    desk.clock.advance(timedelta(minutes=1))
    ours.tick()  # it was taken in, and nobody has read it yet
    put_right(desk)
    desk.put(northwind(2, order("PO-2")))
    minutes(desk, ours, 3)
    assert len(desk.sent("997")) == 2
    [told] = desk.events("clock.back")
    assert "flows that would have waited for it: 1" in told.text


def test_a_job_by_the_clock_runs_at_its_next_time_and_not_sooner(desk: Desk) -> None:
    ran: list[datetime] = []
    ours = schedule(desk, {"nightly": Job(read_trigger("cron 30 16 * * *"), lambda: ran.append(desk.clock.now()))})
    put_right(desk)
    ran.clear()
    minutes(desk, ours, 120)
    assert ran == [NOON.replace(hour=16, minute=30)]


def test_what_was_out_of_order_by_the_wrong_clock_is_tried_by_the_right_one(desk: Desk) -> None:
    asked: list[datetime] = []

    def refused() -> None:
        asked.append(desk.clock.now())
        raise TryAgain("no answer in time")

    ours = schedule(desk, {"ask": Job(read_trigger("every 1m"), refused)})
    minutes(desk, ours, 10)
    put_right(desk)
    asked.clear()
    minutes(desk, ours, 60)
    assert len(asked) >= 9


def test_what_is_meant_to_wait_waits_and_nothing_is_told(desk: Desk) -> None:
    ran: list[datetime] = []
    ours = schedule(desk, {"look": Job(read_trigger("every 2h"), lambda: ran.append(desk.clock.now()))})
    minutes(desk, ours, 100)
    assert len(ran) == 1
    assert desk.events("clock.back") == []
