"""Reading a payload: what stands in it, in order, whatever it is.

A set whose SE01 and SE02 are right is found with ``find`` and ``count`` alone, without a look at each segment; anything else
takes the careful way, which looks for the next envelope segment behind a terminator. No content raises: what cannot be read
is told as ``Skipped``, and reading goes on at the next envelope. Every byte belongs to one event or is padding before one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from edi_gateway.x12.boundaries import PADDING, Marks, marks_of
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import (
    Event,
    FunctionalGroup,
    GroupEnd,
    Interchange,
    InterchangeAcknowledgment,
    InterchangeEnd,
    Segment,
    Skipped,
    TransactionSet,
)
from edi_gateway.x12.envelope_checks import (
    check_group_header,
    check_group_trailer,
    check_header,
    check_set_header,
    check_set_trailer,
    check_trailer,
    is_usual_set_header,
)
from edi_gateway.x12.envelope_findings import MORE_THAN_ENOUGH, envelope_finding
from edi_gateway.x12.finding import Finding
from edi_gateway.x12.header import parse_header
from edi_gateway.x12.reading_point import OpenGroup, OpenInterchange, ReadingPoint, copy_of_group, copy_of_interchange
from edi_gateway.x12.scanner import END, GIVEN_UP, NEAR, Boundary, Scanner
from edi_gateway.x12.window import CHUNK
from edi_gateway.x12.wrapping import LOOKED_AT, cut_of

# Bytes after which a set without SE is given up. An 850 with all the 100,000 lines it may have is some 12 MB; checking 16 MB
# takes up to 220 MB of memory, and making a document of it as much again.
LARGEST_SET = 16 << 20
_NO_MARKS = marks_of(Delimiters())
_WIDE = ("\xff\xfe", "\xfe\xff", "I\x00S\x00A\x00", "\x00I\x00S\x00A")  # how UTF-16 begins


def read(source: bytes | BinaryIO) -> list[Event]:
    """Everything a payload holds, in order, in memory: for small payloads and tests."""
    return list(Reader(source))


class Reader:
    """Iterates over the events of a payload in constant memory: one transaction set at a time.

    ``source`` is bytes or a binary stream. ``start`` is another reader's ``point`` on the same payload. A stream that cannot
    be read raises what its ``read`` raises; no content raises anything.
    """

    def __init__(
        self,
        source: bytes | BinaryIO,
        *,
        start: ReadingPoint | None = None,
        chunk: int = CHUNK,
        largest_set: int = LARGEST_SET,
    ) -> None:
        start = start or ReadingPoint()
        self._text = Scanner(source, start.offset, chunk, start.cut)
        self._interchange = copy_of_interchange(start.interchange)
        self._group = copy_of_group(start.group)
        self._marks = marks_of(self._interchange.header.delimiters) if self._interchange else _NO_MARKS
        self._largest_set = largest_set
        self._events, self._began_at = start.events, start.offset
        self._no_se = (0, 0)  # between these offsets no trailer begins

    def __iter__(self) -> Iterator[Event]:
        return self

    def __next__(self) -> Event:
        self._text.settle()
        if self._group is not None:
            event = self._in_group(self._group)
        elif self._interchange is not None:
            event = self._in_interchange(self._interchange)
        else:
            event = self._outside()
        self._events += 1
        self._note_break()
        return event

    @property
    def point(self) -> ReadingPoint:
        """Where another reader can go on after the last event."""
        open_interchange, open_group = copy_of_interchange(self._interchange), copy_of_group(self._group)
        return ReadingPoint(self._text.offset, open_interchange, open_group, self._events, self._text.cut)

    @property
    def span(self) -> tuple[int, int]:
        """The bytes of the payload the last event was made of, padding before it left out."""
        return self._began_at, self._text.offset

    # The three places to be in

    def _outside(self) -> Event:
        text = self._text
        if not text.offset and text.has(8) and text.text.startswith(_WIDE):
            text.go_to_end()
            return self._skipped(0, "interchange.encoding", "this is UTF-16; a payload has one byte for a character")
        start = text.offset
        at = text.pass_padding(None)
        if not text.has(at):
            if self._events:
                raise StopIteration
            return self._skipped(start, "interchange.no_header", "the payload is empty")
        return self._open_interchange(at) or self._skip_to_header()

    def _in_interchange(self, interchange: OpenInterchange) -> Event:
        at = self._text.pass_padding(self._marks)
        tag, segment, end = self._text.segment(at, self._marks)
        if tag == "GS":
            return self._open_group(interchange, segment, at, end)
        if tag == "ST":
            outside = envelope_finding("interchange.content", "a set stands outside any group", segment="ST")
            if len(interchange.findings) < MORE_THAN_ENOUGH:
                interchange.findings.append(outside)
            return self._set(at)
        if tag == "TA1":
            return InterchangeAcknowledgment(interchange.header, tuple(segment), self._take(at, end))
        if tag == "IEA":
            offset = self._take(at, end)
            interchange.findings.extend(check_trailer(interchange.header, segment, interchange.groups, offset))
            if self._marks.terminator not in self._text.text[at:end]:
                interchange.findings.append(envelope_finding("interchange.unterminated", segment="IEA", offset=offset))
            return self._close_interchange(interchange)
        if tag in ("ISA", END):
            offset = self._take(at, at)
            interchange.findings.append(envelope_finding("interchange.trailer_missing", offset=offset))
            return self._close_interchange(interchange)
        return self._skip_to_boundary(interchange, segment)

    def _in_group(self, group: OpenGroup) -> Event:
        at = self._text.pass_padding(self._marks)
        if self._text.text.startswith(self._marks.st, at):
            return self._whole_set(at, group) or self._set(at)
        tag, segment, end = self._text.segment(at, self._marks)
        if tag == "GE":
            offset = self._take(at, end)
            group.findings.extend(check_group_trailer(group.header.gs, segment, group.sets, offset))
            return self._close_group(group, segment)
        if tag in ("GS", "IEA", "ISA", END):
            offset = self._take(at, at)
            group.findings.append(envelope_finding("group.trailer_missing", offset=offset))
            return self._close_group(group, None)
        return self._skip_to_boundary(self._interchange, segment)

    # Opening and closing

    def _open_interchange(self, at: int) -> Interchange | None:
        at = self._put_together(at)
        header = parse_header(self._text.text, at)
        if header is None:
            return None
        offset, cut = self._take(at, header.end), self._text.cut
        interchange = Interchange(header.isa, header.delimiters, offset, cut)
        findings = list(check_header(interchange, header.oddities))
        if cut:
            how = f"its lines are cut at {cut.width} characters, inside segments; they were put together"
            findings.insert(0, envelope_finding("interchange.wrapped", how, segment="ISA", offset=offset))
        self._interchange = OpenInterchange(interchange, findings=findings)
        self._marks, self._no_se = marks_of(header.delimiters), (0, 0)
        return interchange

    def _put_together(self, at: int) -> int:
        """From here on without the line ends that cut lines at a width, if they are cut; where the text goes on then."""
        self._text.has(at + LOOKED_AT)
        cut = None if self._text.cut else cut_of(self._text.text[at : at + LOOKED_AT], self._text.offset_of(at))
        if cut is None:
            return at
        self._text.at = at
        self._text.put_together(cut)
        self._text.has(LOOKED_AT)
        return 0

    def _note_break(self) -> None:
        """That in the open interchange a line is not as wide as those before; behind it that is nobody's matter."""
        broken = self._text.passed_break()
        if broken is not None and self._interchange is not None and broken > self._interchange.header.offset:
            how = "from here on its lines are not cut as before; they are read as they stand"
            self._interchange.findings.append(envelope_finding("interchange.wrapped", how, offset=broken))

    def _open_group(self, interchange: OpenInterchange, gs: Segment, at: int, end: int) -> FunctionalGroup:
        offset = self._take(at, end)
        header = FunctionalGroup(tuple(gs), interchange.header, offset)
        interchange.groups += 1
        self._group = OpenGroup(header, findings=list(check_group_header(gs, interchange.header.version, offset)))
        if not interchange.group_numbers.add(header.control_number):
            self._group.findings.append(envelope_finding("group.duplicate", header.control_number, segment="GS", offset=offset))
        return header

    def _close_group(self, group: OpenGroup, ge: Segment | None) -> GroupEnd:
        self._group = None
        declared = ge[1].strip() if ge else ""
        number = int(declared) if declared.isascii() and declared.isdigit() else None
        return GroupEnd(group.header, group.sets, number, tuple(group.findings), self._text.offset)

    def _close_interchange(self, interchange: OpenInterchange) -> InterchangeEnd:
        self._interchange = None
        return InterchangeEnd(interchange.header, interchange.groups, tuple(interchange.findings), self._text.offset)

    # Sets

    def _whole_set(self, at: int, group: OpenGroup) -> TransactionSet | None:
        """The set at this position if its SE is near and right in every respect; no look at its segments is needed then.

        If SE02 repeats ST02 and SE01 is the number of terminators from ST to SE, nothing was cut out or mixed in.
        """
        marks = self._marks
        self._text.has(at + NEAR + len(marks.se))
        text = self._text.text
        near = at + NEAR
        se = self._next_se(at, near)
        closing = se + len(marks.se)
        end = text.find(marks.terminator, closing, near) if se >= 0 else -1
        if end < 0:
            return None
        st = text[at : text.find(marks.terminator, at)].split(marks.element)
        number = st[2] if len(st) > 2 else ""
        count, _, ending = text[closing:end].partition(marks.element)
        if ending != number or count != str(text.count(marks.terminator, at, end) + 1):
            return None
        if text.find(marks.empty, at, closing) >= 0:
            return None
        return self._told(at, _with_line_end(text, end, marks), st, group)

    def _next_se(self, at: int, near: int) -> int:
        """The next trailer in the text, or -1; what was searched already is not searched again, however many SE are missing."""
        base = self._text.base
        begins, ends = self._no_se
        known = begins <= base + at <= ends
        found = self._text.text.find(self._marks.se, max(at, ends - base) if known else at, near)
        searched = base + (found if found >= 0 else max(at, near - len(self._marks.se) + 1))
        self._no_se = (begins if known else base + at, max(searched, ends) if known else searched)
        return found

    def _set(self, at: int) -> TransactionSet:
        """The set at this position, ended or not, by looking for the envelope segment that follows it."""
        marks = self._marks
        boundary = self._text.next_boundary(at + 2, marks, self._largest_set)
        text = self._text.text
        terminator = text.find(marks.terminator, at, boundary.at)
        st = text[at : terminator if terminator >= 0 else boundary.at].rstrip(PADDING).split(marks.element)
        offset = self._text.offset_of(boundary.at)
        if boundary.tag == "SE":
            _, se, end = self._text.segment(boundary.at, marks)
            segments, empty = _count(text, at, boundary, marks)
            trailer = tuple(check_set_trailer(st, se, segments + 1, empty, offset))
            return self._told(at, end, st, self._group, True, trailer)
        if boundary.tag == GIVEN_UP:
            missing = envelope_finding("set.too_large", self._largest_set, offset=offset)
        else:
            missing = envelope_finding("set.trailer_missing", offset=offset)
        return self._told(at, boundary.at, st, self._group, False, (missing,))

    def _told(
        self, at: int, end: int, st: Segment, group: OpenGroup | None, ended: bool = True, findings: tuple[Finding, ...] = ()
    ) -> TransactionSet:
        """The set between two positions, counted and taken."""
        text = self._text.text[at:end]
        offset = self._take(at, end)
        header: tuple[Finding, ...] = ()
        if group is None or not is_usual_set_header(st, group.header.code):
            header = tuple(check_set_header(st, group.header.code if group else None, offset))
        if group is not None:
            group.sets += 1
            if len(st) > 2 and not group.set_numbers.add(st[2].strip()):
                header += (envelope_finding("set.duplicate", st[2].strip(), segment="ST", offset=offset),)
        delimiters = self._interchange.header.delimiters if self._interchange else Delimiters()
        found, inside = header + findings, group.header if group else None
        return TransactionSet(text, delimiters, group=inside, offset=offset, ended=ended, findings=found, st=st)

    # What cannot be read

    def _skip_to_header(self) -> Skipped:
        """Everything up to the next ISA, or to the end."""
        start = self._text.offset
        found = self._text.go_to_header()
        why = "what stands here was passed over up to the next ISA" if found else "nor anywhere behind it"
        return self._skipped(start, "interchange.no_header", why)

    def _skip_to_boundary(self, interchange: OpenInterchange | None, segment: Segment) -> Skipped:
        """What has no place in an envelope, up to the next envelope segment or to the end."""
        start, tag = self._text.offset, segment[0][:10] if segment else "something long"
        self._text.go_to_boundary(self._marks)
        where = "a group" if self._group else "an interchange"
        skipped = self._skipped(start, "interchange.content", f"{tag!r} has no place between the segments of {where}")
        if interchange and len(interchange.findings) < MORE_THAN_ENOUGH:
            interchange.findings.append(skipped.finding)
        return skipped

    def _skipped(self, start: int, kind: str, why: str) -> Skipped:
        self._began_at = start
        return Skipped(start, self._text.offset, envelope_finding(kind, why, offset=start))

    def _take(self, at: int, end: int) -> int:
        """Say that the next event is made of these characters; the offset it begins at."""
        self._began_at = self._text.offset_of(at)
        self._text.at = end
        return self._began_at


def _with_line_end(text: str, terminator: int, marks: Marks) -> int:
    """The position behind a terminator and the line end that decorates it."""
    behind = terminator + len(marks.terminator)
    return behind + len(marks.line_end) if text.startswith(marks.line_end, behind) else behind


def _count(text: str, at: int, boundary: Boundary, marks: Marks) -> tuple[int, int]:
    """How many segments stand before a boundary, and how many empty ones; binary data is not looked into."""
    kept, position = [], at
    for begins, ends in boundary.binary:
        if ends > begins:
            kept.append(text[position:begins])
            position = ends
    pieces = "".join((*kept, text[position : boundary.at])).split(marks.terminator)[:-1]
    filled = sum(1 for piece in pieces if piece.strip(PADDING))
    return filled, 0 if marks.terminator in "\r\n" else len(pieces) - filled
