"""A map held against the partner's guide: what it writes that is not used, what is required and not made, constants not taken.

Such a document would be held, so it is told before there is one. A map that reads is held against what always comes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from edi_gateway.errors import WrongInput
from edi_gateway.mapping.rules import READING, Scope, Tap
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


def required_in(view: View, guide: Guide) -> Iterator[WrongInput]:
    """One for each rule of the guide that requires what no line of the map makes, or reads; at the line of the guide."""
    verb = "reads" if view.direction == READING else "makes"
    do = f"add it to the map at {view.top.where}, or take it out of the guide"
    held = list(_held(view))
    for aim in aims(guide, load(guide.set, guide.releases[0])):
        if aim.rule.required and not _is_made(aim, held):
            yield WrongInput(f"{aim.rule.written} is required, and nothing {verb} it", where=aim.rule.where, do=do)


def constants_in(view: View, guide: Guide) -> Iterator[WrongInput]:
    """One for each constant of a writing map that the guide does not list, at the line of the map."""
    for aim in aims(guide, load(guide.set, guide.releases[0])):
        codes = aim.rule.codes
        for tap in _lines_against(view, aim) if codes is not None and codes.only is not None else ():
            constant = tap.rule.default if not tap.rule.fields else None
            if constant and codes is not None and codes.only is not None and constant not in codes.only:
                what = f"{tap.rule.left} is always '{constant}', and {guide} takes {', '.join(sorted(codes.only))}"
                yield WrongInput(what, where=tap.rule.where)


@dataclass(frozen=True)
class _Held:
    """A line, or the head of a scope, at its place: ``elements`` it fills, ``pairs`` (a qualifier; None: any)."""

    chain: tuple[SegmentRef, ...]
    elements: frozenset[int]
    pairs: frozenset[str | None] = frozenset()


def _held(view: View) -> Iterator[_Held]:
    for scope in view.top.walk():
        if scope.segment is not None:
            chain = _chain(scope, scope.segment)
            pairs = frozenset({None}) if scope.pairs_from is not None else frozenset()
            yield _Held(chain, frozenset(element for element, _ in scope.segment.conditions), pairs)
        for tap in view.taps(scope):
            conditions = {element for element, _ in tap.place.segment.conditions}
            if tap.place.pairs_from is not None:
                yield _Held(_chain(scope, tap.place.segment), frozenset(conditions), frozenset({tap.place.pair}))
                continue
            first = tap.place.value_element
            width = view.conversion(scope, tap, tap.rule.fields[0]).width if tap.rule.fields and not tap.rule.codes else 1
            yield _Held(_chain(scope, tap.place.segment), frozenset({*conditions, *range(first, first + width)}))


def _is_made(aim: Aim, held: list[_Held]) -> bool:
    whole = (*aim.loops, aim.ref) if aim.what is What.ITEM or not _is_head(aim) else aim.loops
    here = [one for one in held if _could_be(whole, one.chain)]
    if aim.what is What.ITEM:
        return bool(here)
    own = [one for one in here if len(one.chain) == len(whole)]
    if not own:
        return True  # the segment is not there at all, which is for a rule about the segment to say
    if aim.what is What.PAIR:
        return any({None, aim.rule.place.pair} & one.pairs for one in own)
    return any(aim.rule.place.element in one.elements for one in own)


def _could_be(wanted: tuple[SegmentRef, ...], chain: tuple[SegmentRef, ...]) -> bool:
    """Whether what a map makes at ``chain`` may be what is wanted: the same segments, and no qualifier against it."""
    if len(chain) < len(wanted):
        return False
    return all(one.id == other.id and _agree(one, other) for one, other in zip(wanted, chain, strict=False))


def _agree(one: SegmentRef, other: SegmentRef) -> bool:
    known = dict(other.conditions)
    return all(not values or not known.get(element) or set(values) & set(known[element]) for element, values in one.conditions)


def _lines_against(view: View, aim: Aim) -> Iterator[Tap]:
    whole = (*aim.loops, aim.ref) if aim.what is What.ITEM or not _is_head(aim) else aim.loops
    for scope in view.top.walk():
        for tap in view.taps(scope):
            chain = _chain(scope, tap.place.segment)
            if len(chain) >= len(whole) and covers(whole, chain) and _is_meant(aim, tap, len(chain) == len(whole)):
                yield tap


def _is_head(aim: Aim) -> bool:
    """Whether the segment meant begins the loop it stands in."""
    return bool(aim.loops) and aim.loops[-1].id == aim.ref.id


def _chain(scope: Scope, segment: SegmentRef) -> tuple[SegmentRef, ...]:
    """The loops around what a line speaks of, and its segment; where that begins the innermost loop, it is named once.

    Levels (HL) lie inside each other in a map and side by side in a set: the innermost is the loop.
    """
    loops: list[SegmentRef] = []
    at: Scope | None = scope
    while at is not None and at.segment is not None:
        if at.pairs_from is None and not (loops and loops[0].id == at.segment.id == "HL"):
            loops.insert(0, at.segment)
        at = at.parent
    is_head = bool(loops) and loops[-1].id == segment.id
    return tuple(loops) if is_head else (*loops, segment)


def _is_meant(aim: Aim, tap: Tap, is_same_segment: bool) -> bool:
    if aim.what is What.ITEM:
        return is_same_segment or isinstance(aim.item, LoopUse)
    if not is_same_segment:
        return False
    if aim.what is What.PAIR:
        return tap.place.pair == aim.rule.place.pair and tap.place.pairs_from is not None
    return tap.place.pairs_from is None and tap.place.value_element == aim.rule.place.element
