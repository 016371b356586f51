"""What the rules above the standard look at: a set's segments by id, and the loops they stand in when a rule asks.

A set that the fast path accepted is never split into all its segments: those a rule asks for are searched for in its text.
Splitting and counting every segment took twice as long as accepting the set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple, Protocol

import msgspec

from edi_gateway.x12.envelope import Segment, TransactionSet
from edi_gateway.x12.standard import TransactionSetDefinition
from edi_gateway.x12.structure import Structure, paths_of


class Found(msgspec.Struct, frozen=True, order=True, gc=False):
    """A segment, and where it stands: a number that grows with the document (see ``Scene.position``)."""

    place: int
    segment: Segment

    def at(self, element: int) -> str:
        """An element, or nothing where the segment is shorter."""
        return self.segment[element] if element < len(self.segment) else ""


class Trouble(NamedTuple):
    """What a rule found: why, at which segment, and which of its elements."""

    message: str
    at: Found
    element: int
    kind: str = ""  # where a rule has several; else the rule's own


class Segments(Protocol):
    """Where a scene has its segments from."""

    def of(self, segment_id: str) -> list[Found]:
        """Those with an id, in document order."""

    def count(self, segment_id: str) -> int:
        """How many there are."""

    def position(self, found: Found) -> int:
        """The position of one in the set; ST is 1."""


class Scene:
    """One set as the rules see it."""

    def __init__(
        self,
        definition: TransactionSetDefinition,
        transaction_set: TransactionSet,
        segments: Segments,
        structure: Structure | None = None,
    ) -> None:
        self.definition, self._transaction_set, self._structure = definition, transaction_set, structure
        self.of, self.count, self.position = segments.of, segments.count, segments.position
        self._paths: list[str] | None = None

    def all(self, *ids: str) -> list[Found]:
        """The segments with these ids, in document order."""
        several = [found for one in ids if (found := self.of(one))]
        if len(several) < 2:
            return several[0] if several else []
        return sorted(found for one in several for found in one)

    def has(self, ids: frozenset[str]) -> bool:
        return any(map(self.of, ids))

    def path(self, found: Found) -> str:
        """The loop a segment stands in; the set is put in its places when this is first asked."""
        if self._structure is not None:
            return self._structure.placed[self.position(found) - 1].path
        if self._paths is None:
            self._paths = paths_of(self.definition, self._transaction_set.each_segment())
        return self._paths[self.position(found) - 1]


class ListedSegments:
    """Wanted segments among all of a set; places are positions."""

    def __init__(self, kept: dict[str, list[Found]]) -> None:
        self._kept = kept

    def of(self, segment_id: str) -> list[Found]:
        return self._kept.get(segment_id, [])

    def count(self, segment_id: str) -> int:
        return len(self.of(segment_id))

    def position(self, found: Found) -> int:
        return found.place


class SegmentsInText:
    """Segments looked for in the text of a well-formed set (no blanks between segments); ``ids`` are all it may hold.

    Places are where segments begin in the text.
    """

    def __init__(self, transaction_set: TransactionSet, ids: frozenset[str]) -> None:
        marks = transaction_set.delimiters
        self._text, self._element, self._terminator = transaction_set.text, marks.element, marks.segment
        self._before = marks.segment + marks.line_end
        self._ids = ids
        self._kept: dict[str, list[Found]] = {}

    def of(self, segment_id: str) -> list[Found]:
        found = self._kept.get(segment_id)
        if found is None:
            found = self._kept[segment_id] = self._search(segment_id) if segment_id in self._ids else []
        return found

    def count(self, segment_id: str) -> int:
        return self._text.count(f"{self._before}{segment_id}{self._element}")

    def position(self, found: Found) -> int:
        return self._text.count(self._terminator, 0, found.place) + 1

    def _search(self, segment_id: str) -> list[Found]:
        """Every segment but the first, which is ST and no rule's concern, begins behind a terminator."""
        text, element, terminator, before = self._text, self._element, self._terminator, len(self._before)
        found: list[Found] = []
        beginning = f"{self._before}{segment_id}{element}"
        at = text.find(beginning)
        while at >= 0:
            start = at + before
            end = text.find(terminator, start)
            found.append(Found(start, text[start:end].split(element)))
            at = text.find(beginning, end)
        return found


def by_id(segments: Iterable[Segment], wanted: frozenset[str]) -> ListedSegments:
    """The segments with wanted ids."""
    kept: defaultdict[str, list[Found]] = defaultdict(list)
    for position, segment in enumerate(segments, 1):
        if segment[0] in wanted:
            kept[segment[0]].append(Found(position, segment))
    return ListedSegments(dict(kept))
