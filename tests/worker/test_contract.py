"""What the engine promises on either database: on SQLite, which one engine has alone, and on a PostgreSQL that many share."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from engine_process import STAGES, World, receive, runner_of, tools_of

from edi_gateway.clock import MovableClock
from edi_gateway.errors import TryAgain
from edi_gateway.pipeline.outcome import Done
from edi_gateway.pipeline.tools import TOGETHER, Deed, Detour, Record, start
from edi_gateway.store import tables
from edi_gateway.store.breakers import BreakerRow
from edi_gateway.store.database import Database
from edi_gateway.views.engines import died, engines
from edi_gateway.worker.breaker import OPENS_AFTER
from edi_gateway.worker.dispatcher import Dispatcher
from edi_gateway.worker.lines import Line, Lines
from edi_gateway.worker.runner import Runner

SOON = 10.0
LANES = ("business:p0", "erp:sap/p0")


@pytest.fixture
def run(store: Database, tmp_path: Path) -> Iterator[Callable[[Runner], Dispatcher]]:
    started: list[Dispatcher] = []

    def run(runner: Runner) -> Dispatcher:
        started.append(Dispatcher(runner, threads=2, lock=tmp_path / "gateway.lock"))
        started[-1].start()
        return started[-1]

    yield run
    for dispatcher in started:
        dispatcher.stop()


class Faulty(World):
    """A world that does not answer while ``works`` is off, and counts how often it was asked to."""

    works = True
    tried = 0

    def prepare(self, flow: Any, tools: Any) -> Deed:
        prepared = super().prepare(flow, tools)

        def deed() -> Record | Detour:
            self.tried += 1
            if not self.works:
                raise TryAgain("the line is dead")
            return prepared()

        return deed


def delivered(folder: Path, partner: str = "p0") -> list[str]:
    file = folder / partner
    return file.read_text().splitlines() if file.exists() else []


def in_order(count: int, partner: str = "p0") -> list[str]:
    return [f"document:{partner}-{number:05}" for number in range(count)]


def states(store: Database) -> list[str]:
    with store.engine.connect() as connection:
        return list(connection.execute(sa.select(tables.flow.c.state).order_by(tables.flow.c.id)).scalars())


def begun(store: Database, folder: Path) -> Runner:
    """One more engine on the database, not on threads of its own."""
    runner = runner_of(store, folder)
    runner.begin()
    return runner


def drain(runner: Runner) -> None:
    for lane in LANES:
        runner.drain(lane)


def breaker(store: Database) -> BreakerRow | None:
    with store.read() as unit:
        return unit.breakers.of("erp:sap")


def test_each_partners_documents_go_through_once_and_in_order(store: Database, run: Any, tmp_path: Path) -> None:
    for number in range(30):
        for partner in ("p0", "p1"):
            receive(store, partner, number)
    assert run(runner_of(store, tmp_path)).settle(SOON)
    assert delivered(tmp_path, "p0") == in_order(30, "p0")
    assert delivered(tmp_path, "p1") == in_order(30, "p1")


def test_what_arrives_while_it_runs_is_run_too(store: Database, run: Any, tmp_path: Path) -> None:
    dispatcher = run(runner_of(store, tmp_path))
    for number in range(30):
        receive(store, "p0", number)
    assert dispatcher.settle(SOON)
    assert delivered(tmp_path) == in_order(30)


def test_a_wake_up_is_not_lost_to_a_drain_that_ends_while_the_work_is_being_committed(
    store: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody sweeps here, and no stage wakes the lane it runs in: its row alone has to tell that there is work."""
    announced, commit = threading.Event(), threading.Event()
    late = threading.Thread(target=receive, args=(store, "p0", 1, "apply"))
    announce = store._announce

    def hold_back(*lanes: Any) -> None:
        announce(*lanes)
        if threading.current_thread() is late:
            announced.set()
            assert commit.wait(SOON)

    def meanwhile(flow: Any, tools: Any) -> Record:
        if not announced.is_set():
            late.start()
            assert announced.wait(SOON)
        return STAGES["apply"](flow, tools)

    monkeypatch.setattr(store, "_announce", hold_back)
    runner = Runner(tools_of(store), {"apply": meanwhile}, {"deliver": World(tmp_path)})
    runner.take_over()
    receive(store, "p0", 0, stage="apply")
    drain_ = threading.Thread(target=runner.drain, args=("business:p0",))
    drain_.start()
    drain_.join(0.3)
    assert drain_.is_alive()  # it saw all there was, and waits for the lane's row, or the writer's turn
    commit.set()
    drain_.join(SOON)
    runner.drain("erp:sap/p0")
    assert delivered(tmp_path) == in_order(2)


