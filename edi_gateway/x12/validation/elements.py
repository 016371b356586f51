"""The elements of one segment: is it clean, quickly; and if not, what exactly is wrong with it.

``is_clean`` looks at every value through a precompiled pattern or code list and may be too careful, never too generous;
``explain`` goes through the segment by the rules of X12.6 and is what counts. A clean segment has nothing to explain.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.standard import ElementUse, SegmentDefinition, SyntaxNote
from edi_gateway.x12.validation.characters import allowed, are_plain, character_class
from edi_gateway.x12.validation.notebook import Notebook
from edi_gateway.x12.validation.notes import breaches, keeps
from edi_gateway.x12.validation.patterns import value_pattern
from edi_gateway.x12.validation.values import fault_of

# Mandatory by one source only (CAD01 in 005010): reported by a kind of its own, which warns.
DOUBTFUL = {("005010", "CAD", 1)}


class Place(NamedTuple):
    """Where in a set, and in a segment, a finding stands."""

    segment: str
    position: int
    loop: str
    element: int = 0
    component: int | None = None
    repetition: int | None = None

    @property
    def name(self) -> str:
        """``REF04-2``"""
        return f"{self.segment}{self.element:02d}" + (f"-{self.component}" if self.component else "")


class SegmentCheck:
    """The checks of one segment of a release, for the delimiters and character set of an interchange."""

    def __init__(self, definition: SegmentDefinition, release: str, delimiters: Delimiters, characters: str) -> None:
        self.definition, self._release, self._marks = definition, release, delimiters
        self._allowed = allowed(characters, _separators(delimiters))
        self._good = [_good(use, characters, _separators(delimiters)) for use in definition.elements]
        self._least = max((use.position for use in definition.elements if use.requirement == "M"), default=0)
        notes = sorted((note for note in definition.notes if note.kind != "R"), key=lambda note: min(note.positions))
        self._notes = [(min(note.positions), _keeper(note)) for note in notes]
        self._quick = are_plain(_separators(delimiters))
        self._required = [note.positions for note in definition.notes if note.kind == "R"]

    def is_clean(self, segment: Segment) -> bool:
        """True only if ``explain`` would find nothing."""
        length = len(segment) - 1
        if not self._quick or length < self._least or length > len(self._good) or not segment[-1]:
            return False
        for value, good in zip(segment[1:], self._good, strict=False):
            if not good(value):
                return False
        for first, is_kept in self._notes:
            if first > length:
                break
            if not is_kept(segment, length):
                return False
        return all(any(segment[at] for at in positions if at <= length) for positions in self._required)

    def explain(self, segment: Segment, position: int, loop: str, into: Notebook) -> None:
        """Notes everything that is wrong with the segment's elements."""
        place = Place(segment[0], position, loop)
        values = _without_trailing(segment[1:])
        uses = self.definition.elements
        if len(values) < len(segment) - 1:
            _note(into, "element.trailing_separators", place._replace(element=len(values) + 1), "nothing stands behind")
        if len(values) > len(uses):
            extra = place._replace(element=len(uses) + 1)
            _note(into, "element.too_many", extra, f"the segment has {len(uses)} elements,", value=values[len(uses)])
        for use in uses:
            value = values[use.position - 1] if use.position <= len(values) else ""
            self._element(use, value, place._replace(element=use.position), into)
        for breach in breaches(self.definition.notes, values, segment[0]):
            at = place._replace(element=breach.position)
            reference = uses[breach.position - 1].reference
            value = values[breach.position - 1] if breach.position <= len(values) else ""
            _note(into, breach.kind, at, breach.because, reference=reference, value=value or None)

    def _element(self, use: ElementUse, value: str, place: Place, into: Notebook) -> None:
        if not value:
            if use.requirement == "M":
                doubtful = (self._release, place.segment, place.element) in DOUBTFUL
                kind = "element.missing_doubtful" if doubtful else "element.missing"
                _note(into, kind, place, f"{use.name} is mandatory", reference=use.reference)
            return
        mark = self._marks.repetition
        repetitions = value.split(mark) if mark else [value]
        if len(repetitions) > use.repeat:
            why = f"{use.name} stands {len(repetitions)} times, allowed is {use.repeat}"
            _note(into, "element.too_many_repetitions", place, why, reference=use.reference, value=value)
        for number, repetition in enumerate(repetitions[: use.repeat], 1):
            at = place._replace(repetition=number) if use.repeat > 1 else place
            if use.composite:
                self._composite(use, repetition, at, into)
            elif repetition:
                self._simple(use, repetition, at, into)

    def _composite(self, use: ElementUse, value: str, place: Place, into: Notebook) -> None:
        composite = use.composite
        if composite is None:
            return
        raw = value.split(self._marks.component)
        components = _without_trailing(raw)
        if len(components) < len(raw):
            at = place._replace(component=len(components) + 1)
            _note(into, "element.trailing_separators", at, "nothing stands behind", reference=use.reference)
        if len(components) > len(composite.elements):
            why = f"{composite.name} has {len(composite.elements)} components,"
            _note(into, "element.too_many_components", place, why, reference=use.reference, value=value)
        for part in composite.elements:
            component = components[part.position - 1] if part.position <= len(components) else ""
            at = place._replace(component=part.position)
            if component:
                self._simple(part, component, at, into)
            elif part.requirement == "M":
                _note(into, "element.missing", at, f"{part.name} is mandatory", reference=part.reference)
        for breach in breaches(composite.notes, components, f"{place.name}-"):
            at = place._replace(component=breach.position)
            reference = composite.elements[breach.position - 1].reference
            _note(into, breach.kind, at, breach.because, reference=reference)

    def _simple(self, use: ElementUse, value: str, place: Place, into: Notebook) -> None:
        kind = fault_of(use, value, self._allowed)
        if kind:
            _note(into, kind, place, reason(kind, use, value), reference=use.reference, value=value)


