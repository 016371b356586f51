"""A second checker, written to be obviously right: slow, without tables or patterns, straight from the JSON of the definitions.

It shares no code with the validation and none with the loader; the two are held against each other (``three_ways.py``). It
knows levels up to the syntax notes. Of structure it says which segments are no segment, which have no place in the set, and
whether the rest is in order; how a disorder is best explained is a matter of judgment and left to the validation.
"""

from __future__ import annotations

import calendar
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from edi_gateway.x12 import standard
from edi_gateway.x12.delimiters import Delimiters

DATA = Path(standard.__file__).parent


@dataclass
class Faults:
    """What is wrong: elements as (position, element, component, code of list 723), segments as (position, code of list 720)."""

    elements: set[tuple[int, int, int, str]] = field(default_factory=set)
    segments: set[tuple[int, str]] = field(default_factory=set)
    in_order: bool = True

    @property
    def none(self) -> bool:
        return self.in_order and not self.elements and not self.segments


def check(set_code: str, release: str, segments: list[list[str]], marks: Delimiters) -> Faults:
    """The faults of a set in the extended character set."""
    faults = Faults()
    own_ids = ids_in(items_of(set_code, release))
    known_ids = set(table("004010", "segments")) | set(table("005010", "segments"))
    for position, segment in enumerate(segments, 1):
        if segment[0] in own_ids:
            faults.elements |= {(position, *fault) for fault in in_segment(release, segment, marks)}
        elif segment[0] in known_ids:
            faults.segments.add((position, "6"))
        else:
            faults.segments.add((position, "1"))
    ids = [segment[0] for segment in segments]
    faults.in_order = Order(ids).holds(items_of(set_code, release))
    return faults


# --- order -------------------------------------------------------------------------------------------------------------


class Order:
    """Reads segment ids from left to right: each item takes all it can, up to its maximum, before the next is tried."""

    def __init__(self, ids: list[str]) -> None:
        self.ids, self.at = ids, 0

    def holds(self, items: list) -> bool:
        return self.items(items) and self.at == len(self.ids)

    def items(self, items: list) -> bool:
        return all(self.item(item) for item in items)

    def item(self, item) -> bool:
        use = item[0] if isinstance(item, list) else item
        name, most = use.split()[:2]
        wanted, turns = name.rstrip("!"), 0
        while self.next() == wanted and (most == ">1" or turns < int(most)):
            turns += 1
            if isinstance(item, list):
                if not self.items(item[1:]):
                    return False
            else:
                self.at += 1
        return turns > 0 or not name.endswith("!")

    def next(self) -> str:
        return self.ids[self.at] if self.at < len(self.ids) else ""


# --- elements ----------------------------------------------------------------------------------------------------------


def in_segment(release: str, segment: list[str], marks: Delimiters):
    """(element, component, code) for everything wrong in a segment; component 0 is the element itself."""
    _, layout, notes = table(release, "segments")[segment[0]]
    uses, values = layout.split(), segment[1:]
    filled = max((at for at, value in enumerate(values, 1) if value), default=0)
    if filled < len(values):
        yield filled + 1, 0, "3"
    if filled > len(uses):
        yield len(uses) + 1, 0, "3"
    for element, use in enumerate(uses, 1):
        value = values[element - 1] if element <= filled else ""
        for component, code in in_element(release, use, value, marks):
            yield element, component, code
    for element, code in in_notes(notes, values[:filled]):
        yield element, 0, code


def in_element(release: str, use: str, value: str, marks: Delimiters):
    word, _, repeat = use.partition("*")
    number, mandatory, often = word.rstrip("!?"), word.endswith("!"), int(repeat or 1)
    if not value:
        if mandatory:
            yield 0, "1"
        return
    repetitions = value.split(marks.repetition) if marks.repetition else [value]
    if len(repetitions) > often:
        yield 0, "12" if release == "005010" else "6"
    for one in repetitions[:often]:
        if number in table(release, "composites"):
            yield from in_composite(release, number, one, marks)
        elif one:
            yield from ((0, code) for code in in_value(release, number, one, marks))


