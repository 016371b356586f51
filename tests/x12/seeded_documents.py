"""Sets with one error of a known kind at a known place: ``seeded(definition, random)``, one of each kind the definition allows.

Errors are put into segments outside loops, so that the set around them is as short as it can be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from valid_documents import fit_together, valid_segment, valid_value

from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.finding import Scope
from edi_gateway.x12.standard import ElementUse, LoopUse, SegmentUse, TransactionSetDefinition, segment_ids
from edi_gateway.x12.structure.containers import ids_of

_FEW = 60  # copies that are worth writing to get over a maximum


class Seeded(NamedTuple):
    """A set, and the finding it must have: list and code, position of the segment, element."""

    name: str
    segments: list[Segment]
    scope: Scope
    code: str
    position: int | None = None
    element: int | None = None


def seeded(definition: TransactionSetDefinition, random: Random) -> Iterator[Seeded]:
    """Every kind of error there is a place for in the definition."""
    yield from _in_set(definition, random)
    yield from _in_structure(definition, random)
    for spoil in (_empty, _lone, _beside, _extra, _short, _long, _letter, _code, _date, _time, _repeated):
        spoilt = spoil(definition, random)
        if spoilt is not None:
            yield spoilt


def shortest(definition: TransactionSetDefinition, random: Random, more: dict[str, int] | None = None) -> list[Segment]:
    """The mandatory items, and of those named in ``more`` so many; SE01 fits."""
    segments: list[Segment] = []
    for item in definition.items:
        for _ in range((more or {}).get(item.id, int(item.required))):
            _shortest_of(item, random, segments)
    fit_together(segments, definition.set)
    return segments


def _shortest_of(item: SegmentUse | LoopUse, random: Random, into: list[Segment]) -> None:
    if isinstance(item, SegmentUse):
        into.append(valid_segment(item.segment, random))
        return
    for inner in item.items:
        if inner.required:
            _shortest_of(inner, random, into)


def _counted(segments: list[Segment]) -> list[Segment]:
    segments[-1][1:2] = [str(len(segments))]
    return segments


def _in_set(definition: TransactionSetDefinition, random: Random) -> Iterator[Seeded]:
    unended, other, miscounted = (shortest(definition, random) for _ in range(3))
    yield Seeded("no SE", unended[:-1], Scope.SET, "2")
    other[-1][2] = "0002"
    yield Seeded("SE02 is another", other, Scope.SET, "3")
    miscounted[-1][1] = "77"
    yield Seeded("SE01 is wrong", miscounted, Scope.SET, "4")


def _in_structure(definition: TransactionSetDefinition, random: Random) -> Iterator[Seeded]:
    outside = {item.id for item in definition.items}
    for name, ids, code in (
        ("an id of no segment", {"ZZZ"}, "1"),
        ("a segment whose loop is not open", ids_of(definition) - outside, "2"),
        ("a segment of other sets", segment_ids(definition.release) - ids_of(definition) - {"ISA", "GS", "GE", "IEA"}, "6"),
    ):
        segments = shortest(definition, random)
        segments.insert(1, [random.choice(sorted(ids)), "1"])
        yield Seeded(name, _counted(segments), Scope.SEGMENT, code, 2)
    segments = shortest(definition, random)
    del segments[1]
    yield Seeded("no second segment", _counted(segments), Scope.SEGMENT, "3", 2)
    for name, kind, code in (("a loop too often", LoopUse, "4"), ("a segment too often", SegmentUse, "5")):
        item = next((one for one in _heading(definition) if isinstance(one, kind) and (one.max or _FEW) < _FEW), None)
        if item is not None:
            segments = shortest(definition, random, {item.id: (item.max or 0) + 1})
            last = max(at for at, segment in enumerate(segments, 1) if segment[0] == item.id)
            yield Seeded(name, segments, Scope.SEGMENT, code, last)
    first, second = [one.id for one in _heading(definition) if isinstance(one, SegmentUse)][:2]
    segments = shortest(definition, random, {first: 1, second: 1})
    segments[1], segments[2] = segments[2], segments[1]
    yield Seeded("a segment too late", segments, Scope.SEGMENT, "7", 3)


def _heading(definition: TransactionSetDefinition) -> list[SegmentUse | LoopUse]:
    """Items behind ST up to the first mandatory loop, or SE."""
    found: list[SegmentUse | LoopUse] = []
    for item in definition.items[1:-1]:
        if isinstance(item, LoopUse) and item.required:
            break
        found.append(item)
    return found


def _drawn(
    definition: TransactionSetDefinition, random: Random, wanted: Callable[[ElementUse], bool]
) -> tuple[list[Segment], int, ElementUse] | None:
    """A set with an element like that in it, filled, where no syntax note speaks of it; the segment's index and the element."""
    places = [
        (item, use)
        for item in _heading(definition)
        if isinstance(item, SegmentUse)
        for use in item.segment.elements
        if use.composite is None and wanted(use) and not any(use.position in note.positions for note in item.segment.notes)
    ]
    if not places:
        return None
    item, use = random.choice(places)
    segments = shortest(definition, random, {item.id: 1})
    at = next(index for index, segment in enumerate(segments) if segment[0] == item.id)
    while len(segments[at]) <= use.position or not segments[at][use.position]:
        segments[at] = valid_segment(item.segment, random)
    return segments, at, use


