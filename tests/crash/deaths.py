"""Deaths: the gateway is gone between two operations, and a new one starts on what lies there.

A process that is killed leaves its files as they are at that moment. So one play is stopped wherever what a new start would find
has changed: its data folder is copied, a new gateway plays on to the end on the copy, and then the first one goes on. That is the
same state as SIGKILL leaves (``kills`` does it with a real one) without playing again from the beginning each time.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import TypeAlias

from crash.bench import Place
from crash.files_erp import is_about_it
from crash.points import LEAVES_A_TRACE, Plan, Point
from play import End

_SHARED_MEMORY = shutil.ignore_patterns("*-shm")  # SQLite's: with the process it is gone

Which: TypeAlias = Callable[[int], bool]
Tell: TypeAlias = Callable[[str, End], None]
"""Hears of a death, and how it ended after the new start."""


class Deaths(Plan):
    """Dies in the states that ``dies_in`` says, counted from 0; ``twice`` says after which the new start dies four times too."""

    def __init__(self, place: Place, tell: Tell, dies_in: Which, twice: Which = lambda _state: False, depth: int = 0) -> None:
        self._place, self._tell, self._dies_in, self._twice = place, tell, dies_in, twice
        self._alive = place.folder / f"alive-{depth}"
        self._depth = depth
        self._states = count()
        self._last = "the start"
        self._has_changed = False

    def before(self, point: Point) -> None:
        """What changed since the last time is a state to die in."""
        if self._has_changed:
            self._has_changed = False
            self._die(f"after {self._last}")

    def after(self, point: Point) -> None:
        if point.kind in LEAVES_A_TRACE:
            self._last, self._has_changed = str(point), True

    def aside(self) -> None:
        self._has_changed = True

    def unsynced(self, path: str, synced: int, size: int) -> None:
        """The kernel wrote half of it."""
        self._die(f"after {self._last}, with half of it written", torn=(path, (synced + size) // 2))

    def _die(self, where: str, torn: tuple[str, int] | None = None) -> None:
        state = next(self._states)
        if not self._dies_in(state):
            return
        data = self._place.data
        data.rename(self._alive)  # the copy takes its place, for paths are part of what is on record
        try:
            self._go_on(where, state, torn)
        finally:
            shutil.rmtree(data, ignore_errors=True)
            self._alive.rename(data)

    def _go_on(self, where: str, state: int, torn: tuple[str, int] | None) -> None:
        shutil.copytree(self._alive, self._place.data, symlinks=True, ignore=_SHARED_MEMORY)
        if torn:
            os.truncate(*torn)
        plan = Plan()
        if self._twice(state):
            plan = Deaths(self._place, partial(self._tell_both, where), lambda then: then < 4, depth=self._depth + 1)
        end, _ = self._place.play(plan)
        self._tell(where, end)

    def _tell_both(self, where: str, then: str, end: End) -> None:
        self._tell(f"{where}, and again {then}", end)


class DeathsAtFiles(Deaths):
    """Dies only where a file of the ERP connector's changed: all else is as in another layout."""

    def after(self, point: Point) -> None:
        if is_about_it(point.what):
            super().after(point)

    def aside(self) -> None: ...

    def unsynced(self, path: str, synced: int, size: int) -> None:
        if is_about_it(path):
            super().unsynced(path, synced, size)
