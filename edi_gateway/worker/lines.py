"""The lines in which woken lanes wait for a thread: those of the world apart, acknowledgments first, each lane once."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from edi_gateway.pipeline.way import LaneKind, kind_of
from edi_gateway.store.lanes import circuit_of

JOB = "job:"  # what recurs runs on the threads of the world, one run at a time each, as a lane does


class Lines:
    """Two lines, one for lanes that touch the world. A lane that is woken while it runs stands in line again after that.

    Of lanes that lead to one place ``abreast`` run at once, and the others wait: an ERP that is slow about every partner's orders
    leaves threads to jobs, to other ERPs and to the wire.
    """

    def __init__(self, abreast: int) -> None:
        self._abreast = abreast
        self.changed = threading.Condition()
        self._waiting: dict[bool, list[str]] = {False: [], True: []}
        self._running: set[str] = set()
        self._again: set[str] = set()
        self._closed = False

    def add(self, lanes: Iterable[str]) -> None:
        """These lanes have work."""
        with self.changed:
            for lane in lanes:
                self._add(lane)
            self.changed.notify_all()

    def take(self, world: bool) -> str | None:
        """Waits for the next lane of a line; None when the lines are closed."""
        line = self._waiting[world]
        with self.changed:
            self.changed.wait_for(lambda: self._closed or any(map(self._may_run, line)))
            if self._closed:
                return None
            lane = min(filter(self._may_run, line), key=_urgency)  # the first of the most urgent
            line.remove(lane)
            self._running.add(lane)
            return lane

    def give_back(self, lane: str, *, again: bool = False) -> None:
        """The lane is done for now; ``again``: it has more to do, after the others."""
        with self.changed:
            self._running.discard(lane)
            if again or lane in self._again:
                self._again.discard(lane)
                self._add(lane)
            self.changed.notify_all()

    def close(self) -> None:
        """Nobody gets a lane any more."""
        with self.changed:
            self._closed = True
            self.changed.notify_all()

    def is_running(self, lane: str) -> bool:
        """Whether a thread has it."""
        return lane in self._running

    @property
    def are_empty(self) -> bool:
        """Whether nothing runs or waits."""
        return not self._running and not any(self._waiting.values())

    def _may_run(self, lane: str) -> bool:
        circuit = circuit_of(lane)
        return circuit == lane or sum(circuit_of(each) == circuit for each in self._running) < self._abreast

    def _add(self, lane: str) -> None:
        line = self._waiting[_touches_the_world(lane)]
        if lane in self._running:
            self._again.add(lane)
        elif lane not in line:
            line.append(lane)


def _touches_the_world(lane: str) -> bool:
    return lane.startswith(JOB) or kind_of(lane).touches_the_world


def _urgency(lane: str) -> int:
    if lane.startswith(JOB):
        return 2
    return 0 if kind_of(lane) is LaneKind.ANSWER else 1
