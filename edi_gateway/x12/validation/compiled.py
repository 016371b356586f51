"""A definition written as one regular expression over the text of a set: what matches has no finding up to syntax notes.

The expression goes the way ``structure.place`` goes: the innermost loop first, forward only, each place as often as it may. Every
item and loop is an atomic group, so a place once taken is never given back; and where an id could be met again further on, a
lookahead forbids it there, so that nothing is matched anywhere but at the first place open to it. Places that a partner does not
use may be left out (``used``): their ids are forbidden there instead. Whatever the expression does not match goes to the table
checker, which is exact: leaving out costs speed, never truth.

Never possessive quantifiers: the first releases of CPython 3.11 match them wrongly (gh-106052); atomic groups are sound there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.standard import LoopUse, SegmentUse, TransactionSetDefinition
from edi_gateway.x12.validation.segment_pattern import SegmentPattern

Item: TypeAlias = SegmentUse | LoopUse
Use: TypeAlias = tuple[str, str]  # path of the loop, id of the segment


def set_pattern(
    definition: TransactionSetDefinition,
    delimiters: Delimiters,
    characters: str,
    *,
    check_codes: bool = True,
    used: frozenset[Use] | None = None,
) -> str:
    """The expression, meant for fullmatch over ST to SE. ``used`` None: every place the definition has."""
    return _Writer(definition, SegmentPattern(delimiters, characters, check_codes=check_codes), used).whole()


class _Writer:
    def __init__(self, definition: TransactionSetDefinition, segments: SegmentPattern, used: frozenset[Use] | None) -> None:
        self._definition, self._segments, self._used = definition, segments, used
        self._met_at = Counter(self._ids(definition.items, ""))

    def whole(self) -> str:
        return self._items(self._definition.items, "")

    def _ids(self, items: tuple[Item, ...], path: str) -> Iterator[str]:
        """The id of every place that is written."""
        for item in items:
            if self._is_used(item, path):
                if isinstance(item, LoopUse):
                    yield from self._ids(item.items, item.path)
                else:
                    yield item.id

    def _is_used(self, item: Item, path: str) -> bool:
        inside = item.path if isinstance(item, LoopUse) else path
        return self._used is None or item.required or (inside, item.id) in self._used

    def _items(self, items: tuple[Item, ...], path: str) -> str:
        """The items one after the other; between them, ids that may not be met further on."""
        written: list[str] = []
        forbidden: list[str] = []
        for item in items:
            is_used = self._is_used(item, path)
            if is_used:
                written += [self._forbid(forbidden), self._item(item)]
                forbidden = []
            if self._met_at[item.id] > is_used:
                forbidden.append(item.id)
        return "".join([*written, self._forbid(forbidden)])

    def _forbid(self, ids: list[str]) -> str:
        return f"(?!(?:{'|'.join(ids)})[{self._segments.element}{self._segments.end}])" if ids else ""

    def _item(self, item: Item) -> str:
        if isinstance(item, SegmentUse):
            line_end = self._segments.line_end  # behind SE it may be part of the text or not
            once = self._segments.whole(item.segment) + (f"(?:{line_end})?" if item.id == "SE" else line_end)
        else:
            once = self._items(item.items, item.path)
        if item.max == 1:
            return f"(?>{once})" if item.required else f"(?>{once}|)"
        return f"(?>(?>{once}){{{int(item.required)},{item.max or ''}}})"
