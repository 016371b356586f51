"""Looks at a set, every segment at its place, and tells what a rule of a guide finds: the slow and exact way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.guide.aim import Aim, What
from edi_gateway.x12.place import SegmentRef
from edi_gateway.x12.standard import ElementUse, LoopUse
from edi_gateway.x12.structure import Loop, Placed


class Seen(NamedTuple):
    """One thing a rule finds: the fields are those of a finding, in the order findings are sorted by."""

    position: int
    element: int
    component: int
    kind: str
    message: str
    segment: str
    loop: str
    reference: str | None = None
    value: str | None = None


def look(aim: Aim, root: Loop, delimiters: Delimiters) -> Iterator[Seen]:
    """What one rule finds in a set."""
    for loop in turns(root, aim.loops):
        if aim.what is What.ITEM:
            yield from _item(aim, loop)
        else:
            for placed in segments_of(aim, loop):
                yield from _VALUES[aim.what](aim, placed, delimiters)


def turns(loop: Loop, loops: tuple[SegmentRef, ...]) -> Iterator[Loop]:
    """The turns of loops that ``loops`` lead to from here."""
    if not loops:
        yield loop
        return
    for inner in loop.loops(loops[0].id):
        if inner.head is not None and loops[0].holds(inner.head.segment):
            yield from turns(inner, loops[1:])


def segments_of(aim: Aim, loop: Loop) -> Iterator[Placed]:
    """The segments of a turn that a rule about elements speaks of."""
    return (placed for placed in loop.own(aim.head.id) if placed.use is not None and aim.ref.holds(placed.segment))


# --- how often ----------------------------------------------------------------------------------------------------------------


def _item(aim: Aim, loop: Loop) -> Iterator[Seen]:
    rule, is_loop = aim.rule, isinstance(aim.item, LoopUse)
    found = list(_heads(aim, loop))
    least = max(int(rule.required), rule.repeat.least if rule.repeat else 0)
    by_standard = int(aim.item.required and not aim.ref.conditions)
    for _ in range(max(len(found), by_standard), least):
        kind = "guide.loop_missing" if is_loop else "guide.segment_missing"
        yield _seen(aim, kind, _missing_at(aim, loop), f"{aim.ref} is missing{_where(loop)}", loop)
    most = 0 if rule.unused else rule.repeat.most if rule.repeat else None
    if most is None:
        return
    for placed in found[most:]:
        if rule.unused:
            yield _seen(aim, "guide.segment_unused", placed.position, f"{aim.ref} is not used{_where(loop)}", loop)
        else:
            kind = "guide.loop_over_max" if is_loop else "guide.segment_over_max"
            yield _seen(aim, kind, placed.position, f"{aim.ref} stands more than {most} times{_where(loop)}", loop)


def _heads(aim: Aim, loop: Loop) -> Iterator[Placed]:
    """The segments, or the heads of the turns, that are counted."""
    if isinstance(aim.item, LoopUse):
        heads = (inner.head for inner in loop.loops(aim.item.id))
        return (head for head in heads if head is not None and aim.ref.holds(head.segment))
    return segments_of(aim, loop)


def _missing_at(aim: Aim, loop: Loop) -> int:
    """The position of the first segment behind the place where it should stand."""
    wanted = aim.order[aim.item.id]
    for member in loop.members:
        first = member.head if isinstance(member, Loop) else member
        if first is not None and aim.order.get(first.segment[0], -1) > wanted:
            return first.position
    return max((placed.position for placed in loop.walk()), default=0) + 1


def _where(loop: Loop) -> str:
    return f" in loop {loop.path}" if loop.path else ""


def _seen(aim: Aim, kind: str, position: int, message: str, loop: Loop) -> Seen:
    path = aim.item.path if isinstance(aim.item, LoopUse) else loop.path
    return Seen(position, 0, 0, kind, message, aim.ref.id, path)


# --- values -------------------------------------------------------------------------------------------------------------------


def _element(aim: Aim, placed: Placed, delimiters: Delimiters) -> Iterator[Seen]:
    place, rule = aim.rule.place, aim.rule
    position = place.element or 1
    whole = placed.segment[position] if position < len(placed.segment) else ""
    use = aim.element
    if not whole:
        if rule.required and not place.component:
            yield from _missing(aim, placed, position)
        return
    repeats = delimiters.repetition if delimiters.repetition and aim.head.segment.elements[position - 1].repeat > 1 else None
    for one in whole.split(repeats) if repeats else [whole]:
        parts = one.split(delimiters.component) if place.component else [one]
        value = parts[(place.component or 1) - 1] if (place.component or 1) <= len(parts) else ""
        if value:
            yield from _value(aim, placed, position, use, value)
        elif rule.required:
            yield from _missing(aim, placed, position)


def _missing(aim: Aim, placed: Placed, position: int) -> Iterator[Seen]:
    if aim.element.requirement != "M":  # else the standard says it
        yield _of_value(aim, placed, position, "guide.element_missing", f"{aim.element.name} is missing")


def _value(aim: Aim, placed: Placed, position: int, use: ElementUse, value: str) -> Iterator[Seen]:
    rule = aim.rule
    shown = repr(value if len(value) <= 40 else value[:39] + "…")
    if rule.unused:
        yield _of_value(aim, placed, position, "guide.element_unused", f"{use.name} is not used", value)
    if rule.length is not None and not rule.length.holds(length := _length(use, value)):
        kind = "guide.too_short" if length < rule.length.least else "guide.too_long"
        yield _of_value(aim, placed, position, kind, f"{shown} is not {rule.length} characters long", value)
    if rule.codes is not None and not _is_left(aim, value):
        yield _of_value(aim, placed, position, "guide.code", f"{shown} is not among the codes of {use.name} taken here", value)


def _is_left(aim: Aim, value: str) -> bool:
    """Whether a guide leaves a code. One that the standard does not have, and the guide does not speak of, is not its affair."""
    codes = aim.rule.codes
    return codes is None or (value not in codes.remove and (codes.only is None or value in codes.only))


def _length(use: ElementUse, value: str) -> int:
    """Characters; of a number the digits, as the standard counts (X12.6)."""
    return sum(map(str.isdigit, value)) if use.type[0] in "NR" and use.type != "AN" else len(value)


def _of_value(aim: Aim, placed: Placed, position: int, kind: str, why: str, value: str | None = None) -> Seen:
    component = aim.rule.place.component or 0
    name = f"{placed.segment[0]}{position:02d}" + (f"-{component}" if component else "")
    return Seen(
        placed.position, position, component, kind, f"{name}: {why}", placed.segment[0], placed.path, aim.element.reference, value
    )


# --- lists of pairs -----------------------------------------------------------------------------------------------------------


def _pair(aim: Aim, placed: Placed, _: Delimiters) -> Iterator[Seen]:
    wanted, segment = aim.rule.place.pair, placed.segment
    found = [at for at in aim.qualifiers if at < len(segment) and segment[at] == wanted]
    if aim.rule.unused:
        for at in found:
            why = f"an id with qualifier {wanted} is not used"
            yield _of_value(aim, placed, at, "guide.element_unused", why, wanted)
    elif not any(at + 1 < len(segment) and segment[at + 1] for at in found):
        yield _of_value(aim, placed, aim.qualifiers[0], "guide.element_missing", f"no id with qualifier {wanted}")


def _list(aim: Aim, placed: Placed, _: Delimiters) -> Iterator[Seen]:
    for at in aim.qualifiers:
        if at < len(placed.segment) and placed.segment[at]:
            yield from _value(aim, placed, at, aim.element, placed.segment[at])


_VALUES = {What.ELEMENT: _element, What.PAIR: _pair, What.LIST: _list}


def in_order(seen: Iterable[Seen]) -> list[Seen]:
    """By position; at one position, segments before elements."""
    return sorted(seen, key=lambda one: one[:3])
