"""The embedded engine: threads that drain lanes, one drain at a time a lane, and a look at the clock.

Wake-ups are hints. A sweep, several times a second, wakes every lane that has a ready, due flow, whoever announced it: work
left by a crash, work announced by another process on the same database, retries whose time has come.
"""

from __future__ import annotations

import fcntl
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import IO

from edi_gateway import log
from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.pipeline.way import kind_of
from edi_gateway.worker.runner import Runner

SWEEP_SECONDS = 0.25
_JOB = "job:"  # what recurs runs on the threads of the world, one run at a time each, as a lane does

_log = log.logger(__name__)


class Dispatcher:
    """Runs a ``Runner``'s lanes on threads of its own. Lanes that touch the world never wait for those that do not."""

    def __init__(
        self, runner: Runner, *, threads: int, jobs: Mapping[str, Callable[[], object]] | None = None, lock: Path | None = None
    ) -> None:
        self._runner, self.jobs, self._lock_path = runner, jobs or {}, lock
        self.tick: Callable[[], None] | None = None
        self._changed = threading.Condition()
        self._queues: dict[bool, list[str]] = {False: [], True: []}
        self._running: set[str] = set()
        self._again: set[str] = set()
        self._started = self._stopping = False
        self._nudged = threading.Event()
        self._sweeps = 0
        self._held_lock: IO[str] | None = None
        counts = {False: threads, True: max(4, threads)}
        self._threads = [
            threading.Thread(target=self._work, args=(world,), name=f"lane-{'world' if world else 'store'}-{n}", daemon=True)
            for world, count in counts.items()
            for n in range(count)
        ]
        self._threads.append(threading.Thread(target=self._watch, name="sweep", daemon=True))

    def start(self) -> None:
        """Takes over what an earlier run left, then runs. Raises WrongInput when another process runs this gateway."""
        if self._lock_path is not None:
            self._held_lock = _only_one(self._lock_path)
        self._runner.take_over()
        self._runner.tools.store.on_wake(self.wake)
        self._started = True
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Lets stages that run finish, starts no others; nothing happens to one that was never started."""
        if not self._started:
            return
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._nudged.set()
        for thread in self._threads:
            thread.join()
        self._runner.stop()
        if self._held_lock is not None:
            self._held_lock.close()

    def wake(self, lanes: tuple[str, ...]) -> None:
        """These lanes have work."""
        with self._changed:
            for lane in lanes:
                queue = self._queues[_touches_the_world(lane)]
                if lane in self._running:
                    self._again.add(lane)
                elif lane not in queue:
                    queue.append(lane)
            self._changed.notify_all()

    def run_job(self, name: str) -> None:
        """Runs a job on a thread of its own, unless it is running: then once more after that."""
        self.wake((_JOB + name,))

    def nudge(self) -> None:
        """Looks at the clock now: for a clock that was moved."""
        self._nudged.set()

    def settle(self, timeout: float = 30.0) -> bool:
        """Waits until nothing is due that could run now; False when that took longer than ``timeout`` seconds.

        For the demo and tests, which move the clock only when everything before has happened.
        """
        end = time.monotonic() + timeout
        for _ in range(2):  # the second sweep began after now, so it saw everything there is
            with self._changed:
                seen = self._sweeps
                self._nudged.set()
                left = end - time.monotonic()
                if not self._changed.wait_for(partial(self._quiet_since, seen), max(left, 0.0)):
                    return False
        return True

    def _quiet_since(self, sweep: int) -> bool:
        return self._sweeps > sweep and self._idle()

    def _idle(self) -> bool:
        return not self._running and not any(self._queues.values())

    def _work(self, world: bool) -> None:
        while (lane := self._take(world)) is not None:
            try:
                self._run(lane)
            except GatewayError as error:
                _log.warning("a lane stopped and is tried again", lane=lane, error=str(error))
            except Exception as error:
                _log.error("a lane failed and is tried again", lane=lane, exc_info=error)
            finally:
                self._give_back(lane, world)

    def _run(self, lane: str) -> None:
        if lane.startswith(_JOB):
            self.jobs[lane.removeprefix(_JOB)]()
        else:
            self._runner.drain(lane)

    def _take(self, world: bool) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self._queues[world])
            if self._stopping:
                return None
            lane = self._queues[world].pop(0)
            self._running.add(lane)
            return lane

    def _give_back(self, lane: str, world: bool) -> None:
        with self._changed:
            self._running.discard(lane)
            if lane in self._again:
                self._again.discard(lane)
                self._queues[world].append(lane)
            self._changed.notify_all()

    def _watch(self) -> None:
        while not self._stopping:
            self._nudged.clear()
            try:
                self._sweep()
            except Exception as error:
                _log.error("a sweep failed and is tried again", exc_info=error)
            with self._changed:
                self._sweeps += 1
                self._changed.notify_all()
            self._nudged.wait(SWEEP_SECONDS)

    def _sweep(self) -> None:
        if self.tick is not None:
            self.tick()
        self.wake(tuple(lane for lane in self._runner.sweep() if lane not in self._running))  # one that runs looks by itself


def _touches_the_world(lane: str) -> bool:
    return lane.startswith(_JOB) or kind_of(lane).touches_the_world


def _only_one(path: Path) -> IO[str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise WrongInput(
            "another process runs this gateway already",
            where=str(path.parent),
            do="stop it first, or give this one another data folder",
        ) from None
    return file