def test_work_committed_after_a_drain_has_ended_is_announced_to_the_others(store: Database, tmp_path: Path) -> None:
    runner = runner_of(store, tmp_path)
    runner.take_over()
    receive(store, "p0", 0, stage="apply")
    with store.write() as unit:
        start(unit, "apply", "document:p0-00001", partner="p0")
        if store.is_shared:
            runner.drain("business:p0")
    assert unit.lanes.announced == (["business:p0"] if store.is_shared else [])


def test_wake_ups_alone_are_enough_when_many_receive_at_once(store: Database, tmp_path: Path) -> None:
    """Eight threads receive into one lane while two engines drain it, only when they are woken."""
    runners = [runner_of(store, tmp_path) for _ in range(2 if store.is_shared else 1)]
    for runner in runners:
        runner.begin()
    woken, over = threading.Semaphore(0), threading.Event()
    store.on_wake(lambda _lanes: woken.release())

    def drains(runner: Runner) -> None:
        while woken.acquire(timeout=0.5) or not over.is_set():
            drain(runner)

    receivers = [threading.Thread(target=_receive_many, args=(store, first)) for first in range(0, 80, 10)]
    drainers = [threading.Thread(target=drains, args=(runner,)) for runner in runners]
    for thread in (*drainers, *receivers):
        thread.start()
    for thread in receivers:
        thread.join()
    over.set()
    for thread in drainers:
        thread.join()
    assert states(store) == ["done"] * 80
    assert sorted(delivered(tmp_path)) == in_order(80)


def _receive_many(store: Database, first: int) -> None:
    for number in range(first, first + 10):
        receive(store, "p0", number, stage="apply")


def test_acknowledgments_do_not_wait_in_line_behind_documents() -> None:
    lines = Lines(abreast=2)
    lines.add(["business:a", "intake:b", "answer:c", "answer:a"])
    assert [lines.take(Line.STORE) for _ in range(4)] == ["answer:c", "answer:a", "business:a", "intake:b"]


# -- the circuit breaker ---------------------------------------------------------------------------


@pytest.fixture
def faulty(tmp_path: Path) -> Faulty:
    world = Faulty(tmp_path)
    world.works = False
    return world


@pytest.fixture
def runner(store: Database, faulty: Faulty) -> Runner:
    made = Runner(tools_of(store), STAGES, {"deliver": faulty})
    made.take_over()
    return made


def fail_until_open(store: Database, runner: Runner, clock: MovableClock) -> None:
    for _ in range(OPENS_AFTER):
        drain(runner)
        clock.advance(timedelta(seconds=6))


def test_a_dead_line_is_tried_three_times_and_then_once_in_a_while_whoever_waits(
    store: Database, runner: Runner, faulty: Faulty, clock: MovableClock
) -> None:
    for number in range(10):
        receive(store, "p0", number)
    fail_until_open(store, runner, clock)
    assert faulty.tried == OPENS_AFTER
    drain(runner)
    assert faulty.tried == OPENS_AFTER  # open: nothing is tried
    assert runner.sweep() == []
    for probes in range(1, 4):
        clock.advance(timedelta(minutes=6))
        drain(runner)
        assert faulty.tried == OPENS_AFTER + probes  # half open: one flow, not ten