def in_composite(release: str, composite: str, value: str, marks: Delimiters):
    _, layout, notes = table(release, "composites")[composite]
    uses, components = layout.split(), value.split(marks.component)
    filled = max((at for at, one in enumerate(components, 1) if one), default=0)
    if filled < len(components):
        yield filled + 1, "3"
    if filled > len(uses):
        yield 0, "13" if release == "005010" else "3"
    for at, use in enumerate(uses, 1):
        component = components[at - 1] if at <= filled else ""
        if component:
            yield from ((at, code) for code in in_value(release, use.rstrip("!?"), component, marks))
        elif use.endswith("!"):
            yield at, "1"
    yield from in_notes(notes, components[:filled])


def in_notes(notes: str, values: list[str]):
    """(position, code) where a condition between elements does not hold."""
    for note in notes.split():
        kind, positions = note[0], [int(note[at : at + 2]) for at in range(1, len(note), 2)]
        there = [at for at in positions if at <= len(values) and values[at - 1]]
        missing = [at for at in positions if at not in there]
        first, others = positions[0], positions[1:]
        if kind == "P" and there and missing:
            yield from ((at, "2") for at in missing)
        elif kind == "R" and not there:
            yield first, "2"
        elif kind == "E" and len(there) > 1:
            yield from ((at, "10") for at in there[1:])
        elif kind == "C" and first in there:
            yield from ((at, "2") for at in missing)
        elif kind == "L" and first in there and not set(others) & set(there):
            yield others[0], "2"


# --- values ------------------------------------------------------------------------------------------------------------


def in_value(release: str, number: str, value: str, marks: Delimiters):
    """At most one code: a bad character, else a bad form, else a bad length, else a code that is not in the list."""
    kind, shortest, longest, _ = table(release, "elements")[number].split(" ", 3)
    separators = {marks.element, marks.component, marks.segment, marks.repetition}
    if any(mark in separators or ord(mark) < 32 or ord(mark) == 127 or ord(mark) > 255 for mark in value):
        yield "6"
    elif kind in ("DT", "TM") and not is_digits(value):
        yield "8" if kind == "DT" else "9"
    elif not has_its_form(kind, value):
        yield "6"
    elif (length := measured(kind, value)) < int(shortest):
        yield "4"
    elif length > int(longest):
        yield "5"
    elif kind == "DT" and not is_date(value):
        yield "8"
    elif kind == "TM" and not is_time(value):
        yield "9"
    elif (codes := table(release, "codes").get(number)) is not None and value not in codes.split(" "):
        yield "7"


def has_its_form(kind: str, value: str) -> bool:
    """The characters and the order of them that a type has; a text is not all blanks."""
    if kind == "R":
        return is_decimal(value)
    if kind[0] == "N":
        return is_integer(value)
    return bool(value.strip(" ")) or kind not in ("AN", "ID")


def measured(kind: str, value: str) -> int:
    """How long a value is: of numbers only the digits count."""
    return sum(mark in "0123456789" for mark in value) if kind == "R" or kind[0] == "N" else len(value)


def is_digits(text: str) -> bool:
    return text != "" and all(mark in "0123456789" for mark in text)


def is_integer(text: str) -> bool:
    return is_digits(text[1:] if text[0] == "-" else text)


def is_decimal(text: str) -> bool:
    number, e, power = text.partition("E")
    whole, _, fraction = (number[1:] if number[:1] == "-" else number).partition(".")
    return is_digits(whole + fraction) and (not e or (power != "" and is_integer(power)))


def is_date(text: str) -> bool:
    if len(text) not in (6, 8):
        return False
    year = int(text[:4]) if len(text) == 8 else 2000 + int(text[:2])
    month, day = int(text[-4:-2]), int(text[-2:])
    if year == 0 or not 1 <= month <= 12:
        return False
    days = 29 if month == 2 and calendar.isleap(year) else [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    return 1 <= day <= days


def is_time(text: str) -> bool:
    if len(text) not in (4, 6, 7, 8):
        return False
    return int(text[:2]) <= 23 and int(text[2:4]) <= 59 and int(text[4:6] or 0) <= 59


# --- data --------------------------------------------------------------------------------------------------------------


@cache
def table(release: str, name: str) -> dict:
    return json.loads((DATA / release / f"{name}.json").read_text())


@cache
def items_of(set_code: str, release: str) -> list:
    whole = json.loads((DATA / release / "sets" / f"{set_code}.json").read_text())
    return [item for area in ("heading", "detail", "summary") for item in whole.get(area, [])]


def ids_in(items: list) -> set[str]:
    found: set[str] = set()
    for item in items:
        found |= ids_in(item[1:]) if isinstance(item, list) else {item.split()[0].rstrip("!")}
    return found