def _replaced(
    name: str, code: str, found: tuple[list[Segment], int, ElementUse] | None, value: Callable[[ElementUse], str]
) -> Seeded | None:
    if found is None:
        return None
    segments, at, use = found
    segments[at][use.position] = value(use)
    while not segments[at][-1]:
        segments[at].pop()
    return Seeded(name, segments, Scope.ELEMENT, code, at + 1, use.position)


def _empty(definition: TransactionSetDefinition, random: Random) -> Seeded | None:
    found = _drawn(definition, random, lambda use: use.requirement == "M")
    return _replaced("a mandatory element is empty", "1", found, lambda use: "")


def _short(definition: TransactionSetDefinition, random: Random) -> Seeded | None:
    found = _drawn(definition, random, lambda use: use.type == "AN" and use.min > 1)
    return _replaced("too short", "4", found, lambda use: "A" * (use.min - 1))


def _long(definition: TransactionSetDefinition, random: Random) -> Seeded | None:
    found = _drawn(definition, random, lambda use: use.type in ("AN", "N0", "R") and use.max < 90)
    return _replaced("too long", "5", found, lambda use: "1" * (use.max + 1))


def _letter(definition: TransactionSetDefinition, random: Random) -> Seeded | None:
    found = _drawn(definition, random, lambda use: use.type[0] in "NR")
    return _replaced("a letter in a number", "6", found, lambda use: "A" * use.min)


def _code(definition: TransactionSetDefinition, random: Random) -> Seeded | None:
    found = _drawn(definition, random, lambda use: use.codes is not None)
    return _replaced("no code of the list", "7", found, lambda use: "?" * use.min)


def _date(definition: TransactionSetDefinition, random: Random) -> Seeded | None:
    found = _drawn(definition, random, lambda use: use.type == "DT")
    return _replaced("a thirteenth month", "8", found, lambda use: "20251301"[-use.max :])


def _time(definition: TransactionSetDefinition, random: Random) -> Seeded | None:
    found = _drawn(definition, random, lambda use: use.type == "TM")
    return _replaced("an hour 24", "9", found, lambda use: "2400")


def _repeated(definition: TransactionSetDefinition, random: Random) -> Seeded | None:
    """Only where the release has a repetition separator."""
    if definition.release < "005010":
        return None
    found = _drawn(definition, random, lambda use: use.codes is not None and use.repeat == 1)
    return _replaced("a code repeated", "12", found, lambda use: "^".join(sorted(use.codes or ())[:1] * 2))


def _extra(definition: TransactionSetDefinition, random: Random) -> Seeded:
    item = definition.items[1]
    assert isinstance(item, SegmentUse)
    segments, most = shortest(definition, random), len(item.segment.elements)
    segments[1] += [""] * (most - len(segments[1]) + 1) + ["X"]
    return Seeded("an element too many", segments, Scope.ELEMENT, "3", 2, most + 1)


def _lone(definition: TransactionSetDefinition, random: Random) -> Seeded | None:
    """The second of a pair is empty."""
    return _broken_note(definition, random, "P", "2", lambda positions: positions[:1], 1)


def _beside(definition: TransactionSetDefinition, random: Random) -> Seeded | None:
    """Two are filled that exclude each other."""
    return _broken_note(definition, random, "E", "10", lambda positions: positions[:2], 1)


def _broken_note(
    definition: TransactionSetDefinition,
    random: Random,
    kind: str,
    code: str,
    filled: Callable[[tuple[int, ...]], tuple[int, ...]],
    reported: int,
) -> Seeded | None:
    """A segment outside loops of which only the mandatory elements and some of those of a note are there."""
    for item in _heading(definition):
        for note in item.segment.notes if isinstance(item, SegmentUse) else ():
            others = [one for one in item.segment.notes if one is not note and set(one.positions) & set(note.positions)]
            if note.kind != kind or others or any(one.kind == "R" for one in item.segment.notes):
                continue
            segments = shortest(definition, random, {item.id: 1})
            at = next(index for index, segment in enumerate(segments) if segment[0] == item.id)
            there = {use.position for use in item.segment.elements if use.requirement == "M"} | set(filled(note.positions))
            if note.positions[reported] in there and kind == "P":
                continue
            values = [valid_value(use, random) if use.position in there else "" for use in item.segment.elements]
            segments[at] = [item.id, *values[: max(there)]]
            return Seeded(f"note {note}", segments, Scope.ELEMENT, code, at + 1, note.positions[reported])
    return None
