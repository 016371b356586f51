"""What a map writes that the partner's guide does not use: such a document would be held, so it is told before there is one."""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.errors import WrongInput
from edi_gateway.mapping.rules import Scope, Tap
from edi_gateway.mapping.view import View
from edi_gateway.x12.guide import Guide
from edi_gateway.x12.guide.aim import Aim, What, covers
from edi_gateway.x12.guide.check import aims
from edi_gateway.x12.place import SegmentRef
from edi_gateway.x12.standard import LoopUse, load


def unused_in(view: View, guide: Guide) -> Iterator[WrongInput]:
    """One for each rule of the guide that a writing map may go against, at the line of the map that does."""
    definition = load(guide.set, guide.releases[0])
    for aim in aims(guide, definition):
        line = next(_lines_against(view, aim), None) if aim.rule.unused else None
        if line is not None:
            yield WrongInput(f"{line.rule.left} is written, and {guide} has {aim.rule.written} unused", where=line.rule.where)


def _lines_against(view: View, aim: Aim) -> Iterator[Tap]:
    whole = (*aim.loops, aim.ref) if aim.what is What.ITEM or not _is_head(aim) else aim.loops
    for scope in view.top.walk():
        for tap in view.taps(scope):
            chain = _chain(scope, tap)
            if len(chain) >= len(whole) and covers(whole, chain) and _is_meant(aim, tap, len(chain) == len(whole)):
                yield tap


def _is_head(aim: Aim) -> bool:
    """Whether the segment meant begins the loop it stands in."""
    return bool(aim.loops) and aim.loops[-1].id == aim.ref.id


def _chain(scope: Scope, tap: Tap) -> tuple[SegmentRef, ...]:
    """The loops around what a line writes, and its segment; where that begins the innermost loop, it is named once.

    Levels (HL) lie inside each other in a map and side by side in a set: the innermost is the loop.
    """
    loops: list[SegmentRef] = []
    at: Scope | None = scope
    while at is not None and at.segment is not None:
        if at.pairs_from is None and not (loops and loops[0].id == at.segment.id == "HL"):
            loops.insert(0, at.segment)
        at = at.parent
    is_head = bool(loops) and loops[-1].id == tap.place.segment.id
    return tuple(loops) if is_head else (*loops, tap.place.segment)


def _is_meant(aim: Aim, tap: Tap, is_same_segment: bool) -> bool:
    if aim.what is What.ITEM:
        return is_same_segment or isinstance(aim.item, LoopUse)
    if not is_same_segment:
        return False
    if aim.what is What.PAIR:
        return tap.place.pair == aim.rule.place.pair and tap.place.pairs_from is not None
    return tap.place.pairs_from is None and tap.place.value_element == aim.rule.place.element
