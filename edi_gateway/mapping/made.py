"""Whether a map makes all that has to be there: required fields of the document, required elements and segments of the set."""

from __future__ import annotations

from edi_gateway.mapping.errors import Mistakes
from edi_gateway.mapping.rules import READING, WRITING, FieldPath, Rule, Scope, Tap
from edi_gateway.mapping.shape import definition, pairs_end, shape
from edi_gateway.mapping.types import field as field_type
from edi_gateway.mapping.types import fields
from edi_gateway.mapping.view import View
from edi_gateway.x12.place import SegmentRef


class Made:
    """Whether everything required is made, in the direction looked at."""

    def __init__(self, view: View, mistakes: Mistakes) -> None:
        self.view, self.mistakes = view, mistakes

    def check(self) -> None:
        for scope in self.view.top.walk():
            if not self.view.possible(scope):
                continue
            if self.view.direction == READING and scope.makes:
                self._fields(scope)
            elif self.view.direction == WRITING:
                if scope.pairs_from is None:
                    self._elements(scope)
                self._releases(scope)
        if self.view.direction == WRITING:
            self._segments(self.view.top)

    def _fields(self, maker: Scope) -> None:
        made: set[FieldPath] = set()
        for scope in maker.made_here():
            made |= {tap.rule.fields[0] for tap in self.view.taps(scope)}
            made |= {rule.fields[0] for rule in self.view.fixed(scope)}
            made |= {child.field for child in scope.scopes if child.makes}
        for path in self._wanted(maker, made):
            name = ".".join(path)
            part = self.view.part(maker).__name__
            self.mistakes.add(f"'{name}' is required in {part} and nothing makes it", maker.where)

    def _wanted(self, maker: Scope, made: set[FieldPath]) -> list[FieldPath]:
        part = self.view.part(maker)
        wanted = [(name,) for name, found in fields(part).items() if found.required and (name,) not in made]
        wanted = [path for path in wanted if not any(known[:1] == path for known in made)]
        for above in {path[:-1] for path in made if len(path) > 1}:
            inner = field_type(part, above).part
            if inner is not None:
                wanted += [(*above, name) for name, found in fields(inner).items() if found.required]  # type: ignore[misc]
        return [path for path in wanted if path not in made]

    def _elements(self, scope: Scope) -> None:
        """Elements the standard requires, in the segments the map makes."""
        made: dict[SegmentRef, set[int]] = {}
        where: dict[SegmentRef, str] = {}
        written = {scope.segment} if scope.makes else set()
        for tap in [tap for tap in self.view.taps(scope) if tap.rank == self._first(tap.rule)]:
            elements = made.setdefault(tap.place.segment, {at for at, values in tap.place.segment.conditions if len(values) == 1})
            where.setdefault(tap.place.segment, tap.rule.where)
            elements.update(self._filled(scope, tap))
            written.add(tap.place.segment)
        if scope.segment is not None and scope.pairs_from is None and scope.segment.id != "HL":
            own = {at for at, values in scope.segment.conditions if len(values) == 1}
            made.setdefault(scope.segment, own)
            where.setdefault(scope.segment, scope.where)
        for child in scope.scopes:
            if child.pairs_from is not None and child.segment is not None:
                elements = made.setdefault(child.segment, set())
                where.setdefault(child.segment, child.where)
                elements |= {at for tap in self.view.taps(child) for at in self._filled(child, tap)}
        for segment, elements in made.items():
            self._mandatory(segment, elements, where[segment])
            if segment in written:
                self._notes(segment, elements, where[segment])

    def _filled(self, scope: Scope, tap: Tap) -> range:
        """The elements a line fills: of a list of pairs, any."""
        begin = tap.place.pairs_from or scope.pairs_from
        if begin is not None and (tap.place.pairs_from is not None or tap.place.value_element >= begin):
            return range(begin, pairs_end(tap.place.segment.id, begin, self.view.releases))
        return range(tap.place.value_element, tap.place.value_element + self._width(scope, tap))

    def _first(self, rule: Rule) -> int:
        """The alternative that is written: the first the releases have."""
        return min(tap.rank for scope, tap in self.view.all_taps(rule) if self.view.possible(scope))

    def _width(self, scope: Scope, tap: Tap) -> int:
        if not tap.rule.fields or tap.rule.codes is not None:
            return 1
        return self.view.conversion(scope, tap, tap.rule.fields[0]).width

    def _mandatory(self, segment: SegmentRef, elements: set[int], where: str) -> None:
        found = definition(segment.id, self.view.releases)
        for use in found.elements if found is not None else ():
            if use.requirement == "M" and use.position not in elements:
                self.mistakes.add(f"{segment.id}{use.position:02d} ({use.name}) is required and nothing makes it", where)

    def _notes(self, segment: SegmentRef, elements: set[int], where: str) -> None:
        """Syntax notes that the segment breaks whatever the document holds: ``REF01`` alone, where REF02 or REF03 has to be."""
        found = definition(segment.id, self.view.releases)
        for note in found.notes if found is not None else ():
            first, *others = note.positions
            lacking = [at for at in note.positions if at not in elements]
            if note.kind == "R" and len(lacking) == len(note.positions):
                wanted, because = lacking, "one of them has to be there"
            elif note.kind == "P" and lacking and len(lacking) < len(note.positions):
                wanted, because = lacking, "it goes with what is made"
            elif note.kind == "C" and first in elements and lacking:
                wanted, because = lacking, f"{segment.id}{first:02d} is not sent without it"
            elif note.kind == "L" and first in elements and set(others) == set(lacking):
                wanted, because = others, f"{segment.id}{first:02d} is not sent without one of them"
            else:
                continue
            names = " or ".join(f"{segment.id}{at:02d}" for at in wanted)
            self.mistakes.add(f"nothing makes {names}, and {because} (syntax note {note.kind})", where)

    def _releases(self, scope: Scope) -> None:
        """A line must have a place in every release, or its data would be dropped in one without a word."""
        for tap in self.view.taps(scope):
            if tap.rank != 0:
                continue
            for release in self.view.releases:
                if not any(self._in(release, one) for one in self.view.all_taps(tap.rule)):
                    self.mistakes.add(f"{tap.rule.left} has no place in release {release}", tap.rule.where)

    def _in(self, release: str, found: tuple[Scope, Tap]) -> bool:
        scope, tap = found
        within = shape(self.view.set_code, (release,))
        path: list[str] = []
        at: Scope | None = scope
        while at is not None and at.segment is not None:
            if at.pairs_from is None:
                path.insert(0, at.segment.id)
            at = at.parent
        for segment_id in path:
            if within.hierarchical and segment_id == "HL":
                continue
            inner = within.loops.get(segment_id)
            if inner is None:
                return within.holds(segment_id)
            within = inner
        return tap.place.segment.id == within.head or within.holds(tap.place.segment.id)

    def _segments(self, top: Scope) -> None:
        made = {tap.place.segment.id for tap in self.view.taps(top)} | {
            scope.segment.id for scope in top.scopes if scope.segment is not None
        }
        for segment_id in sorted(shape(self.view.set_code, self.view.releases).required - {"ST", "SE"} - made):
            self.mistakes.add(f"{segment_id} is required in {self.view.set_code} and nothing makes it", top.where)