def test_when_the_line_is_back_the_backlog_drains_by_itself_and_in_order(
    store: Database, runner: Runner, faulty: Faulty, clock: MovableClock, tmp_path: Path
) -> None:
    for number in range(10):
        receive(store, "p0", number)
    fail_until_open(store, runner, clock)
    faulty.works = True
    clock.advance(timedelta(minutes=6))
    assert runner.sweep() == ["erp:sap/p0"]
    drain(runner)
    assert delivered(tmp_path) == in_order(10)
    assert breaker(store) is None
    with store.read() as unit:
        assert [len(unit.events.of_kind(kind)) for kind in ("lane.down", "lane.up")] == [1, 1]


def test_every_engine_sees_an_open_circuit(store: Database, runner: Runner, faulty: Faulty, clock: MovableClock) -> None:
    receive(store, "p0", 0)
    fail_until_open(store, runner, clock)
    other = Runner(tools_of(store), STAGES, {"deliver": faulty})
    other.begin()
    drain(other)
    assert faulty.tried == OPENS_AFTER
    open_ = breaker(store)
    assert open_ is not None
    assert open_.is_open(clock.now())
    assert (open_.failures, open_.because) == (OPENS_AFTER, "the line is dead")


# -- engines that share a backlog ----------------------------------------------------------------


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_between_two_batches_a_lane_is_anybodys(store: Database, runner: Runner, tmp_path: Path) -> None:
    many = 2 * TOGETHER + 1
    for number in range(many):
        receive(store, "p0", number)
    other = begun(store, tmp_path)
    batches = itertools.count()

    def the_other_one_has_time_after_the_first() -> bool:
        if next(batches):
            drain(other)
        return True

    assert runner.drain("business:p0", the_other_one_has_time_after_the_first) == 1
    assert delivered(tmp_path) == in_order(many)


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_an_engine_has_no_lane_that_it_has_no_time_for(store: Database, tmp_path: Path) -> None:
    receive(store, "p0", 0)
    receive(store, "p1", 0)
    other = begun(store, tmp_path)

    def takes_long(flow: Any, tools: Any) -> Record:
        waits = threading.Thread(target=busy.drain, args=("business:p1",))
        waits.start()
        waits.join(0.1)  # long enough to take the lane, if it did
        threads.append(waits)
        other.drain("business:p1")
        other.drain("erp:sap/p1")
        done_meanwhile.append(delivered(tmp_path, "p1"))
        return STAGES["translate"](flow, tools)

    threads: list[threading.Thread] = []
    done_meanwhile: list[list[str]] = []
    busy = Runner(tools_of(store), {**STAGES, "translate": takes_long}, {"deliver": World(tmp_path)})
    busy.begin()
    busy.drain("business:p0", lambda: not threads)
    for each in threads:
        each.join()
    assert done_meanwhile == [in_order(1, "p1")]


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_a_row_that_somebody_holds_on_to_keeps_no_other_lane_waiting(store: Database, tmp_path: Path) -> None:
    receive(store, "p0", 0)
    receive(store, "p1", 0)
    runner = begun(store, tmp_path)
    tries = threading.Thread(target=runner.drain, args=("business:p1",))
    with store.engine.connect() as session:
        session.execute(sa.update(tables.lane).where(tables.lane.c.id == "business:p1").values(dirty=7))
        tries.start()
        drain(runner)
        assert tries.is_alive()
        session.rollback()
    tries.join()
    assert delivered(tmp_path) == in_order(1)
    assert runner.drain("erp:sap/p1") == 1, "and it went on when it could"


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_what_may_go_around_an_open_circuit_goes_though_another_engine_was_just_looking(
    store: Database, clock: MovableClock, tmp_path: Path
) -> None:
    class Looked(World):
        def around(self, flow: Any, tools: Any) -> Record | None:
            if flow.subject.endswith("0"):
                comes_meanwhile()
                return None
            return lambda _unit: Done()

    def comes_meanwhile() -> None:
        if len(states(store)) == 1:
            receive(store, "p0", 1)
            drain(other)  # it is woken, and the lane is taken

    engines = [Runner(tools_of(store), STAGES, {"deliver": Looked(tmp_path)}) for _ in range(2)]
    first, other = engines
    for each in engines:
        each.begin()
    receive(store, "p0", 0)
    first.drain("business:p0")
    with store.write() as unit:
        unit.breakers.put(BreakerRow("erp:sap", 3, clock.now(), clock.now() + timedelta(minutes=5), "x", failed_at=clock.now()))
    first.drain("erp:sap/p0")
    assert states(store) == ["ready", "done"]


