"""What the rules above the standard look at: a set's segments by id, and the loops they stand in when a rule asks."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

import msgspec

from edi_gateway.x12.envelope import Segment, TransactionSet
from edi_gateway.x12.standard import TransactionSetDefinition
from edi_gateway.x12.structure import Structure, place


class Found(msgspec.Struct, frozen=True, order=True, gc=False):
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
    """One set as the rules see it: ``by_id`` holds the segments some rule reads."""

    def __init__(
        self,
        definition: TransactionSetDefinition,
        transaction_set: TransactionSet,
        by_id: dict[str, list[Found]],
        structure: Structure | None = None,
    ) -> None:
        self.definition, self._transaction_set, self._by_id, self._structure = definition, transaction_set, by_id, structure

    def all(self, *ids: str) -> list[Found]:
        """The segments with these ids, in document order."""
        if len(ids) == 1:
            return self._by_id.get(ids[0], [])
        return sorted(found for one in ids for found in self._by_id.get(one, []))

    def has(self, ids: frozenset[str]) -> bool:
        return not ids.isdisjoint(self._by_id)

    def path(self, found: Found) -> str:
        """The loop a segment stands in; the set is put in its places when this is first asked."""
        if self._structure is None:
            self._structure = place(self.definition, self._transaction_set.segments)
        return self._structure.placed[found.position - 1].path


def by_id(segments: list[Segment], wanted: frozenset[str]) -> dict[str, list[Found]]:
    """The segments with wanted ids."""
    kept: defaultdict[str, list[Found]] = defaultdict(list)
    for position, segment in enumerate(segments, 1):
        if segment[0] in wanted:
            kept[segment[0]].append(Found(position, segment))
    return kept


def by_id_in_text(transaction_set: TransactionSet, wanted: frozenset[str]) -> dict[str, list[Found]]:
    """The same from the text of a set known to be well formed; segments nobody wants are not split."""
    marks = transaction_set.delimiters
    element = marks.element
    starts = {(name + element)[:3]: name for name in wanted}
    kept: defaultdict[str, list[Found]] = defaultdict(list)
    for position, text in enumerate(transaction_set.text.split(marks.segment + marks.line_end), 1):
        if (start := text[:3]) in starts:
            kept[starts[start]].append(Found(position, text.split(element)))
    return kept
