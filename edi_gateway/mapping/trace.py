"""Where a value came from: what the traced twin of a compiled map notes while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from edi_gateway.mapping.conversions import Unconvertible
from edi_gateway.mapping.errors import MapProblem
from edi_gateway.mapping.rules import Rule, Scope
from edi_gateway.x12.envelope import Segment

_LEVEL = 3  # HL03 is what a map says; the rest of an HL is counted
_AFTER_ST = 2  # the first segment a map writes is the second of its set


@dataclass(frozen=True)
class Traced:
    """One value on its way: what was made, from where, of which text, by which line of which map.

    ``made`` is a field or a place and ``value`` what stands there now; ``source`` is the other end. ``position`` counts segments
    with ST as 1, ``element`` is the one in that segment. ``text`` is what the set has; it differs from ``value`` where a code
    became a word or a number was tidied.
    """

    made: str
    value: str
    source: str
    position: int
    rule: str
    text: str
    element: int = 0

    def __str__(self) -> str:
        said = "" if self.text == self.value else f" ({self.text})"
        return f"{self.made} = {self.value} ← {self.source}{said}, segment {self.position} ← {self.rule}"


class Trace:
    """Notes values as a traced map reads them; ``rules`` is what the numbers in its source stand for."""

    def __init__(self, rules: list[tuple[Rule | Scope, str, str]]) -> None:
        self._rules = rules
        self._path: list[str] = []
        self.values: list[Traced] = []
        self.known: set[tuple[int, int]] = set()  # (position, element) of what holds nothing to carry

    def enter(self, field: str, index: int | None) -> None:
        """A part of the document begins."""
        self._path.append(field if index is None else f"{field}[{index}]")

    def leave(self) -> None:
        """A part of the document is done."""
        self._path.pop()

    def look(self, number: int, at: int, element: int, text: str, listed: bool = False) -> None:
        """A value is about to be made of ``text``, an element of the segment at index ``at``.

        ``listed``: it stands in a list of pairs, of which the map names the first.
        """
        rule, place, field = self._rules[number]
        source = _place_of(place, element) if listed else place
        self.values.append(Traced(self._named(field), text, source, at + 1, rule.where, text, element))

    def know(self, at: int, elements: tuple[int, ...]) -> None:
        """Elements of the segment at index ``at`` hold nothing to carry: qualifiers, counts, what the map ignores."""
        self.known.update((at + 1, element) for element in elements)

    def made(self, value: Any) -> Any:
        """What became of the text looked at last."""
        self.values[-1] = replace(self.values[-1], value=str(value))
        return value

    def dropped(self, at: int, field: str, place: str) -> None:
        """What was found at ``place`` of the segment at index ``at`` does not make ``field``: a better alternative did."""
        made = (self._named(field), place, at + 1)
        self.values = [one for one in self.values if (one.made, one.source, one.position) != made]

    def missing(self, number: int, at: int | None) -> None:
        """A required field was not made of what began at index ``at``. Raises MapProblem."""
        rule, place, field = self._rules[number]
        raise MapProblem(
            "is required and was not sent",
            rule=rule.where,
            place=place or None,
            position=None if at is None else at + 1,
            field=self._named(field),
        )

    def problem(self, error: Unconvertible) -> MapProblem:
        """What to say of the value that was looked at last."""
        last = self.values[-1]
        return MapProblem(
            f"'{last.text}' {error}",
            rule=last.rule,
            place=last.source,
            position=last.position,
            field=last.made,
            value=last.text,
        )

    def _named(self, field: str) -> str:
        return ".".join((*self._path, field))


class WritingTrace(Trace):
    """Notes values as a traced map writes them."""

    def __init__(self, rules: list[tuple[Rule | Scope, str, str]]) -> None:
        super().__init__(rules)
        self._made_by: dict[int, str] = {}  # the index of a segment: the line that made it

    def note(self, number: int, at: int, element: int, make: Callable[[], Any]) -> Any:
        """Makes the text of one element of the segment to be written at index ``at``. Raises MapProblem if it cannot be.

        ``element`` is 0 in a list of pairs, where only the end shows which element it became.
        """
        rule, place, field = self._rules[number]
        try:
            text = make()
        except Unconvertible as error:
            raise MapProblem(str(error), rule=rule.where, place=place, field=self._named(field)) from None
        for offset, one in enumerate((text,) if isinstance(text, str) else text):
            if one:
                where = place if not offset else _place_of(place, element + offset)
                own = element + offset if element else 0
                self.values.append(Traced(where, one, self._named(field), at + _AFTER_ST, rule.where, one, own))
        return text

    def begin(self, number: int, at: int) -> None:
        """A segment is about to be written at index ``at``; what was noted of one taken back there is forgotten."""
        rule, _, _ = self._rules[number]
        self._made_by[at] = rule.where

    def whole(self, segments: list[Segment]) -> list[Traced]:
        """Every element of ``segments`` that has data, in order: where it came from, constants and counts included."""
        by_position: dict[int, list[Traced]] = {}
        for one in self.values:
            by_position.setdefault(one.position, []).append(one)
        told = []
        for at, segment in enumerate(segments):
            told += self._segment(at, segment, by_position.get(at + _AFTER_ST, []))
        return told

    def _segment(self, at: int, segment: Segment, notes: list[Traced]) -> list[Traced]:
        told, paired = [], [one for one in notes if not one.element]
        for element, text in enumerate(segment[1:], 1):
            if not text:
                continue
            exact = [one for one in notes if one.element == element and one.value in text]
            found = next((one for one in paired if one.value == text), None)
            if exact:
                told += exact
            elif found is not None:
                paired.remove(found)
                told.append(replace(found, element=element, made=f"{segment[0]}{element:02d}"))
            else:
                source = "counted" if segment[0] == "HL" and element != _LEVEL else "constant"
                place = f"{segment[0]}{element:02d}"
                told.append(Traced(place, text, source, at + _AFTER_ST, self._made_by.get(at, ""), text, element))
        return told

    def dropped(self, at: int, field: str, place: str) -> None:
        """What was found at ``place`` of the segment at index ``at`` does not make ``field``: a better alternative did."""
        made = (self._named(field), place, at + 1)
        self.values = [one for one in self.values if (one.made, one.source, one.position) != made]

    def missing(self, number: int, at: int | None) -> None:
        """A required element was not made. Raises MapProblem."""
        rule, place, field = self._rules[number]
        raise MapProblem("is required and has no value", rule=rule.where, place=place, field=self._named(field))


def _place_of(place: str, element: int) -> str:
    """Another element of the same segment: ``PO108`` for ``PO106``."""
    return f"{place[:-2]}{element:02d}"
