"""Kills: a process that really is killed with SIGKILL at a point, while what it did so far lies where it wrote it."""

from __future__ import annotations

import os
import signal

from crash.bench import Place
from crash.points import Plan, Point


class Kills(Plan):
    """SIGKILL to this very process, right before a point."""

    def __init__(self, number: int) -> None:
        self._number = number

    def before(self, point: Point) -> None:
        if point.number == self._number:
            os.kill(os.getpid(), signal.SIGKILL)


def kill_at(place: Place, number: int, database: str = "") -> None:
    """Plays in a child process that is killed before point ``number``."""
    child = os.fork()
    if not child:
        try:
            place.play(Kills(number), database)
        finally:
            os._exit(1)  # it was to be killed before it came here
    _, status = os.waitpid(child, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        raise AssertionError(f"the play ended with {status} and not by SIGKILL at point {number}")
