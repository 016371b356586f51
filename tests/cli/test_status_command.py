"""``edi-gateway status``: its exit code tells whether anything is late or failed, and a job that is paused is not forgotten."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from desk import Desk
from partner_says import northwind, order
from typer.testing import CliRunner, Result

from edi_gateway.cli.main import app
from edi_gateway.errors import WrongInput
from edi_gateway.operations.schedule import pause, resume
from edi_gateway.pipeline.tools import start
from edi_gateway.store.folder_lock import lock_folder, lock_of, say_run
from edi_gateway.worker import breaker

JOB = "collect northwind-mailbox"


@pytest.fixture
def usual(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A day as any other: an engine runs, an order was answered, another is held, an alert's rules have nothing to tell."""
    desk.drop(northwind(1, order("PO-1"), order("PO-2", price="99.99")))
    desk.later(minutes=10)
    with desk.store.write() as unit:
        unit.schedule.put(JOB, "every 1m", desk.clock.now())
        run = unit.runs.begin("here:1")
    monkeypatch.setattr("edi_gateway.bootstrap.gateway.SystemClock", lambda: desk.clock)
    with lock_folder(lock_of(desk.folder)) as lock:
        say_run(lock, run)
        yield desk


def status(desk: Desk, *more: str) -> Result:
    return CliRunner().invoke(app, ["status", *more, "--data", str(desk.folder)])


def codes(desk: Desk) -> tuple[int, int]:
    """What a person and a program are told."""
    return status(desk).exit_code, status(desk, "--json").exit_code


def an_answer_is_overdue(desk: Desk) -> None:
    desk.clock.advance(timedelta(hours=60))


def a_flow_is_dead(desk: Desk) -> None:
    with desk.store.write() as unit:
        start(unit, "translate", "transaction:1", partner="northwind", state="dead", because="its worker died 3 times")


def tries_fail(desk: Desk, times: int) -> None:
    for _ in range(times):
        with desk.store.write() as unit:
            breaker.failed(unit, "wire:van", "refused", desk.clock.now())
        desk.clock.advance(timedelta(seconds=2))


def a_lane_is_out_of_order(desk: Desk) -> None:
    tries_fail(desk, breaker.OPENS_AFTER)


def test_it_is_0_where_nothing_is_late_or_failed_though_a_document_is_held_and_a_job_paused(usual: Desk) -> None:
    pause(usual.store, JOB, by="ann")
    assert usual.held()
    assert codes(usual) == (0, 0)


@pytest.mark.parametrize("happened", [an_answer_is_overdue, a_flow_is_dead, a_lane_is_out_of_order])
def test_it_is_1_where_something_is(usual: Desk, happened: Callable[[Desk], None]) -> None:
    happened(usual)
    assert codes(usual) == (1, 1)
    json.loads(status(usual, "--json").output)


@pytest.mark.parametrize(("times", "said"), [(1, "failed once since 2026-"), (2, "failed 2 times since 2026-")])
def test_it_is_0_where_what_failed_is_tried_again_in_seconds(usual: Desk, times: int, said: str) -> None:
    tries_fail(usual, times)
    shown = status(usual).output
    assert (said in shown, "Failed, and tried again" in shown, "Out of order" in shown) == (True, True, False)
    told = json.loads(status(usual, "--json").output)
    assert ([each["lane"] for each in told["tried_again"]], told["out_of_order"]) == (["wire:van"], [])
    assert codes(usual) == (0, 0)


def test_what_is_out_of_order_is_shown_with_the_next_probe(usual: Desk) -> None:
    tries_fail(usual, breaker.OPENS_AFTER)
    shown = status(usual).output
    assert ("Out of order" in shown, "next probe" in shown, "Failed, and tried again" in shown) == (True, True, False)
    told = json.loads(status(usual, "--json").output)
    assert ([each["lane"] for each in told["out_of_order"]], told["tried_again"]) == (["wire:van"], [])


def test_it_is_1_where_the_engine_was_killed(usual: Desk) -> None:
    lock_of(usual.folder).unlink()  # it is nobody's any more
    assert codes(usual) == (1, 1)


def test_it_is_1_where_who_has_the_folder_is_no_engine(usual: Desk) -> None:
    lock_of(usual.folder).unlink()
    with lock_folder(lock_of(usual.folder)):  # as a restore does while it asks
        assert codes(usual) == (1, 1)
        assert json.loads(status(usual, "--json").output)["engines"] == []


def test_an_engine_is_shown_after_another_process_was_refused(usual: Desk) -> None:
    with pytest.raises(WrongInput, match="runs this gateway already"):
        lock_folder(lock_of(usual.folder))
    [engine] = json.loads(status(usual, "--json").output)["engines"]
    assert engine["name"] == "here:1"


def test_a_paused_job_is_shown_until_it_is_resumed(usual: Desk) -> None:
    assert JOB not in status(usual).output
    pause(usual.store, JOB, by="ann")
    said = status(usual).output
    assert "Paused" in said
    assert JOB in said
    [row] = json.loads(status(usual, "--json").output)["paused"]
    assert (row["name"], row["trigger"], row["paused"]) == (JOB, "every 1m", True)
    resume(usual.store, JOB, by="ann")
    assert JOB not in status(usual).output
    assert json.loads(status(usual, "--json").output)["paused"] == []
