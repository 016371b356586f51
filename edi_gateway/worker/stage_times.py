"""How long stages take: of each, how many flows had their turn at it, and how many seconds that were.

Kept in the memory of an engine's process and noted once for a batch, so that no order pays for it.
"""

from __future__ import annotations

import threading
from typing import NamedTuple


class StageTime(NamedTuple):
    """Flows that had their turn at a stage, one that was tried again each time, and the seconds these took together."""

    flows: int
    seconds: float


class StageTimes:
    """Those of one process since it began."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._of: dict[str, StageTime] = {}

    def took(self, stage: str, flows: int, seconds: float) -> None:
        """A batch was done, in so many seconds, without those in which it stood in line."""
        with self._guard:
            before = self._of.get(stage, StageTime(0, 0.0))
            self._of[stage] = StageTime(before.flows + flows, before.seconds + seconds)

    def all(self) -> dict[str, StageTime]:
        """By stage, up to now."""
        with self._guard:
            return dict(sorted(self._of.items()))