# -- engines that are taken for dead -----------------------------------------------------------------


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_an_engine_that_was_taken_for_dead_records_nothing_more_and_another_goes_on(store: Database, tmp_path: Path) -> None:
    receive(store, "p0", 0)
    other = runner_of(store, tmp_path)

    def buried_meanwhile(flow: Any, _tools: Any) -> Record:
        other.take_over()  # declares the first one dead while it computes
        return STAGES["translate"](flow, _tools)

    first = Runner(tools_of(store), {**STAGES, "translate": buried_meanwhile}, {"deliver": World(tmp_path)})
    first.begin()
    first.drain("business:p0")
    assert not first.is_current()
    assert states(store) == ["ready"]
    with store.read() as unit:
        [flow] = unit.flows.ready("business:p0", 1)
    assert (flow.stage, flow.suspect) == ("translate", True)
    drain(other)
    assert delivered(tmp_path) == in_order(1)


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_an_engine_that_died_is_not_shown_and_told_of_once(store: Database, run: Any, tmp_path: Path) -> None:
    killed, runner = runner_of(store, tmp_path), runner_of(store, tmp_path)
    killed.begin()  # and nobody holds its lock
    run(runner)
    assert [each.id for each in engines(store)] == [runner.run]
    runner.bury({killed.run})
    runner.bury({killed.run})
    with store.read() as unit:
        [told] = unit.events.of_kind("engine.died")
    assert (told.subject, "it had nothing in hand" in told.text, died(store)) == (f"engine:{killed.run}", True, 1)


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)
def test_where_an_engine_had_the_database_to_itself_what_waited_is_told_and_a_few_lanes_named(
    store: Database, tmp_path: Path
) -> None:
    for number in range(7):
        receive(store, f"p{number}", 0)
    runner_of(store, tmp_path).begin()  # it did nothing, and ended without a word
    runner_of(store, tmp_path).take_over()
    with store.read() as unit:
        [told] = unit.events.of_kind("engine.died")
    named = ", ".join(f"business:p{number}" for number in range(5))
    assert told.text.endswith(f" ended without a word; what waited is taken over: {named} and 2 more")


@pytest.mark.parametrize("store", ["postgres"], indirect=True)
def test_an_engine_that_only_lost_its_connection_goes_on_as_the_same_run(store: Database, run: Any, tmp_path: Path) -> None:
    runner = runner_of(store, tmp_path)
    dispatcher = run(runner)
    before = runner.run
    with store.engine.connect() as connection:
        cut = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND classid = 8502 AND objid = :run"
        assert connection.execute(sa.text(cut), {"run": before}).scalar_one()
    watcher = runner_of(store, tmp_path)
    watcher.begin()
    _wait_until(lambda: before not in watcher.missing())
    receive(store, "p0", 0)
    assert dispatcher.settle(SOON)
    assert (runner.run, delivered(tmp_path)) == (before, in_order(1))


def _wait_until(is_so: Callable[[], bool]) -> None:
    tick = threading.Event()
    for _ in range(200):
        if is_so():
            return
        tick.wait(0.05)
    raise AssertionError("it did not come so far")
