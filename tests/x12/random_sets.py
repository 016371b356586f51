"""Sets drawn from their definition, so that they are right by construction, and ways to spoil them a little."""

from __future__ import annotations

from functools import cache
from random import Random

from edi_gateway.x12.standard import (
    CompositeDefinition,
    ElementUse,
    LoopUse,
    SegmentDefinition,
    SegmentUse,
    TransactionSetDefinition,
)
from edi_gateway.x12.validation.notes import keeps

Segments = list[list[str]]
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def right_set(definition: TransactionSetDefinition, random: Random, often: float = 0.25) -> Segments:
    """A set that is right: mandatory items, and optional ones with this likelihood."""
    segments = _items(definition.items, random, often)
    segments[0][1:] = [definition.set, "0001"]
    return segments


def _items(items: tuple[SegmentUse | LoopUse, ...], random: Random, often: float) -> Segments:
    drawn: Segments = []
    for item in items:
        if not item.required and random.random() > often:
            continue
        for _ in range(random.randint(1, min(item.max or 3, 3))):
            if isinstance(item, LoopUse):
                drawn += _items(item.items, random, often * 0.6)
            else:
                drawn.append(right_segment(item.segment, random))
    return drawn


def right_segment(definition: SegmentDefinition, random: Random) -> list[str]:
    return [definition.id, *_values(definition, random, ">")]


def _values(definition: SegmentDefinition | CompositeDefinition, random: Random, component: str) -> list[str]:
    """Values that keep the syntax notes: drawn until they do, more filled each time."""
    filled = random.random() * 0.6
    while True:
        values = [_value(use, random, component) if _is_there(use, random, filled) else "" for use in definition.elements]
        while values and not values[-1]:
            values.pop()
        if all(keeps(note, values) for note in definition.notes):
            return values
        filled = min(1.0, filled + 0.02) if random.random() < 0.9 else random.random() * 0.3


def _is_there(use: ElementUse, random: Random, filled: float) -> bool:
    return use.requirement == "M" or random.random() < filled


def _value(use: ElementUse, random: Random, component: str) -> str:
    if use.composite:
        return component.join(_values(use.composite, random, component))
    if use.codes:
        return random.choice(_in_order(use.codes))
    if use.type == "DT":
        long = f"{random.randint(1990, 2040)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"
        return long if use.max >= 8 else long[2:]
    if use.type == "TM":
        return random.choice([time for time in ("0000", "1159", "235959", "12000099") if use.min <= len(time) <= use.max])
    length = random.randint(use.min, min(use.max, use.min + 6))
    if use.type == "R":
        digits = _digits(random, length)
        return random.choice([digits, f"-{digits}", f"{digits[:1]}.{digits[1:]}", f".{digits}"])
    if use.type.startswith("N"):
        return _digits(random, length)
    return "".join(random.choice(_LETTERS) for _ in range(length))


@cache
def _in_order(codes: frozenset[str]) -> list[str]:
    return sorted(codes)


def _digits(random: Random, length: int) -> str:
    return "".join(random.choice("123456789") for _ in range(length))


def spoil(segments: Segments, random: Random) -> Segments:
    """The same with one change; it may still be right."""
    spoiled = [list(segment) for segment in segments]
    at = random.randrange(len(spoiled))
    segment = spoiled[at]
    element = random.randrange(len(segment))
    change = random.choice(("drop", "double", "move", "swap", "empty", "lengthen", "replace", "rename", "append", "many", "copy"))
    if change == "drop" and len(spoiled) > 1:
        del spoiled[at]
    elif change == "double":
        spoiled.insert(at, list(segment))
    elif change == "many":
        spoiled[at:at] = [list(segment) for _ in range(random.choice((2, 12, 26)))]
    elif change == "move":
        spoiled.insert(random.randrange(len(spoiled)), spoiled.pop(at))
    elif change == "copy":
        spoiled.insert(random.randrange(len(spoiled)), list(segment))
    elif change == "swap":
        other = random.randrange(len(spoiled))
        spoiled[at], spoiled[other] = spoiled[other], spoiled[at]
    elif change == "rename":
        segment[0] = random.choice(spoiled)[0]
    elif change == "append":
        segment.append(random.choice(("", "X", "1")))
    elif change == "empty" and element:
        segment[element] = ""
    elif change == "lengthen" and element:
        segment[element] += random.choice(("0", "A", " ", "\n", ".", "-", "é", "∑"))
    elif element:
        segment[element] = random.choice(
            ("", "0", "A", "AB", " ", "20230229", "20240229", "2460", "1.5", "-", "1E5", "A>B", "A^B")
        )
    return spoiled
