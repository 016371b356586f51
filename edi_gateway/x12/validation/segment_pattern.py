"""A segment written as a regular expression: its elements with types, lengths and codes, its syntax notes, no trailing separator.

After the last mandatory element each further one is an optional group around all that follow. Pairs of neighbours (P0607,
P0809 …) are written as "both empty or both there"; every other note as lookaheads that forbid its breach, put before the first
element it speaks of. Repetitions and composites of more than one component are not written: the table checker has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import TypeAlias

import msgspec

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.place import SegmentRef
from edi_gateway.x12.standard import ElementUse, SegmentDefinition, SyntaxNote
from edi_gateway.x12.standard.model import PairUse
from edi_gateway.x12.validation.characters import character_class
from edi_gateway.x12.validation.notes import keeps
from edi_gateway.x12.validation.patterns import value_pattern

_NOTHING = "(?!)"
CodeUse: TypeAlias = tuple[str, int, str]  # id of the segment, position of the element, the code there
Filled: TypeAlias = tuple[str, int]  # id of the segment, position of an element that had data


class SegmentPattern:
    """Writes segments for the delimiters and character set of an interchange.

    ``check_codes`` False takes any code; ``codes`` are those that simple elements may have, where not all that are right;
    ``filled`` are the optional elements that may have data, where not all may: with the others go most of the syntax notes.
    """

    def __init__(
        self,
        delimiters: Delimiters,
        characters: str,
        *,
        check_codes: bool,
        codes: frozenset[CodeUse] | None = None,
        filled: frozenset[Filled] | None = None,
    ) -> None:
        self._codes, self._filled = codes, filled
        self.element, self.end = re.escape(delimiters.element), re.escape(delimiters.segment)
        self.line_end = re.escape(delimiters.line_end)
        self._check_codes = check_codes
        separators = delimiters.element + delimiters.component + delimiters.segment + (delimiters.repetition or "")
        self._inside = character_class(characters, separators)
        self._no_blank = character_class(characters, separators, " ")
        self._text = f"[^{self.element}{self.end}]"
        self.rest = f"{self.element}[^{self.end}]*{self.end}{self.line_end}"  # of a segment behind its id, whatever it holds
        self._written: dict[SegmentDefinition, str] = {}

    def whole(self, segment: SegmentDefinition) -> str:
        """The segment from its id to its terminator, without a line end behind it."""
        if segment not in self._written:
            self._written[segment] = f"{segment.id}{self._elements(segment)}(?<!{self.element}){self.end}"
        return self._written[segment]

    def begins(self, ref: SegmentRef) -> str:
        """The beginning of a segment with these qualifiers, for a lookahead."""
        asked = dict(ref.conditions)
        written = ref.id
        for position in range(1, max(asked, default=0) + 1):
            values = "|".join(map(re.escape, asked.get(position, ())))
            written += self.element + (f"(?:{values})(?=[{self.element}{self.end}])" if values else f"{self._text}*")
        return written if asked else f"{written}(?={self.element})"

    def _elements(self, segment: SegmentDefinition) -> str:
        required = [min(note.positions) for note in segment.notes if note.kind == "R"]
        mandatory = [use.position for use in segment.elements if use.requirement == "M"]
        pairs = [pair.first + 1 for pair in segment.pairs if pair.required]
        least = max(
            [1, *required, *mandatory, *pairs]
        )  # an id with nothing behind it is left to the tables: rules search for id*
        empty = self._empty(segment)
        written, position = "", max([least, *(use.position for use in segment.elements if use.position not in empty)])
        coupled = _neighbours(segment.notes, least)
        position += position in coupled
        lookaheads = _lookaheads(segment.notes, coupled, empty, self.element, self.end)
        for pair in segment.pairs:
            lookaheads[pair.first] = lookaheads.get(pair.first, "") + self._pair_use(pair)
        while position:
            start = position - 1 if position - 1 in coupled else position
            if start in empty:  # what follows is a separator or the end
                slot = "".join(self.element + lookaheads.get(at, "") for at in range(start, position + 1))
            elif start < position:
                slot = self._pair(segment, start, lookaheads)
            else:
                slot = self._slot(segment, start, lookaheads)
            written = slot + written if start <= least else f"(?:{slot}{written}|)"
            position = start - 1
        return written

    def _empty(self, segment: SegmentDefinition) -> frozenset[int]:
        """The positions that may not have data."""
        if self._filled is None:
            return frozenset()
        optional = [use.position for use in segment.elements if use.requirement != "M"]
        return frozenset(position for position in optional if (segment.id, position) not in self._filled)

    def _slot(self, segment: SegmentDefinition, position: int, lookaheads: dict[int, str]) -> str:
        use = segment.elements[position - 1]
        value = self._value(use, segment.id)
        return f"{self.element}{lookaheads.get(position, '')}" + (value if use.requirement == "M" else f"(?:{value}|)")

    def _pair(self, segment: SegmentDefinition, position: int, lookaheads: dict[int, str]) -> str:
        """Two elements of which both or none are there."""
        one, other = (self._value(use, segment.id) for use in segment.elements[position - 1 : position + 1])
        before, between = lookaheads.get(position, ""), lookaheads.get(position + 1, "")
        return f"{self.element}{before}(?:{self.element}{between}(?={self.element})|{one}{self.element}{between}{other})"

    def _pair_use(self, use: PairUse) -> str:
        """Looks through a list of pairs for a qualifier: that it is there with its id, or that it is not there."""
        one = f"{self._text}*{self.element}"
        before = f"(?:{one}{one}){{0,{(use.last - use.first) // 2}}}?{re.escape(use.qualifier)}"
        return f"(?={before}{self.element}{self._text})" if use.required else f"(?!{before}[{self.element}{self.end}])"

    def _value(self, use: ElementUse, segment_id: str = "") -> str:
        if use.requirement == "N":
            return _NOTHING
        if use.composite:
            first, notes = use.composite.elements[0], use.composite.notes
            alone = all(part.requirement != "M" for part in use.composite.elements[1:]) and all(
                keeps(note, ["x"]) for note in notes
            )
            return self._value(first) if alone else _NOTHING
        if not self._check_codes and use.codes is not None:
            use = msgspec.structs.replace(use, codes=None)
        elif self._codes is not None and use.codes is not None and segment_id:
            seen = frozenset(code for code in use.codes if (segment_id, use.position, code) in self._codes)
            use = msgspec.structs.replace(use, codes=seen)
        return value_pattern(use, self._inside, self._no_blank)


def _neighbours(notes: tuple[SyntaxNote, ...], least: int) -> frozenset[int]:
    """First positions of pairs of optional neighbours that no other such pair overlaps."""
    firsts: set[int] = set()
    for note in notes:
        first, *others = note.positions
        if note.kind == "P" and others == [first + 1] and first > least and not {first - 1, first + 1} & firsts:
            firsts.add(first)
    return frozenset(firsts)


def _lookaheads(
    notes: tuple[SyntaxNote, ...], coupled: frozenset[int], empty: frozenset[int], element: str, end: str
) -> dict[int, str]:
    """What forbids the breach of a note, by the position it is looked for at: behind that element's separator.

    A breach by an element that is ``empty`` anyway cannot be.
    """
    written: dict[int, str] = {}
    for note in notes:
        if note.kind == "P" and len(note.positions) == 2 and note.positions[0] in coupled:
            continue
        first = min(note.positions)
        for breach in _breaches(note):
            if any(there and position in empty for position, there in breach.items()):
                continue
            written[first] = written.get(first, "") + f"(?!{_filled(breach, first, element, end)})"
    return written


def _breaches(note: SyntaxNote) -> Iterator[dict[int, bool]]:
    """The ways to break a note: which elements are there (True) or empty (False)."""
    first, *others = note.positions
    if note.kind == "P":
        for one, other in combinations(note.positions, 2):
            yield {one: True, other: False}
            yield {one: False, other: True}
    elif note.kind == "R":
        yield dict.fromkeys(note.positions, False)
    elif note.kind == "E":
        yield from ({one: True, other: True} for one, other in combinations(note.positions, 2))
    elif note.kind == "C":
        yield from ({first: True, other: False} for other in others)
    else:
        yield {first: True, **dict.fromkeys(others, False)}


def _filled(which: dict[int, bool], position: int, element: str, end: str) -> str:
    """Elements from ``position`` on that are there or empty as asked; an element the segment does not reach is empty."""
    text = f"[^{element}{end}]"
    asked = which.get(position)
    here = f"{text}+" if asked else f"(?={element}|{end})" if asked is False else f"{text}*"
    later = [at for at in which if at > position]
    if not later:
        return here
    further = element + _filled(which, position + 1, element, end)
    if any(which[at] for at in later):
        return here + further
    return f"{here}(?:{end}|{further})"
