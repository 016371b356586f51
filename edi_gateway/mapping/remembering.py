"""Which parts of a document are remembered by the segments they were made of, so that a stretch that comes again costs a look-up.

The same stores, buyers, notes and items stand in order after order. A part that is made of texts, codes and dates alone is
remembered under its segments; what holds numbers seldom comes twice and is not. Parts are frozen, so documents
may share them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from edi_gateway.mapping.reading_entries import Entries
from edi_gateway.mapping.rules import Scope
from edi_gateway.mapping.view import View

MOST = 4096  # parts a place in a map remembers; when it has so many it forgets them all and begins again
LONGEST = 400  # characters of the segments a part was made of: nobody sends what is longer twice, and room is dear
MOST_SEGMENTS = 8  # of a loop


def remember(kept: dict[Any, Any], key: Any, texts: Iterable[str], value: object) -> None:
    """Keeps ``value`` for ``key``, unless the texts it is made of are long."""
    if sum(map(len, texts)) > LONGEST:
        return
    if len(kept) >= MOST:
        kept.clear()
    kept[key] = value


class Repeating:
    """Says which scopes of a view are remembered when a set is read."""

    def __init__(self, view: View, entries: Entries) -> None:
        self._view, self._entries = view, entries

    def is_remembered(self, scope: Scope) -> bool:
        """Whether what a scope makes depends on nothing but the texts of its segments, and is likely to come again."""
        return all(map(self._is_plain, scope.walk()))

    def is_leaf(self, scope: Scope) -> bool:
        """Whether the loop a scope reads has no loops inside: then it ends at the first segment that belongs further out."""
        own = self._view.shape(scope)
        inner = [child for child in scope.scopes if self._entries.has_loop(child)]
        return own is not None and not own.loops and not own.hierarchical and not inner and bool(self.outer(scope))

    def outer(self, scope: Scope) -> set[str]:
        """The ids that end the loop a scope reads."""
        own = self._view.shape(scope)
        inside = set(own.order) if own is not None else set()
        return self._entries.outer(scope) - inside - set(self._entries.of(scope))

    def _is_plain(self, scope: Scope) -> bool:
        rules = [*self._view.fixed(scope), *(tap.rule for tap in scope.taps)]
        if scope.given or scope.conversion or any(rule.given or rule.count for rule in rules):
            return False
        return all(
            tap.rule.codes is not None or self._view.conversion(scope, tap, tap.rule.fields[0]).type in (str, date)
            for tap in self._view.taps(scope)
        )
