"""Each partner has a lane of its own to an ERP connector: several engines serve one ERP, and its circuit is one for all."""

from __future__ import annotations

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from engine_process import STAGES, World, receive, tools_of

from edi_gateway.clock import MovableClock
from edi_gateway.errors import TryAgain
from edi_gateway.pipeline.tools import Deed
from edi_gateway.store.database import Database
from edi_gateway.worker.breaker import OPENS_AFTER, failed
from edi_gateway.worker.lines import Line, Lines
from edi_gateway.worker.runner import Runner

SOON = 10.0
PARTNERS = ("p0", "p1")


@pytest.fixture(autouse=True)
def an_order_of_each(store: Database) -> None:
    for partner in PARTNERS:
        receive(store, partner, 0, stage="apply")


class Slow(World):
    """An ERP that answers about the first partner only when the second partner's document has come."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.others = threading.Event()

    def prepare(self, flow: Any, tools: Any) -> Deed:
        prepared = super().prepare(flow, tools)

        def deed() -> Any:
            if flow.partner == "p0":
                assert self.others.wait(SOON)
            else:
                self.others.set()
            return prepared()

        return deed


class Asleep(World):
    """An ERP that does not answer, and counts how often it was asked to."""

    asked = 0

    def prepare(self, flow: Any, tools: Any) -> Deed:
        def deed() -> Any:
            self.asked += 1
            raise TryAgain("asleep")

        return deed


def engine(store: Database, world: World, *partners: str) -> Runner:
    runner = Runner(tools_of(store), STAGES, {"deliver": world})
    runner.begin()
    for partner in partners or PARTNERS:
        runner.drain(f"business:{partner}")
    return runner


def test_one_partners_slow_orders_do_not_hold_up_anothers_at_the_same_erp(store: Database, tmp_path: Path) -> None:
    runner = engine(store, Slow(tmp_path))
    first = threading.Thread(target=runner.drain, args=("erp:sap/p0",))
    first.start()
    runner.drain("erp:sap/p1")
    first.join(SOON)
    assert [(tmp_path / partner).read_text() for partner in PARTNERS] == ["document:p0-00000\n", "document:p1-00000\n"]


def test_an_erp_that_fails_for_any_partner_is_left_alone_by_all(store: Database, clock: MovableClock, tmp_path: Path) -> None:
    asleep = Asleep(tmp_path)
    runner = engine(store, asleep)
    for _ in range(OPENS_AFTER):
        runner.drain("erp:sap/p0")
        clock.advance(timedelta(seconds=6))
    runner.drain("erp:sap/p1")
    assert asleep.asked == OPENS_AFTER
    assert runner.sweep() == []
    with store.read() as unit:
        assert [event.subject for event in unit.events.of_kind("lane.down")] == ["lane:erp:sap"]


def test_when_an_erp_is_back_every_partners_backlog_goes(store: Database, clock: MovableClock, tmp_path: Path) -> None:
    runner = engine(store, Asleep(tmp_path))
    for _ in range(OPENS_AFTER):
        runner.drain("erp:sap/p0")
        clock.advance(timedelta(seconds=6))
    awake = Runner(tools_of(store), STAGES, {"deliver": World(tmp_path)})
    awake.begin()
    clock.advance(timedelta(minutes=6))
    due = awake.sweep()
    assert due == ["erp:sap/p0", "erp:sap/p1"]
    for lane in due:
        awake.drain(lane)
    assert sorted(path.name for path in tmp_path.glob("p?")) == list(PARTNERS)


def test_failures_of_lanes_that_tried_side_by_side_are_one(store: Database, clock: MovableClock, tmp_path: Path) -> None:
    asleep = Asleep(tmp_path)
    for partner in ("p2", "p3"):
        receive(store, partner, 0, stage="apply")
    runner = engine(store, asleep, "p0", "p1", "p2", "p3")
    for partner in ("p0", "p1", "p2", "p3"):
        runner.drain(f"erp:sap/{partner}")
    assert asleep.asked == 4
    with store.read() as unit:
        row = unit.breakers.of("erp:sap")
    assert row is not None
    assert (row.failures, row.open_until) == (1, None)


def test_what_fails_while_the_circuit_is_open_makes_the_pause_no_longer(store: Database, clock: MovableClock) -> None:
    for _ in range(OPENS_AFTER):
        with store.write() as unit:
            opened = failed(unit, "erp:sap/p0", "asleep", clock.now())
        clock.advance(timedelta(seconds=2))
    with store.write() as unit:
        assert failed(unit, "erp:sap/p1", "asleep", clock.now()) == opened


def test_of_two_engines_that_see_an_erp_fail_at_once_one_tells_of_it(store: Database, clock: MovableClock) -> None:
    for _ in range(OPENS_AFTER - 1):
        with store.write() as unit:
            failed(unit, "erp:sap/p0", "asleep", clock.now())
        clock.advance(timedelta(seconds=2))

    def see(partner: str) -> None:
        with store.write() as unit:
            failed(unit, f"erp:sap/{partner}", "asleep", clock.now())

    other = threading.Thread(target=see, args=("p1",))
    with store.write() as unit:
        failed(unit, "erp:sap/p0", "asleep", clock.now())
        other.start()
        other.join(0.2)
    other.join(SOON)
    with store.read() as unit:
        assert len(unit.events.of_kind("lane.down")) == 1


def test_an_erp_that_is_slow_about_everybody_leaves_threads_to_the_others() -> None:
    lines = Lines(abreast=2)
    lines.add(["erp:sap/a", "erp:sap/b", "erp:sap/c", "erp:other/a", "wire:van"])
    assert [lines.take(Line.WORLD) for _ in range(4)] == ["erp:sap/a", "erp:sap/b", "erp:other/a", "wire:van"]
    lines.give_back("erp:sap/a")
    assert lines.take(Line.WORLD) == "erp:sap/c"
