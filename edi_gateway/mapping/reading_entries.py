"""Which segments a scope deals with when a set is read, and which are somebody else's."""

from __future__ import annotations

from typing import TypeAlias

from edi_gateway.mapping.rules import Scope, Tap
from edi_gateway.mapping.view import View
from edi_gateway.x12.place import SegmentRef

Entry: TypeAlias = tuple[SegmentRef, tuple[SegmentRef, ...], list[Tap], list[Scope]]
"""A segment, what must stand elsewhere in the set, the values to take from it, and the scopes that begin with it."""


class Entries:
    """What a map that reads does with each segment, by scope."""

    def __init__(self, view: View) -> None:
        self.view = view

    def of(self, scope: Scope) -> dict[str, list[Entry]]:
        """By segment id, what the scope does with it: values to take, and scopes that begin with it. Narrowest first."""
        groups: dict[tuple[SegmentRef, tuple[SegmentRef, ...]], tuple[list[Tap], list[Scope]]] = {}
        holding = {id(tap) for tap in self.view.taps(scope)}
        for tap in scope.taps:
            if tap.place.segment != scope.segment and id(tap) in holding:
                groups.setdefault((tap.place.segment, tap.rule.given), ([], []))[0].append(tap)
        for child in scope.scopes:
            if child.segment is not None and child.segment != scope.segment and self._speaks(child):
                groups.setdefault((child.segment, child.given), ([], []))[1].append(child)
        by_id: dict[str, list[Entry]] = {}
        for (segment, given), (taps, scopes) in groups.items():
            by_id.setdefault(segment.id, []).append((segment, given, taps, scopes))
        for segment in self._silent(scope, set(by_id)):
            by_id.setdefault(segment.id, []).append((segment, (), [], []))
        for entries in by_id.values():
            entries.sort(key=lambda one: (-len(one[0].conditions) - len(one[1]), self.repeats(one[2], one[3])))
        return by_id

    def in_order(self, scope: Scope) -> list[tuple[str, list[Entry]]]:
        """The segment ids in the order in which they are asked for: of a whole set, what comes most often first, its lines."""
        entries = list(self.of(scope).items())
        if scope.parent is not None:
            return entries
        return sorted(entries, key=lambda one: -sum(1 for _, _, _, scopes in one[1] for inner in scopes for _ in inner.walk()))

    def has_loop(self, scope: Scope) -> bool:
        """Whether anything is read of what follows a scope's head."""
        read = any(taps or scopes for entries in self.of(scope).values() for _, _, taps, scopes in entries)
        return read and self.view.shape(scope) is not None

    def repeats(self, taps: list[Tap], scopes: list[Scope]) -> bool:
        """Whether an entry takes every such segment, and not only the first."""
        if not taps and not scopes:
            return True  # counts others, or is ignored
        return any(tap.rule.many for tap in taps) or any(scope.many or scope.pairs_from or not scope.makes for scope in scopes)

    def outer(self, scope: Scope) -> set[str]:
        """What an enclosing scope could take, which ends this one."""
        ids: set[str] = set()
        above = scope.parent
        while above is not None:
            found = self.view.shape(above)
            ids |= set(found.order) if found is not None else set()
            above = above.parent
        return ids

    def outer_levels(self, scope: Scope) -> set[str]:
        """The codes of the hierarchical levels around a scope."""
        levels: set[str] = set()
        above = scope.parent
        while above is not None:
            for child in above.scopes:
                if child.segment is not None and child.segment.id == "HL":
                    levels.update(child.segment.conditions[0][1] if child.segment.conditions else ())
            above = above.parent
        return levels

    def _silent(self, scope: Scope, mapped: set[str]) -> list[SegmentRef]:
        """Segments of a scope that no line reads and that need not be kept: they count others, or are ignored."""
        own = self.view.shape(scope)
        ignored = [place.segment for place, _ in self.view.ignored.places]
        silent = dict.fromkeys([*map(SegmentRef, sorted(self.view.counted)), *ignored])
        return [segment for segment in silent if own is not None and own.holds(segment.id) and segment.id not in mapped]

    def _speaks(self, scope: Scope) -> bool:
        """Whether anything in or below a scope holds in this direction."""
        return scope.makes or any(self.view.taps(one) for one in scope.walk())
