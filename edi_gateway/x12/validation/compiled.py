"""A definition written as one regular expression over the text of a set: what matches has no finding up to syntax notes.

The expression goes the way ``structure.place`` goes: the innermost loop first, forward only, each place as often as it may. Every
item and loop is an atomic group, so a place once taken is never given back; and where an id could be met again further on, a
lookahead forbids it there, so that nothing is matched anywhere but at the first place open to it. Places that a partner does not
use may be left out (``used``): their ids are forbidden there instead. Whatever the expression does not match goes to the table
checker, which is exact: leaving out costs speed, never truth. What a guide says of some occurrences of a segment or loop is
written as variants, told apart by a lookahead on their qualifiers, and as lookaheads that count them.

Never possessive quantifiers: the first releases of CPython 3.11 match them wrongly (gh-106052); atomic groups are sound there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TypeAlias

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.standard import LoopUse, SegmentUse, TransactionSetDefinition
from edi_gateway.x12.validation.segment_pattern import CodeUse, Filled, SegmentPattern

Item: TypeAlias = SegmentUse | LoopUse
Use: TypeAlias = tuple[str, str]  # path of the loop, id of the segment


def set_pattern(
    definition: TransactionSetDefinition,
    delimiters: Delimiters,
    characters: str,
    *,
    check_codes: bool = True,
    used: frozenset[Use] | None = None,
    codes: frozenset[CodeUse] | None = None,
    filled: frozenset[Filled] | None = None,
) -> str:
    """The expression, meant for fullmatch over ST to SE. ``used`` None: every place the definition has; ``codes`` None: every
    code; ``filled`` None: data in every element."""
    segments = SegmentPattern(delimiters, characters, check_codes=check_codes, codes=codes, filled=filled)
    return _Writer(definition, segments, used).whole()


class _Writer:
    def __init__(self, definition: TransactionSetDefinition, segments: SegmentPattern, used: frozenset[Use] | None) -> None:
        self._definition, self._segments, self._used = definition, segments, used
        self._met_at = Counter(segment_id for _, segment_id in set(self._places(definition.items, "")))

    def whole(self) -> str:
        return self._items(self._definition.items, "")

    def _places(self, items: tuple[Item, ...], path: str) -> Iterator[Use]:
        """Every place that is written, again for each variant that has it."""
        for item in items:
            if self._is_used(item, path):
                for use in (item, *(variant for _, variant in item.variants)):
                    if isinstance(use, LoopUse):
                        yield from self._places(use.items, use.path)
                    else:
                        yield path, use.id

    def _is_used(self, item: Item, path: str) -> bool:
        if item.max == 0:
            return False
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
        once, counted = self._variants(item), self._counts(item)
        if item.max == 1 and not counted:
            return f"(?>{once})" if item.required else f"(?>{once}|)"
        most = "" if item.max is None else item.max
        return f"{counted}(?>(?>{once}){{{int(item.required)},{most}}})"

    def _once(self, item: Item) -> str:
        if isinstance(item, LoopUse):
            return self._items(item.items, item.path)
        line_end = self._segments.line_end  # behind SE it may be part of the text or not
        return self._segments.whole(item.segment) + (f"(?:{line_end})?" if item.id == "SE" else line_end)

    # --- what a guide says of some occurrences of an item ------------------------------------------------------------------

    def _variants(self, item: Item) -> str:
        """One occurrence: as the variant its qualifiers say it is, else as any other."""
        if not item.variants:
            return self._once(item)
        heads = [self._segments.begins(ref) for ref, _ in item.variants]
        uses: list[Item] = [use for _, use in item.variants]
        written = [f"(?={head}){self._once(use)}" for head, use in zip(heads, uses, strict=True)]
        return "|".join([*written, f"(?!{'|'.join(heads)}){self._once(item)}"])

    def _counts(self, item: Item) -> str:
        """Lookaheads over all occurrences of an item, for the least and the most there may be of some of them."""
        written = ""
        for count in item.counts:
            head = self._segments.begins(count.ref)
            met = f"(?:(?>(?:(?!{head}){self._any_of(item)})*)(?={head}){item.id}{self._segments.rest})"
            if count.least > (not count.ref.conditions):
                written += f"(?={met}{{{count.least}}})"
            if count.most is not None and (item.max is None or count.most < item.max):
                written += f"(?!{met}{{{count.most + 1}}})"
        return written

    def _any_of(self, item: Item) -> str:
        """Any segment that may belong to an item."""
        ids = {item.id} if isinstance(item, SegmentUse) else _all_ids(item.items)
        return f"(?:{'|'.join(sorted(ids))}){self._segments.rest}"


def _all_ids(items: tuple[Item, ...]) -> set[str]:
    return {each for item in items for each in (_all_ids(item.items) if isinstance(item, LoopUse) else {item.id})}
