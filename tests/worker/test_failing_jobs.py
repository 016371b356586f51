"""A job that fails again and again is told by an alert, which ends when it works again."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from desk import Desk

from edi_gateway.bootstrap.alert_jobs import alert_jobs
from edi_gateway.bootstrap.jobs import jobs
from edi_gateway.errors import TryAgain
from edi_gateway.views.engines import down
from edi_gateway.worker.schedule import Job, Schedule
from edi_gateway.worker.trigger import read_trigger


class Refuses:
    """The desk's ERP, but it gives its events to nobody while ``refused`` is set."""

    def __init__(self, erp: Any) -> None:
        self._erp, self.refused, self.asked = erp, True, 0

    def pending(self) -> Any:
        self.asked += 1
        if self.refused:
            raise TryAgain("the ERP answered 401 to GET /events")
        return self._erp.pending()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._erp, name)


def schedule(desk: Desk, these: dict[str, Job]) -> Schedule:
    def start(name: str) -> None:
        with suppress(TryAgain, ZeroDivisionError):
            made.run(name)

    made = Schedule(desk.store, desk.clock, these, start)
    made.prepare()
    return made


def pass_time(desk: Desk, ours: Schedule, **by: float) -> None:
    for _ in range(20):
        desk.clock.advance(timedelta(**by) / 20)
        ours.tick()


def alerts(desk: Desk) -> list[tuple[str, str]]:
    with desk.store.read() as unit:
        return [(each.rule, each.text) for each in unit.alerts.unresolved()]


@pytest.fixture
def erp(desk: Desk) -> Refuses:
    return Refuses(desk.erp)


def test_an_erp_that_gives_its_events_to_nobody_is_an_alert_until_it_does_again(desk: Desk, erp: Refuses) -> None:
    every = jobs(desk.store, desk.directory, desk.connections, {"simulator": erp})  # type: ignore[dict-item]  # it is one
    these = {name: job for name, job in every.items() if name.startswith("ERP events")}
    ours = schedule(desk, {**these, **alert_jobs(desk.store, desk.directory.alerts, None)})  # type: ignore[arg-type]  # no secrets
    pass_time(desk, ours, minutes=10)
    [(rule, text)] = alerts(desk)
    assert (rule, "ERP events simulator" in text, "401 to GET /events" in text) == ("out-of-order", True, True)

    erp.refused = False
    pass_time(desk, ours, minutes=20)
    assert alerts(desk) == []
    assert len(desk.events("lane.up")) == 1


def test_a_job_that_fails_again_and_again_is_left_alone_but_for_a_probe_every_few_minutes(desk: Desk, erp: Refuses) -> None:
    ours = schedule(desk, {"ask": Job(read_trigger("every 5s"), erp.pending)})
    for _ in range(60 * 12):
        desk.clock.advance(timedelta(seconds=5))
        ours.tick()
    assert 12 <= erp.asked <= 24
    assert len(desk.events("lane.down")) == 1


def test_a_mistake_of_ours_in_a_job_is_told_too(desk: Desk) -> None:
    ours = schedule(desk, {"divide": Job(read_trigger("every 1m"), lambda: 1 / 0)})
    pass_time(desk, ours, minutes=20)
    [told] = desk.events("lane.down")
    assert told.text.startswith("job:divide failed 3 times and waits, but for a probe: ZeroDivisionError")


def test_a_job_that_works_in_between_is_not_out_of_order(desk: Desk) -> None:
    turns = iter([1, 1, 0] * 10)
    ours = schedule(desk, {"divide": Job(read_trigger("every 1m"), lambda: 1 // (1 - next(turns)))})
    pass_time(desk, ours, minutes=20)
    assert desk.events("lane.down") == []
    assert len(down(desk.store)) <= 1


def test_who_has_a_job_run_now_has_it_run_though_it_is_out_of_order(desk: Desk, erp: Refuses) -> None:
    ours = schedule(desk, {"ask": Job(read_trigger("every 1m"), erp.pending)})
    pass_time(desk, ours, minutes=5)
    asked = erp.asked
    ours.hurry("ask")
    ours.tick()
    assert erp.asked == asked + 1
