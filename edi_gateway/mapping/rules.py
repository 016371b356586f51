"""What a map says, whichever way it was written down: a tree of scopes holding rules.

A scope is a stretch of a set (the set itself, a loop, a segment, a list of pairs); a rule ties a place in it to a field of the
document being made or told there. Both ways of writing a map, left a field or left a place, end up as this tree, which is why a
map can be turned round.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import field as declare
from typing import TypeAlias

from edi_gateway.x12.place import Place, SegmentRef

FieldPath: TypeAlias = tuple[str, ...]
Conditions: TypeAlias = tuple[tuple[FieldPath, tuple[str, ...]], ...]

READING, WRITING = "reading", "writing"


@dataclass(frozen=True, eq=False)
class Rule:
    """One line of a map.

    ``fields`` and ``places`` are alternatives, best first; a constant has no fields, a fixed field no places. ``default`` and
    ``count`` hold only in the direction the rule was written for (``form``). ``when`` are conditions on fields (no values: the
    field has data). ``many`` adds to a list of plain values. ``given`` is what must stand elsewhere in the set for it to hold.
    """

    form: str
    left: str
    where: str
    fields: tuple[FieldPath, ...] = ()
    places: tuple[Place, ...] = ()
    conversion: str | None = None
    codes: str | None = None
    default: str | None = None
    count: str | None = None
    when: Conditions = ()
    many: bool = False
    given: tuple[SegmentRef, ...] = ()


@dataclass(frozen=True, eq=False)
class Tap:
    """A rule's hold on a scope: ``place`` is within the scope, ``rank`` counts the rule's alternatives from 0."""

    rule: Rule
    place: Place
    rank: int = 0


@dataclass(eq=False)
class Scope:
    """A stretch of a set and what is made of it.

    ``segment`` begins it; None is the whole set. ``field`` is what it makes of the enclosing document part, one or many; an
    empty field makes nothing of its own, its rules fill the part around it. ``pairs_from`` marks a list of pairs in ``segment``.
    """

    segment: SegmentRef | None
    field: FieldPath = ()
    many: bool = False
    where: str = ""
    pairs_from: int | None = None
    conversion: str | None = None
    when: Conditions = ()
    given: tuple[SegmentRef, ...] = ()
    parent: Scope | None = None
    taps: list[Tap] = declare(default_factory=list)
    fixed: list[Rule] = declare(default_factory=list)
    scopes: list[Scope] = declare(default_factory=list)

    @property
    def makes(self) -> bool:
        """Whether it makes a document part of its own."""
        return self.parent is None or bool(self.field)

    @property
    def maker(self) -> Scope:
        """The scope whose document part its rules fill."""
        return self if self.makes or self.parent is None else self.parent.maker

    @property
    def path(self) -> str:
        """Its place as written from the top, for people."""
        if self.parent is None:
            return ""
        own = f"{self.segment}*" if self.pairs_from else str(self.segment)
        return f"{self.parent.path}/{own}" if self.parent.path else own

    def within(self, segments: tuple[SegmentRef, ...], where: str) -> Scope:
        """The scope that ``segments`` lead to from here, made on the way where there is none; it makes nothing of its own."""
        scope = self
        for segment in segments:
            scope = scope.child(segment, (), False, where)
        return scope

    def child(
        self,
        segment: SegmentRef,
        field: FieldPath,
        many: bool,
        where: str,
        pairs_from: int | None = None,
        given: tuple[SegmentRef, ...] = (),
    ) -> Scope:
        """The scope of ``segment`` that makes ``field``, the existing one if there is one."""
        if self.segment is not None and self.segment.id == segment.id and not segment.conditions:
            segment = self.segment
        for scope in self.scopes:
            if (scope.segment, scope.field, scope.pairs_from, scope.given) == (segment, field, pairs_from, given):
                return scope
        scope = Scope(segment, field, many, where, pairs_from, given=given, parent=self)
        self.scopes.append(scope)
        return scope

    def add(self, rule: Rule) -> None:
        """Hangs ``rule`` at its places, or here if it has none."""
        if not rule.places:
            self.fixed.append(rule)
        for rank, place in enumerate(rule.places):
            scope = self.within(place.loops, rule.where)
            head = scope.segment is not None and scope.segment.id == place.segment.id and not place.segment.conditions
            segment = scope.segment if head and scope.segment is not None else place.segment
            local = Place(segment, (), place.element, place.component, place.pairs_from, place.pair)
            scope.taps.append(Tap(rule, local, rank))

    def settle(self) -> None:
        """Moves values of a loop's first segment into the loop, where rules speak of the loop as well."""
        for child in [scope for scope in self.scopes if not scope.makes]:
            moved = [tap for tap in self.taps if tap.place.segment == child.segment]
            self.taps = [tap for tap in self.taps if tap not in moved]
            child.taps += moved
        for scope in self.scopes:
            scope.settle()

    def walk(self) -> Iterator[Scope]:
        """This scope and all below it."""
        yield self
        for scope in self.scopes:
            yield from scope.walk()

    def made_here(self) -> Iterator[Scope]:
        """This scope and those below it whose rules fill the same document part."""
        yield self
        for scope in self.scopes:
            if not scope.makes:
                yield from scope.made_here()

    def all_rules(self) -> list[Rule]:
        """Every rule here and below, each once, in the order written."""
        rules: dict[int, Rule] = {}
        for scope in self.walk():
            for rule in [*scope.fixed, *(tap.rule for tap in scope.taps)]:
                rules.setdefault(id(rule), rule)
        return list(rules.values())