def reason(kind: str, use: ElementUse, value: str) -> str:
    """What is wrong with a value, for people, by the kind that ``fault_of`` found."""
    shown = repr(value if len(value) <= 40 else value[:39] + "…")
    reasons = {
        "element.too_short": f"{shown} is too short for {use.name} ({use.type} {use.min}/{use.max})",
        "element.too_long": f"{shown} is too long for {use.name} ({use.type} {use.min}/{use.max})",
        "element.code": f"{shown} is not in code list {use.reference} ({use.name})",
        "element.date": f"{shown} is no date ({use.name})",
        "element.time": f"{shown} is no time ({use.name})",
    }
    return reasons.get(kind) or f"{shown} has a character that {use.name} (type {use.type}) may not hold"


def _note(into: Notebook, kind: str, place: Place, why: str, *, reference: str | None = None, value: str | None = None) -> None:
    into.note(
        kind,
        why if kind.startswith("note.") else f"{place.name}: {why}",
        segment=place.segment,
        position=place.position,
        loop=place.loop,
        element=place.element,
        component=place.component,
        repetition=place.repetition,
        reference=reference,
        value=value,
    )


def _without_trailing(values: list[str]) -> list[str]:
    end = len(values)
    while end and not values[end - 1]:
        end -= 1
    return values[:end]


def _separators(delimiters: Delimiters) -> str:
    return delimiters.element + delimiters.component + delimiters.segment + (delimiters.repetition or "")


@lru_cache(maxsize=8192)
def _good(use: ElementUse, characters: str, separators: str) -> Callable[[str], object]:
    """Tells a right value, or an empty one where that is allowed. Composites and repetitions are left to ``explain``."""
    optional = use.requirement != "M"
    if use.composite or use.repeat > 1:
        return _is_empty if optional else _never
    if use.codes is not None:
        data = allowed(characters, separators)
        codes = frozenset(code for code in use.codes if data.issuperset(code))
        return (codes | {""} if optional else codes).__contains__
    inside, no_blank = character_class(characters, separators), character_class(characters, separators, " ")
    pattern = value_pattern(use, inside, no_blank)
    return re.compile(f"(?:{pattern})?" if optional else pattern).fullmatch


def _is_empty(value: str) -> bool:
    return not value


def _never(value: str) -> bool:
    return False


def _keeper(note: SyntaxNote) -> Callable[[Segment, int], bool]:
    """Whether a segment with so many elements keeps a note; pairs, by far the most frequent, the short way."""
    if note.kind in ("P", "C") and len(note.positions) == 2:
        one, other = note.positions
        both = note.kind == "P"

        def keeps_pair(segment: Segment, length: int) -> bool:
            first = one <= length and segment[one] != ""
            second = other <= length and segment[other] != ""
            return first == second if both else second or not first

        return keeps_pair
    return lambda segment, _: keeps(note, segment[1:])
