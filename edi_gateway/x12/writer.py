"""Writing interchanges: widths, counts, trailers and control numbers are the writer's; what a set says is its caller's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import FunctionalGroup, Identity, Interchange, Segment
from edi_gateway.x12.repair import separators_in_data
from edi_gateway.x12.text import long_date, short_date, short_time

_USUAL = Delimiters()
_HIGHEST = 999_999_999
_REPETITION_SINCE = "00402"
_ISA_WIDTHS = (0, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1)


class InterchangeHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What an ISA of ours says. ``at`` is written as it is, in whatever time zone it comes."""

    sender: Identity
    receiver: Identity
    control_number: int
    at: datetime
    version: str = "00401"
    usage: str = "P"
    acknowledgment_requested: bool = False
    authorization: tuple[str, str] = ("00", "")
    security: tuple[str, str] = ("00", "")

    def isa(self, delimiters: Delimiters) -> Segment:
        """ISA to ISA16, every element at its width. Raises WrongInput for what does not fit."""
        repetition = delimiters.repetition if delimiters.repetition and self.version >= _REPETITION_SINCE else "U"
        elements = [
            "ISA", *self.authorization, *self.security, *self.sender, *self.receiver,
            short_date(self.at), short_time(self.at), repetition, self.version,
            _control_number(self.control_number, "ISA13").zfill(9), str(int(self.acknowledgment_requested)), self.usage,
        ]  # fmt: skip
        for position, (value, width) in enumerate(zip(elements[1:], _ISA_WIDTHS[1:], strict=True), 1):
            if len(value) > width or (len(value) < width and position not in (2, 4, 6, 8)):
                raise WrongInput(f"{value!r} has not the width of ISA{position:02d}, {width}")
        return [*(value.ljust(width) for value, width in zip(elements, _ISA_WIDTHS, strict=True)), delimiters.component]


class GroupHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What a GS of ours says. Dates have the century from release 004010 on."""

    code: str
    sender: str
    receiver: str
    control_number: int
    release: str
    at: datetime
    agency: str = "X"

    def gs(self) -> Segment:
        """GS to GS08. Raises WrongInput for what does not fit."""
        for value, name, shortest, longest in (
            (self.code, "GS01", 2, 2),
            (self.sender, "GS02", 2, 15),
            (self.receiver, "GS03", 2, 15),
            (self.release, "GS08", 1, 12),
        ):
            if not shortest <= len(value) <= longest:
                raise WrongInput(f"{name} {value!r} has not {shortest} to {longest} characters")
        written = long_date(self.at) if self.release >= "004010" else short_date(self.at)
        number = _control_number(self.control_number, "GS06")
        return ["GS", self.code, self.sender, self.receiver, written, short_time(self.at), number, self.agency, self.release]


Group: TypeAlias = tuple["GroupHeader | FunctionalGroup", Sequence[Sequence[Segment]]]


def write_interchange(
    header: InterchangeHeader | Interchange,
    groups: Iterable[Group],
    delimiters: Delimiters = _USUAL,
    *,
    ta1: Iterable[Segment] = (),
) -> bytes:
    """The bytes of an interchange: its groups, each a header and its sets, and TA1 segments before them.

    A set is its segments from ST on. SE is written anew: the count is that of the segments, the number that of ST02; an empty
    ST02 gets the set's place in the group. Trailing empty elements are dropped. Headers that were read (``Interchange``,
    ``FunctionalGroup``) are written as they stood.
    Raises WrongInput where data holds a separator, a line end or a character that is not latin-1, with segment and element.
    """
    pen = Pen(delimiters)
    written = (_group(pen, group, sets) for group, sets in groups)
    return "".join(interchange_lines(header, written, pen, ta1)).encode("latin-1")


def interchange_lines(
    header: InterchangeHeader | Interchange, groups: Iterable[Iterable[str]], pen: Pen, ta1: Iterable[Segment] = ()
) -> Iterator[str]:
    """The same line by line, around groups that are written already (GS to GE): for what is too long to be held whole.

    Raises WrongInput for the header before the first line."""
    isa = list(header.isa) if isinstance(header, Interchange) else header.isa(pen.delimiters)
    first = [pen.header(isa), *(pen.line(segment, "TA1") for segment in ta1)]
    return _lines(first, groups, pen, isa[13])


def _lines(first: list[str], groups: Iterable[Iterable[str]], pen: Pen, number: str) -> Iterator[str]:
    yield from first
    count = 0
    for group in groups:
        count += 1
        yield from group
    yield pen.line(["IEA", str(count), number], "IEA")


def _group(pen: Pen, group: GroupHeader | FunctionalGroup, sets: Sequence[Sequence[Segment]]) -> Iterable[str]:
    received = isinstance(group, FunctionalGroup)
    gs = list(group.gs) if isinstance(group, FunctionalGroup) else group.gs()
    pen.release = "" if received else gs[8]
    yield pen.line(gs, "GS")
    numbers: set[str] = set()
    for place, segments in enumerate(sets, 1):
        number = _set_number(segments, place)
        if number in numbers and not received:
            raise WrongInput(f"ST02 {number!r} stands twice in one group", do="give every set a number of its own")
        numbers.add(number)
        yield from _set(pen, segments, number)
    yield pen.line(["GE", str(len(sets)), gs[6]], "GE")


def _set_number(segments: Sequence[Segment], place: int) -> str:
    if not segments or segments[0][0] != "ST" or len(segments[0]) < 2:
        raise WrongInput("a set begins with ST and its code", where=f"set {place}")
    return (segments[0][2] if len(segments[0]) > 2 else "") or f"{place:04d}"


def _set(pen: Pen, segments: Sequence[Segment], number: str) -> Iterable[str]:
    body = segments[1:-1] if segments[-1][0] == "SE" else segments[1:]
    st = segments[0]
    yield pen.line(["ST", st[1], number, *st[3:]], "segment 1 ST")
    for position, segment in enumerate(body, 2):
        yield pen.line(segment, f"segment {position} {segment[0] if segment else ''}")
    yield pen.line(["SE", str(len(body) + 2), number], "SE")


class Pen:
    """Writes one segment at a time with the delimiters of the interchange. Raises WrongInput for delimiters that are none.

    ``release`` is that of a group of ours: there a component separator may stand only in a composite of that release. Sets that
    were read are written as they were.
    """

    def __init__(self, delimiters: Delimiters) -> None:
        delimiters.check()
        self._element, self._terminator = delimiters.element, delimiters.segment
        self._end = delimiters.segment + delimiters.line_end
        self.delimiters = delimiters
        self._inner = [mark for mark in (delimiters.component, delimiters.repetition) if mark]
        self.release = ""

    def header(self, isa: Segment) -> str:
        """The ISA, whose elements keep their widths."""
        return self._element.join(isa) + self._end

    def line(self, segment: Segment, where: str) -> str:
        """The segment as it is sent. Raises WrongInput."""
        if not segment or not segment[0]:
            raise WrongInput("a segment has no id", where=where)
        length = len(segment)
        while length > 1 and not segment[length - 1]:
            length -= 1
        kept = segment if length == len(segment) else segment[:length]
        text = self._element.join(kept)
        if text.count(self._element) != length - 1 or self._terminator in text or "\n" in text or "\r" in text:
            raise self._separator(segment, where)
        if self.release and any(mark in text for mark in self._inner):
            found = next(separators_in_data(segment, self.delimiters, self.release), None)
            if found:
                raise self._separator(segment, where)
        if not text.isascii():
            self._check_latin(segment, where)
        return text + self._end

    def _separator(self, segment: Segment, where: str) -> WrongInput:
        at, mark = next(separators_in_data(segment, self.delimiters, self.release))
        return WrongInput(
            f"{segment[at]!r} holds the separator {mark!r}",
            where=f"{where}, {segment[0]}{at:02d}",
            do="replace it in the data or agree on another separator",
        )

    def _check_latin(self, segment: Segment, where: str) -> None:
        for at, value in enumerate(segment):
            wrong = next((mark for mark in value if ord(mark) > 0xFF), None)
            if wrong:
                raise WrongInput(
                    f"{value!r} holds {wrong!r}, which has no byte",
                    where=f"{where}, {segment[0]}{at:02d}",
                    do="repair the text first",
                )


def _control_number(number: int, name: str) -> str:
    if not 0 < number <= _HIGHEST:
        raise WrongInput(f"{name} {number} is not between 1 and {_HIGHEST}", do="start the sequence again at 1")
    return str(number)
