"""A set with every segment at its place: flat, and as a tree of loops."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.standard import LoopUse, SegmentUse


class Loop:
    """One turn of a loop (or the set itself, with no ``use``): its segments and inner loops as they came.

    ``path`` is that of the definition (``PO1/N1``), empty for the set; ``number`` counts the turns among its siblings from 1.
    """

    __slots__ = ("members", "number", "parent", "path", "use")

    def __init__(self, use: LoopUse | None = None, parent: Loop | None = None, number: int = 1) -> None:
        self.use, self.parent, self.number = use, parent, number
        self.path = use.path if use else ""
        self.members: list[Placed | Loop] = []

    @property
    def depth(self) -> int:
        """How many loops this one stands in, itself included: 0 for the set."""
        return self.path.count("/") + 1 if self.path else 0

    @property
    def head(self) -> Placed | None:
        """The segment that began it; None for a set without segments."""
        first = self.members[0] if self.members else None
        return first if isinstance(first, Placed) else None

    def own(self, segment_id: str | None = None) -> Iterator[Placed]:
        """Its own segments, or those with an id, without those of inner loops."""
        found = (member for member in self.members if isinstance(member, Placed))
        return (placed for placed in found if segment_id is None or placed.segment[0] == segment_id)

    def loops(self, loop_id: str | None = None) -> Iterator[Loop]:
        """The loops directly inside it, or those with an id."""
        found = (member for member in self.members if isinstance(member, Loop))
        return (loop for loop in found if loop_id is None or (loop.use is not None and loop.use.id == loop_id))

    def walk(self) -> Iterator[Placed]:
        """All segments, those of inner loops included; in document order but for segments that stood out of sequence."""
        for member in self.members:
            if isinstance(member, Placed):
                yield member
            else:
                yield from member.walk()


class Placed(NamedTuple):
    """A segment, its position in the set (ST is 1), the use it was given and the turn of the loop it stands in.

    ``use`` is None for a segment with no place there: it is kept in the innermost loop open at that point.
    """

    position: int
    segment: Segment
    use: SegmentUse | None
    loop: Loop

    @property
    def path(self) -> str:
        return self.loop.path

    @property
    def depth(self) -> int:
        return self.loop.depth


class Fault(NamedTuple):
    """A segment that stands where it may not, or is missing at ``position``. ``kind`` is a kind of finding."""

    kind: str
    position: int
    segment_id: str
    path: str


class Structure(NamedTuple):
    """What became of the segments of a set: ``placed[n]`` is segment n + 1."""

    placed: list[Placed]
    root: Loop
    faults: list[Fault]
