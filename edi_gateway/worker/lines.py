"""The lines in which woken lanes wait for a thread: those of the world and jobs apart, acknowledgments first, each lane once."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from enum import Enum

from edi_gateway.pipeline.way import LaneKind, kind_of
from edi_gateway.store.lanes import circuit_of
from edi_gateway.store.schedule import OUTSIDE

JOB = "job:"  # what recurs runs as a lane does: one run at a time each


class Line(Enum):
    """What a thread does. None of them waits for another: a server or an ERP that sleeps holds up neither answers nor watches."""

    STORE = "store"
    WORLD = "world"
    JOBS = "jobs"
    OUTSIDE = "outside"  # jobs that look for what came to a server or an ERP


class Lines:
    """A line for each. A lane that is woken while it runs stands in line again after that.

    Of lanes that lead to one place ``abreast`` run at once, and the others wait: an ERP that is slow about every partner's orders
    leaves threads to other ERPs and to the wire.
    """

    def __init__(self, abreast: int) -> None:
        self._abreast = abreast
        lock = threading.RLock()
        self.changed = threading.Condition(lock)  # something was done
        self._for = {line: threading.Condition(lock) for line in Line}  # a lane of this line may run
        self._waiting: dict[Line, list[str]] = {line: [] for line in Line}
        self._running: set[str] = set()
        self._again: set[str] = set()
        self._closed = False

    def add(self, lanes: Iterable[str]) -> None:
        """These lanes have work."""
        with self.changed:
            for lane in lanes:
                self._add(lane)

    def take(self, line: Line) -> str | None:
        """Waits for the next lane of a line; None when the lines are closed."""
        waiting, added = self._waiting[line], self._for[line]
        with added:
            added.wait_for(lambda: self._closed or any(map(self._may_run, waiting)))
            if self._closed:
                return None
            lane = min(filter(self._may_run, waiting), key=_urgency)  # the first of the most urgent
            waiting.remove(lane)
            self._running.add(lane)
            return lane

    def give_back(self, lane: str, *, again: bool = False) -> None:
        """The lane is done for now; ``again``: it has more to do, after the others."""
        with self.changed:
            self._running.discard(lane)
            if again or lane in self._again:
                self._again.discard(lane)
                self._add(lane)
            self._for[line_of(lane)].notify_all()  # another lane that leads to the same place may run now
            self.changed.notify_all()

    def close(self) -> None:
        """Nobody gets a lane any more."""
        with self.changed:
            self._closed = True
            for each in (*self._for.values(), self.changed):
                each.notify_all()

    def is_running(self, lane: str) -> bool:
        """Whether a thread has it."""
        return lane in self._running

    def beside(self, lane: str) -> int:
        """How many of its line run, or wait for a thread."""
        line = line_of(lane)
        with self.changed:
            return len(self._waiting[line]) + sum(line_of(each) is line for each in self._running)

    @property
    def are_empty(self) -> bool:
        """Whether nothing runs or waits."""
        return not self._running and not any(self._waiting.values())

    def _may_run(self, lane: str) -> bool:
        circuit = circuit_of(lane)
        return circuit == lane or sum(circuit_of(each) == circuit for each in self._running) < self._abreast

    def _add(self, lane: str) -> None:
        line = line_of(lane)
        if lane in self._running:
            self._again.add(lane)
        elif lane not in self._waiting[line]:
            self._waiting[line].append(lane)
            self._for[line].notify_all()


def line_of(lane: str) -> Line:
    """The line a lane or a job stands in."""
    if lane.startswith(JOB):
        return Line.OUTSIDE if lane.removeprefix(JOB).startswith(OUTSIDE) else Line.JOBS
    return Line.WORLD if kind_of(lane).touches_the_world else Line.STORE


def _urgency(lane: str) -> int:
    return 0 if not lane.startswith(JOB) and kind_of(lane) is LaneKind.ANSWER else 1
