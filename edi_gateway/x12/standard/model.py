"""What a release says: sets of loops and segments, segments of elements, elements with types, lengths and codes.

What only a partner's guide can say (``counts``, ``variants``, ``pairs``, an element that is not used) is empty in the standard.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from edi_gateway.errors import Defect
from edi_gateway.x12.place import SegmentRef

Requirement: TypeAlias = Literal["M", "O", "X", "N"]
"""Mandatory, optional, conditional; N, not used, in what a guide has narrowed."""


class SyntaxNote(msgspec.Struct, frozen=True):
    """A condition between elements of a segment or components of a composite (X12.6): P, R, E, C or L and the positions."""

    kind: str
    positions: tuple[int, ...]

    def __str__(self) -> str:
        return self.kind + "".join(f"{position:02d}" for position in self.positions)


class CompositeDefinition(msgspec.Struct, frozen=True):
    """An element made of components: ``C040``."""

    id: str
    name: str
    elements: tuple[ElementUse, ...]
    notes: tuple[SyntaxNote, ...]


class ElementUse(msgspec.Struct, frozen=True):
    """A data element at a position of a segment (or of a composite).

    ``reference`` is the data element number (AK402). ``type`` is AN, ID, DT, TM, R, N0 … N9, B or ``composite``; lengths are in
    characters, 0 for a composite. ``codes`` is None where there is no list or it is kept elsewhere.
    """

    position: int
    reference: str
    name: str
    requirement: Requirement
    type: str
    min: int
    max: int
    repeat: int = 1
    codes: frozenset[str] | None = None
    composite: CompositeDefinition | None = None


class PairUse(msgspec.Struct, frozen=True):
    """In a list of pairs with qualifiers from ``first`` to ``last``, one qualifier: required, or not used."""

    first: int
    last: int
    qualifier: str
    required: bool


class SegmentDefinition(msgspec.Struct, frozen=True):
    """A segment: its elements by position and the conditions between them."""

    id: str
    name: str
    elements: tuple[ElementUse, ...]
    notes: tuple[SyntaxNote, ...]
    pairs: tuple[PairUse, ...] = ()


class Count(msgspec.Struct, frozen=True):
    """How often the segments (or turns of a loop) that ``ref`` means may stand at a place; ``most`` None: no limit."""

    ref: SegmentRef
    least: int
    most: int | None


class SegmentUse(msgspec.Struct, frozen=True):
    """A segment at its place in a set or loop. ``max`` is None where there is no limit; ``position`` is for display.

    ``counts`` say how often some of its occurrences may stand, ``variants`` what those are like that a qualifier tells apart.
    """

    segment: SegmentDefinition
    required: bool
    max: int | None
    area: str
    position: str | None = None
    counts: tuple[Count, ...] = ()
    variants: tuple[tuple[SegmentRef, SegmentUse], ...] = ()

    @property
    def id(self) -> str:
        return self.segment.id


class LoopUse(msgspec.Struct, frozen=True):
    """A loop at its place: known by its ``path`` (``PO1/N1``), begun by its first item, the head.

    ``bounded`` loops begin with LS and end with LE. A ``hierarchical`` loop stands for all levels of an HL tree. ``counts`` and
    ``variants`` are those of a segment, and mean turns of the loop by their head.
    """

    id: str
    path: str
    required: bool
    max: int | None
    area: str
    items: tuple[SegmentUse | LoopUse, ...]
    bounded: bool = False
    hierarchical: bool = False
    counts: tuple[Count, ...] = ()
    variants: tuple[tuple[SegmentRef, LoopUse], ...] = ()

    @property
    def head(self) -> SegmentUse:
        first = self.items[0]
        if isinstance(first, LoopUse):
            raise Defect(f"loop {self.path} begins with a loop", do="run edi_gateway.x12.standard.check")
        return first


class TransactionSetDefinition(msgspec.Struct, frozen=True):
    """What one release allows in one set: ``area`` of each item is heading, detail or summary."""

    set: str
    release: str
    name: str
    group_code: str
    items: tuple[SegmentUse | LoopUse, ...]

    def __hash__(self) -> int:
        return hash((self.set, self.release, self.name))

    def __str__(self) -> str:
        return f"{self.set} {self.release}"
