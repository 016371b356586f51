"""X12 as plain text, read and written by hand: the other side shares no line of code with the gateway it checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple, TypeAlias

Segment: TypeAlias = list[str]


class Style(NamedTuple):
    """How one retailer writes: what its ISA says of itself, its release, and what stands between things."""

    sender: tuple[str, str]
    group: str
    receiver: tuple[str, str]
    our_group: str
    version: str
    repetition: str
    release: str
    element: str
    component: str
    end: str


class Set(NamedTuple):
    """One set as it came: its ST and SE included. ``interchange`` and ``group`` are numbers as they stand there."""

    code: str
    interchange: str
    group_code: str
    group: str
    number: str
    segments: list[Segment]

    def first(self, tag: str) -> Segment:
        """The first segment of a tag; without elements where there is none."""
        return next((segment for segment in self.segments if segment[0] == tag), [tag, *[""] * 20])

    def all(self, tag: str) -> list[Segment]:
        """All segments of a tag."""
        return [segment for segment in self.segments if segment[0] == tag]


class Interchange(NamedTuple):
    """One interchange: its segments from ISA to IEA, and the sets in it."""

    segments: list[Segment]
    sets: list[Set]

    @property
    def number(self) -> str:
        """ISA13."""
        return self.segments[0][13]


def segments_of(text: str) -> list[Segment]:
    """The segments of a file that begins with an ISA."""
    element, end = text[3], text[105]
    return [piece.strip("\r\n").split(element) for piece in text.split(end) if piece.strip("\r\n")]


def read(text: str) -> Interchange:
    """A file of one interchange."""
    segments = segments_of(text)
    return Interchange(segments, list(_sets(segments)))


def _sets(segments: list[Segment]) -> Iterator[Set]:
    group: Segment = []
    begin = 0
    for place, segment in enumerate(segments):
        if segment[0] == "GS":
            group = segment
        elif segment[0] == "ST":
            begin = place
        elif segment[0] == "SE":
            body = segments[begin : place + 1]
            yield Set(body[0][1], segments[0][13], group[1], group[6], body[0][2], body)


def style_of(text: str) -> Style:
    """How the writer of this sample writes."""
    isa, gs = segments_of(text)[:2]
    end = "\n" if text[105] == "\n" else text[105]
    sender, receiver = (isa[5], isa[6].strip()), (isa[7], isa[8].strip())
    return Style(sender, gs[2], receiver, gs[3], isa[12], isa[11], gs[8], text[3], isa[16], end)


def write(style: Style, code: str, number: int, at: datetime, sets: Iterable[list[Segment]], release: str = "") -> str:
    """An interchange of one group; each set is given without its ST and SE."""
    bodies = []
    for place, body in enumerate(sets, 1):
        kind, *rest = body
        control = f"{place:04d}"
        bodies += [["ST", kind[0], control], *rest, ["SE", str(len(rest) + 2), control]]
    count = sum(segment[0] == "ST" for segment in bodies)
    isa = [
        *("ISA", "00", " " * 10, "00", " " * 10, style.sender[0], f"{style.sender[1]:15}", style.receiver[0]),
        *(f"{style.receiver[1]:15}", f"{at:%y%m%d}", f"{at:%H%M}", style.repetition, style.version, f"{number:09d}"),
        *("0", "P", style.component),
    ]
    gs = ["GS", code, style.group, style.our_group, f"{at:%Y%m%d}", f"{at:%H%M}", str(number), "X", release or style.release]
    whole = [isa, gs, *bodies, ["GE", str(count), str(number)], ["IEA", "1", f"{number:09d}"]]
    return "".join(style.element.join(segment) + style.end for segment in whole)
