"""Threads that drain lanes: one at a time a lane, the world apart from the store, and nothing forgotten."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from edi_gateway.errors import TryAgain, WrongInput
from edi_gateway.store.folder_lock import run_of
from edi_gateway.worker.dispatcher import JOBS_AT_ONCE, Dispatcher

SOON = 10.0  # seconds nobody ever waits, unless a test fails


class Lanes:
    """A runner whose lanes do what a scene says; it hears which are drained."""

    def __init__(self) -> None:
        self.run = 7
        self.drained: list[str] = []
        self.at_once = self.most_at_once = 0
        self.due: list[str] = []
        self.does: Callable[[str], None] = lambda lane: None
        self._lock = threading.Lock()
        self.tools = self
        self.store = self
        self.took_over = self.stopped = self.is_shared = False
        self.wake: Callable[[tuple[str, ...]], None] = lambda lanes: None

    def on_wake(self, listener: Callable[[tuple[str, ...]], None]) -> None:
        self.wake = listener

    def take_over(self) -> None:
        self.took_over = True

    def stop(self) -> None:
        self.stopped = True

    def sweep(self) -> list[str]:
        due, self.due = self.due, []
        return due

    def drain(self, lane: str, go_on: Callable[[], bool] = lambda: True) -> int:
        self.go_on = go_on
        with self._lock:
            self.drained.append(lane)
            self.at_once += 1
            self.most_at_once = max(self.at_once, self.most_at_once)
        try:
            self.does(lane)
        finally:
            with self._lock:
                self.at_once -= 1
        return 1


Start = Callable[..., Dispatcher]


@pytest.fixture
def lanes() -> Lanes:
    return Lanes()


@pytest.fixture
def start(lanes: Lanes) -> Iterator[Start]:
    started: list[Dispatcher] = []

    def start(**more: object) -> Dispatcher:
        dispatcher = Dispatcher(lanes, **{"threads": 4, **more})  # type: ignore[arg-type]  # what a dispatcher needs of a runner
        dispatcher.start()
        started.append(dispatcher)
        return dispatcher

    yield start
    for dispatcher in started:
        dispatcher.stop()


def test_it_takes_over_before_it_runs_and_says_when_it_stops(lanes: Lanes, start: Start) -> None:
    dispatcher = start()
    assert lanes.took_over
    assert dispatcher.settle(SOON)
    assert not lanes.stopped


def test_a_lane_has_one_drain_at_a_time_and_what_comes_meanwhile_is_drained_after(lanes: Lanes, start: Start) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def does(_lane: str) -> None:
        inside.set()
        assert go_on.wait(SOON)

    lanes.does = does
    dispatcher = start()
    lanes.wake(("business:a",))
    assert inside.wait(SOON)
    for _ in range(5):
        lanes.wake(("business:a",))
    go_on.set()
    assert dispatcher.settle(SOON)
    assert lanes.drained == ["business:a", "business:a"]
    assert lanes.most_at_once == 1


def test_lanes_of_the_store_do_not_wait_for_lanes_of_the_world(lanes: Lanes, start: Start) -> None:
    dead_server = threading.Event()
    answered = threading.Event()

    def does(lane: str) -> None:
        if lane.startswith("wire"):
            assert dead_server.wait(SOON)
        else:
            answered.set()

    lanes.does = does
    start(threads=1)
    lanes.wake(tuple(f"wire:{n}" for n in range(20)))
    lanes.wake(("answer:a",))
    assert answered.wait(SOON)
    dead_server.set()


def test_the_sweep_finds_work_that_nobody_announced(lanes: Lanes, start: Start) -> None:
    dispatcher = start()
    lanes.due = ["business:a"]
    assert dispatcher.settle(SOON)
    assert lanes.drained == ["business:a"]


def test_a_lane_that_fails_is_tried_again_and_its_thread_lives(lanes: Lanes, start: Start) -> None:
    errors = iter([TryAgain("the database did not answer"), ValueError("a mistake of ours")])

    def does(_lane: str) -> None:
        if error := next(errors, None):
            raise error

    lanes.does = does
    dispatcher = start(threads=1)
    for _ in range(3):
        lanes.wake(("business:a",))
        assert dispatcher.settle(SOON)
    assert len(lanes.drained) == 3


def test_a_sweep_that_fails_does_not_end_the_sweeps(lanes: Lanes, start: Start) -> None:
    fails = iter([True])
    dispatcher = start()

    def tick() -> None:
        if next(fails, False):
            raise TryAgain("the database did not answer")
        lanes.due = ["business:a"]
        dispatcher.tick = None

    dispatcher.tick = tick
    assert dispatcher.settle(SOON)
    assert dispatcher.settle(SOON)
    assert "business:a" in lanes.drained


def test_a_job_runs_while_every_thread_of_the_world_and_of_the_store_is_busy(lanes: Lanes, start: Start) -> None:
    asleep, ran = threading.Event(), threading.Event()
    lanes.does = lambda _lane: asleep.wait(SOON)  # type: ignore[assignment]  # what it returns is nobody's business
    dispatcher = start(threads=1, jobs={"collect a": ran.set})
    lanes.wake((*(f"wire:{n}" for n in range(20)), *(f"answer:{n}" for n in range(20))))
    dispatcher.run_job("collect a")
    assert ran.wait(SOON)
    asleep.set()


def test_more_jobs_than_there_are_threads_for_are_started_one_after_the_other_and_all_done(lanes: Lanes, start: Start) -> None:
    ran: list[str] = []
    due = [f"collect {n}" for n in range(3 * JOBS_AT_ONCE + 1)]
    dispatcher = start(jobs={name: partial(ran.append, name) for name in due})

    def tick() -> bool:
        while due and dispatcher.has_room(due[-1]):
            dispatcher.run_job(due.pop())
        return bool(due)

    dispatcher.tick = tick
    assert dispatcher.settle(SOON)
    assert len(ran) == 3 * JOBS_AT_ONCE + 1


def test_it_has_room_for_a_job_only_where_a_thread_is_free(start: Start) -> None:
    busy, go_on = threading.Semaphore(0), threading.Event()

    def works() -> None:
        busy.release()
        assert go_on.wait(SOON)

    dispatcher = start(jobs={f"watch {n}": works for n in range(JOBS_AT_ONCE)})
    had_room = []
    for name in dispatcher.jobs:
        had_room.append(dispatcher.has_room(name))
        dispatcher.run_job(name)
    assert had_room == [True] * JOBS_AT_ONCE
    assert all(busy.acquire(timeout=SOON) for _ in dispatcher.jobs)
    assert (dispatcher.has_room("alerts"), dispatcher.has_room("collect a")) == (False, True)
    go_on.set()
    assert dispatcher.settle(SOON)
    assert dispatcher.has_room("alerts")


def test_servers_that_sleep_keep_no_watch_waiting(start: Start) -> None:
    asleep, watched = threading.Event(), threading.Event()
    servers = {f"collect {n}": lambda: asleep.wait(SOON) for n in range(40)}
    dispatcher = start(jobs={**servers, "ERP events sap": lambda: asleep.wait(SOON), "watch what is owed": watched.set})
    for name in dispatcher.jobs:
        dispatcher.run_job(name)
    assert watched.wait(SOON)
    asleep.set()


def test_a_job_runs_once_at_a_time_and_on_a_thread_for_jobs(lanes: Lanes, start: Start) -> None:
    ran: list[str] = []
    dispatcher = start(jobs={"collect a": lambda: ran.append(threading.current_thread().name)})
    dispatcher.run_job("collect a")
    assert dispatcher.settle(SOON)
    assert len(ran) == 1
    assert ran[0].startswith("lane-outside")


def test_stop_lets_a_running_stage_finish(lanes: Lanes) -> None:
    inside, finished = threading.Event(), threading.Event()
    dispatcher = Dispatcher(lanes, threads=1)  # type: ignore[arg-type]  # what a dispatcher needs of a runner
    go_on = threading.Event()

    def does(_lane: str) -> None:
        inside.set()
        assert go_on.wait(SOON)
        finished.set()

    lanes.does = does
    dispatcher.start()
    lanes.wake(("business:a", "business:b"))
    assert inside.wait(SOON)
    stopping = threading.Thread(target=dispatcher.stop)
    stopping.start()
    go_on.set()
    stopping.join(SOON)
    assert finished.is_set()
    assert lanes.stopped
    assert lanes.drained == ["business:a"]


def test_a_second_process_on_the_same_data_folder_is_refused(lanes: Lanes, start: Start, tmp_path: Path) -> None:
    start(lock=tmp_path / "gateway.lock")
    second = Lanes()
    with pytest.raises(WrongInput, match="another process runs this gateway already"):
        Dispatcher(second, threads=1, lock=tmp_path / "gateway.lock").start()  # type: ignore[arg-type]  # as above
    assert not second.took_over
    assert run_of(tmp_path / "gateway.lock") == lanes.run  # as the lock still says


def test_one_that_was_refused_can_be_stopped_without_harm(lanes: Lanes, start: Start, tmp_path: Path) -> None:
    start(lock=tmp_path / "gateway.lock")
    second = Lanes()
    refused = Dispatcher(second, threads=1, lock=tmp_path / "gateway.lock")  # type: ignore[arg-type]  # as above
    with pytest.raises(WrongInput):
        refused.start()
    refused.stop()
    assert not second.stopped


def test_after_a_stop_the_folder_is_free_again(tmp_path: Path) -> None:
    for _ in range(2):
        dispatcher = Dispatcher(Lanes(), threads=1, lock=tmp_path / "gateway.lock")  # type: ignore[arg-type]  # as above
        dispatcher.start()
        dispatcher.stop()
