"""How many flows of a lane go together: many of those that are quickly done, so that no batch keeps its turn for long.

What a batch costs beside its flows (a look at the lane, a commit, each sort of statement) is shared among them. But while it has
its turn everything else waits, acknowledgments too, and an order of a thousand lines takes as long as a hundred of one line.
"""

from __future__ import annotations

from edi_gateway.pipeline.tools import MOST_TOGETHER, TOGETHER
from edi_gateway.pipeline.way import LaneKind

FEWEST = 10
LONG = 0.1  # seconds


class Batches:
    """Learns from how long batches took."""

    def __init__(self) -> None:
        self._most: dict[LaneKind, int] = {}

    def most(self, kind: LaneKind) -> int:
        """How many go together in lanes of a kind."""
        return self._most.get(kind, TOGETHER)

    def took(self, kind: LaneKind, flows: int, seconds: float) -> None:
        """Half as many after a batch that took long, twice as many after a whole one that took less than half of that."""
        most = self.most(kind)
        if seconds > LONG:
            self._most[kind] = max(FEWEST, most // 2)
        elif flows >= most and seconds < LONG / 2:
            self._most[kind] = min(MOST_TOGETHER, 2 * most)
