"""What the rules above the standard look at: a set's segments by id, and the loops they stand in when a rule asks."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.standard import TransactionSetDefinition
from edi_gateway.x12.structure import Structure, place


class Found(NamedTuple):
    """A segment and its position in the set (ST is 1)."""

    position: int
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


class Scene:
    """One set as the rules see it. ``wanted`` are the segment ids some rule reads; others are not kept by id."""

    def __init__(self, definition: TransactionSetDefinition, segments: list[Segment], wanted: frozenset[str]) -> None:
        self.definition, self.segments = definition, segments
        self._by_id: dict[str, list[Found]] = {}
        for position, segment in enumerate(segments, 1):
            if segment[0] in wanted:
                self._by_id.setdefault(segment[0], []).append(Found(position, segment))

    def all(self, *ids: str) -> list[Found]:
        """The segments with these ids, in document order."""
        if len(ids) == 1:
            return self._by_id.get(ids[0], [])
        return sorted((found for one in ids for found in self._by_id.get(one, [])), key=lambda found: found.position)

    def has(self, ids: Iterable[str]) -> bool:
        return any(one in self._by_id for one in ids)

    @cached_property
    def structure(self) -> Structure:
        """Every segment in its loop; made when the first rule asks."""
        return place(self.definition, self.segments)

    def path(self, found: Found) -> str:
        """The loop a segment stands in."""
        return self.structure.placed[found.position - 1].path
