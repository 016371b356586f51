"""Valid sets drawn from a definition: ``valid_set(definition, random)`` gives segments that nothing is wrong with.

The same random state gives the same set. Drawn are optional segments and loops, turns of loops up to their maximum, elements as
the syntax notes allow, codes from the lists, and values at their shortest and longest. SE01, HL01 and HL02, LS01 and LE01 fit
together, and periods have the form that is named; totals and check digits are drawn and so rarely right (they are above the
standard).
"""

from __future__ import annotations

from random import Random

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Segment, TransactionSet
from edi_gateway.x12.reader import read
from edi_gateway.x12.standard import (
    CompositeDefinition,
    ElementUse,
    LoopUse,
    SegmentDefinition,
    SegmentUse,
    TransactionSetDefinition,
)
from edi_gateway.x12.validation.notes import keeps
from edi_gateway.x12.validation.rules.periods import PERIODS_AT

MARKS = {"004010": Delimiters(), "005010": Delimiters(repetition="^")}
VERSIONS = {"004010": "00401", "005010": "00501"}
_WORDS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_MORE = _WORDS + "abcxyz .,-/&'()#%@_:;+=!?\"[]{}<|\\$"  # of the extended set, but no separator
_TIMES = ("0000", "2359", "235959", "1200009", "12000099")


def valid_set(
    definition: TransactionSetDefinition, random: Random, *, often: float = 0.2, most: int = 300, text: str = _MORE
) -> list[Segment]:
    """A valid set from ST to SE: optional items with this likelihood, until about ``most`` segments are drawn."""
    segments: list[Segment] = []
    _draw(definition.items, random, often, most, text, segments)
    fit_together(segments, definition.set)
    return segments


def as_read(segments: list[Segment], definition: TransactionSetDefinition, marks: Delimiters | None = None) -> TransactionSet:
    """The set as the reader tells it out of an interchange; it must be the only one in it."""
    marks = marks or MARKS[definition.release]
    lines = [*_head(definition, marks), *segments, ["GE", "1", "1"], ["IEA", "1", "000000001"]]
    text = "".join(marks.element.join(line) + marks.segment + marks.line_end for line in lines)
    (only,) = [event for event in read(text.encode("latin-1", "replace")) if isinstance(event, TransactionSet)]
    return only


def valid_segment(definition: SegmentDefinition, random: Random, text: str = _MORE) -> Segment:
    """One segment whose elements keep its syntax notes."""
    return [definition.id, *_values(definition, random, text)]


def valid_value(use: ElementUse, random: Random, text: str = _MORE) -> str:
    """A value for an element, often at its shortest or longest; components of a composite are joined with ``>``."""
    if use.composite:
        return ">".join(_values(use.composite, random, text))
    if use.codes:
        return random.choice(sorted(use.codes))
    if use.type == "DT":
        long = f"{random.randint(1900, 2099)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"
        return random.choice((long, long, "20240229")) if use.max >= 8 else long[2:]
    if use.type == "TM":
        return random.choice([time for time in _TIMES if use.min <= len(time) <= use.max])
    longest = min(use.max, use.min + 30)
    length = random.choice((use.min, longest, random.randint(use.min, longest)))
    if use.type == "R":
        return _decimal(random, length)
    if use.type.startswith("N"):
        return random.choice(("", "", "-")) + _digits(random, length)
    return _text(random, length, text)


def _draw(
    items: tuple[SegmentUse | LoopUse, ...], random: Random, often: float, most: int, text: str, into: list[Segment]
) -> None:
    for item in items:
        if not item.required and (len(into) > most or random.random() > often):
            continue
        for _ in range(_turns(item, random, len(into) > most)):
            if isinstance(item, LoopUse):
                _draw(item.items, random, often * 0.7, most, text, into)
            else:
                into.append(valid_segment(item.segment, random, text))


def _turns(item: SegmentUse | LoopUse, random: Random, enough: bool) -> int:
    """Once or twice, sometimes as often as allowed."""
    if enough or item.max == 1:
        return 1
    return random.choice((1, 1, 2, min(item.max or 3, 5)))


def _values(definition: SegmentDefinition | CompositeDefinition, random: Random, text: str) -> list[str]:
    """Values that keep the notes: which are there is drawn until they do, more of them each time."""
    filled = random.random() * 0.7
    while True:
        there = [use.requirement == "M" or random.random() < filled for use in definition.elements]
        marks = ["x" if one else "" for one in there]
        if all(keeps(note, marks) for note in definition.notes) and any(there):
            break
        filled = min(1.0, filled + 0.02) if random.random() < 0.9 else random.random() * 0.3
    values = [_often(use, random, text) if one else "" for use, one in zip(definition.elements, there, strict=True)]
    while values and not values[-1]:
        values.pop()
    return values


def _often(use: ElementUse, random: Random, text: str) -> str:
    """The value, or several where it may be repeated."""
    times = random.choice((1, use.repeat)) if use.repeat > 1 else 1
    return "^".join(valid_value(use, random, text) for _ in range(times))


def _decimal(random: Random, length: int) -> str:
    digits = _digits(random, length)
    point = random.randrange(length)
    return random.choice(("", "", "-")) + random.choice((digits, digits, f"{digits[:point]}.{digits[point:]}"))


def _digits(random: Random, length: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(length))


def _text(random: Random, length: int, text: str) -> str:
    """Begins and ends with a character that is no blank."""
    ends = [random.choice(_WORDS) for _ in range(2)]
    return (ends[0] + "".join(random.choice(text) for _ in range(length - 2)) + ends[1])[:length]


_PERIODS = {
    "D6": "260228", "D8": "20260228", "DT": "202602281200", "RTS": "20260228120000", "CM": "202602", "CY": "2026",
    "TM": "1200", "TS": "120000", "RD4": "2025-2026", "RD5": "202601-202602", "RD6": "260201-260228", "RTM": "0800-1200",
    "RD8": "20260201-20260228", "RDT": "202602010800-202602281200", "DTS": "20260201080000-20260228120000",
}  # fmt: skip


def _period(segment: Segment) -> None:
    """A text of the form that the qualifier before it names."""
    qualifier, element = PERIODS_AT.get(segment[0], (0, 0))
    if element and len(segment) > element and segment[element]:
        segment[element] = _PERIODS.get(segment[qualifier], segment[element])


def fit_together(segments: list[Segment], set_code: str) -> None:
    """Makes ST, SE, levels and bounded loops agree with each other, in place."""
    levels: list[str] = []
    bounds: list[str] = []
    for segment in segments:
        if segment[0] == "HL":
            levels.append(str(len(levels) + 1))
            segment[1:3] = [levels[-1], levels[-2] if len(levels) > 1 else ""]
            segment[4:5] = []
        elif segment[0] == "LS":
            bounds.append(segment[1])
        elif segment[0] == "LE":
            segment[1] = bounds.pop()
        _period(segment)
    segments[0][1:] = [set_code, "0001"]
    segments[-1][1:] = [str(len(segments)), "0001"]


def _head(definition: TransactionSetDefinition, marks: Delimiters) -> list[list[str]]:
    party = "TESTPARTY".ljust(15)
    version = VERSIONS[definition.release]
    isa = ["ISA", "00", " " * 10, "00", " " * 10, "ZZ", party, "ZZ", party, "260101", "1200", marks.repetition or "U", version]
    gs = ["GS", definition.group_code, "TESTPARTY", "TESTPARTY", "20260101", "1200", "1", "X", definition.release]
    return [[*isa, "000000001", "0", "T", marks.component], gs]
