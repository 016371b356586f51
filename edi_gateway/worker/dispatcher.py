"""The engine of one process: threads that drain lanes, one drain at a time a lane, and a look at the clock.

Wake-ups are hints. A sweep, several times a second, wakes every lane that has a due flow, whoever announced it: work left by a
crash, work announced by another process on the same database, retries whose time has come.

On SQLite one process has the database to itself, by a file lock. On PostgreSQL any number of them share it: a batch of a lane is
done by the one that took its row, a wake-up reaches the others by NOTIFY, and ``worker.watch`` takes over from those that died.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import IO

from edi_gateway import log
from edi_gateway.errors import GatewayError
from edi_gateway.store.folder_lock import lock_folder, say_run
from edi_gateway.worker.backoff import Pace, backoff
from edi_gateway.worker.lines import JOB, Line, Lines, line_of
from edi_gateway.worker.runner import Runner
from edi_gateway.worker.watch import Watch

SWEEP_SECONDS = 0.25
FEWEST_TO_THE_WORLD = 4  # threads for lanes that touch the world, and for jobs that look outside
JOBS_AT_ONCE = 4  # of those that do not
SLICE_SECONDS = 2.0  # how long a lane keeps its thread while others wait

_log = log.logger(__name__)


class Dispatcher:
    """Runs a ``Runner``'s lanes on threads of its own. Lanes of the store, lanes of the world and jobs never wait for each other.

    ``tick`` is called at every sweep: it starts the jobs that are due, and says whether any is left because none ``has_room``.
    """

    def __init__(
        self, runner: Runner, *, threads: int, jobs: Mapping[str, Callable[[], object]] | None = None, lock: Path | None = None
    ) -> None:
        self._runner, self.jobs, self._lock_path = runner, jobs or {}, lock
        self.tick: Callable[[], bool | None] | None = None
        self._jobs_left = False
        world = max(FEWEST_TO_THE_WORLD, threads)
        self._lines = Lines(abreast=world // 2)
        self._watch = Watch(runner, self.wake) if runner.tools.store.is_shared else None
        self._failed: dict[str, tuple[int, float]] = {}  # lanes that failed: how often, and when they may be swept up again
        self._started = self._stopping = False
        self._nudged = threading.Event()
        self._sweeps = 0
        self._held_lock: IO[str] | None = None
        self._counts = {Line.STORE: threads, Line.WORLD: world, Line.JOBS: JOBS_AT_ONCE, Line.OUTSIDE: world}
        self._threads = [
            threading.Thread(target=self._work, args=(line,), name=f"lane-{line.value}-{n}", daemon=True)
            for line, count in self._counts.items()
            for n in range(count)
        ]
        self._threads.append(threading.Thread(target=self._sweep_on, name="sweep", daemon=True))

    def start(self) -> None:
        """Takes over what an earlier run left, then runs. Raises WrongInput when another process has the data folder."""
        if self._watch is not None:
            self._watch.begin()
        else:
            if self._lock_path is not None:
                self._held_lock = lock_folder(self._lock_path)
            self._runner.take_over()
            if self._held_lock is not None:
                say_run(self._held_lock, self._runner.run)
        self._runner.tools.store.on_wake(self.wake)
        self._started = True
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Lets stages that run finish, starts no others; nothing happens to one that was never started."""
        if not self._started:
            return
        self._stopping = True
        self._lines.close()
        self._nudged.set()
        for thread in self._threads:
            thread.join()
        self._runner.stop()
        if self._watch is not None:
            self._watch.end()
        if self._held_lock is not None:
            self._held_lock.close()

    def wake(self, lanes: tuple[str, ...]) -> None:
        """These lanes have work."""
        self._lines.add(lanes)

    def run_job(self, name: str) -> None:
        """Runs a job on a thread of its own, unless it is running: then once more after that."""
        self._lines.add((JOB + name,))

    def has_room(self, name: str) -> bool:
        """Whether a thread is free for a job: one that would only stand in line here is left to an engine that is free."""
        return self._lines.beside(JOB + name) < self._counts[line_of(JOB + name)]

    def nudge(self) -> None:
        """Looks at the clock now: for a clock that was moved, a job that is to run at once."""
        self._nudged.set()

    def settle(self, timeout: float = 30.0) -> bool:
        """Waits until nothing is due that could run now; False when that took longer than ``timeout`` seconds.

        For the demo and tests, which move the clock only when everything before has happened.
        """
        end = time.monotonic() + timeout
        for _ in range(2):  # the second sweep began after now, so it saw everything there is
            with self._lines.changed:
                seen = self._sweeps
                self._nudged.set()
                left = end - time.monotonic()
                if not self._lines.changed.wait_for(partial(self._quiet_since, seen), max(left, 0.0)):
                    return False
        return True

    def _quiet_since(self, sweep: int) -> bool:
        return self._sweeps > sweep and self._lines.are_empty and not self._jobs_left

    def _work(self, line: Line) -> None:
        while (lane := self._lines.take(line)) is not None:
            more = False
            try:
                more = self._run(lane)
                self._failed.pop(lane, None)
            except GatewayError as error:
                self._leave(lane)
                _log.warning("a lane stopped and is tried again", lane=lane, error=str(error))
            except Exception as error:
                self._leave(lane)
                _log.error("a lane failed and is tried again", lane=lane, exc_info=error)
            finally:
                self._lines.give_back(lane, again=more)
            if lane.startswith(JOB) and self._jobs_left:
                self.nudge()

    def _run(self, lane: str) -> bool:
        """Drains a lane or runs a job; True when its time was up before its work was done."""
        if lane.startswith(JOB):
            self.jobs[lane.removeprefix(JOB)]()
            return False
        end = time.monotonic() + SLICE_SECONDS
        self._runner.drain(lane, lambda: not self._stopping and time.monotonic() < end)
        return time.monotonic() >= end

    def _leave(self, lane: str) -> None:
        """Keeps sweeps off a lane that failed, for longer each time."""
        times = self._failed.get(lane, (0, 0.0))[0]
        self._failed[lane] = (times + 1, time.monotonic() + backoff(times, Pace.ENGINE).total_seconds())

    def _sweep_on(self) -> None:
        fails = 0
        while not self._stopping:
            self._nudged.clear()
            try:
                self._sweep()
                fails = 0
            except GatewayError as error:
                fails += 1
                _log.warning("a sweep failed and is tried again", error=str(error))
            except Exception as error:
                fails += 1
                _log.error("a sweep failed and is tried again", exc_info=error)
            with self._lines.changed:
                self._sweeps += 1
                self._lines.changed.notify_all()
            pause = backoff(fails, Pace.ENGINE) if fails else timedelta(seconds=SWEEP_SECONDS)
            self._nudged.wait(pause.total_seconds())

    def _sweep(self) -> None:
        if self._watch is not None:
            self._watch.look()
        if self.tick is not None:
            self._jobs_left = bool(self.tick())
        now = time.monotonic()
        # one that runs looks by itself; one that failed has a pause
        self.wake(tuple(each for each in self._runner.sweep() if not self._lines.is_running(each) and self._may(each, now)))

    def _may(self, lane: str, now: float) -> bool:
        return lane not in self._failed or self._failed[lane][1] <= now
