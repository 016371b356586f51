"""Finding envelope segments in a window: padding, the segment at hand, the next boundary. Knows text, not what it means."""

from __future__ import annotations

from typing import NamedTuple

from edi_gateway.x12.boundaries import ENVELOPE_TAGS, PADDING, WIDEST_PADDING, Marks, certain_header, header_starts, is_header
from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.header import LONGEST, parse_header
from edi_gateway.x12.window import Window

NEAR = 1 << 16  # characters looked at in one step
END, GIVEN_UP, OTHER = "", "…", "?"  # tags that are none
_LONGEST_SEGMENT = 512  # characters of an envelope segment
_SLACK = 512 + WIDEST_PADDING
_UTF8_MARK = "\xef\xbb\xbf"


class Boundary(NamedTuple):
    """Where an envelope segment begins (``END``: the text ends there; ``GIVEN_UP``: it was looked for up to there).

    ``binary`` holds from and to of the binary data passed on the way, which is not to be searched for segments.
    """

    tag: str
    at: int
    binary: tuple[tuple[int, int], ...] = ()


class Scanner(Window):
    """A window that knows segments. Positions are those of ``text``."""

    def pass_padding(self, marks: Marks | None) -> int:
        """Go behind what means nothing here; the position of what follows. Inside an interchange, empty segments mean nothing."""
        if not self.offset and self.has(2) and self.text.startswith(_UTF8_MARK):
            self.at = len(_UTF8_MARK)
        shortest = len(marks.terminator) if marks else 1
        while True:
            if marks and (found := marks.padding.match(self.text, self.at)):
                self.at = found.end()
            elif not marks:
                self.at = _behind(self.text, self.at)
            if self.at + shortest < len(self.text) or self.ended:
                return self.at
            self.settle()
            self.fill()

    def segment(self, at: int, marks: Marks) -> tuple[str, Segment, int]:
        """The envelope segment here: its tag (or ``END``, ``OTHER``), its elements, and the position behind it."""
        self.has(at + _SLACK)
        text = self.text
        if at >= len(text):
            return END, [], at
        if text.startswith("ISA", at) and parse_header(text, at):
            return "ISA", [], at
        end = text.find(marks.terminator, at, at + _LONGEST_SEGMENT)
        if end < 0 and len(text) > at + _LONGEST_SEGMENT:
            return ("ST" if text.startswith(marks.st, at) else OTHER), [], at
        behind = end + len(marks.terminator) if end >= 0 else len(text)
        segment = text[at : end if end >= 0 else len(text)].rstrip("\r\n\x00\x1a").split(marks.element)
        if text.startswith(marks.line_end, behind):
            behind += len(marks.line_end)
        return (segment[0] if segment[0] in ENVELOPE_TAGS and len(segment) > 1 else OTHER), segment, behind

    def next_boundary(self, start: int, marks: Marks, limit: int) -> Boundary:
        """The next envelope segment that begins behind a terminator at ``start`` or later, looking ``limit`` characters far."""
        position, binary = start, []
        while True:
            self.has(position + NEAR + _SLACK)
            until = position + NEAR + WIDEST_PADDING + 8
            found = marks.boundary.search(self.text, position, until)
            tag, at = (found["tag"] or "ISA", found.start(found.lastgroup or 0)) if found else (OTHER, until)
            if found and tag in ("BIN", "BDS"):
                binary.append(self._binary(at, tag, marks, limit))
                position = max(binary[-1][1], found.end())
                continue
            if tag != "SE" and (cut := certain_header(self.text, position, found.start() if found else until)) >= 0:
                return Boundary("ISA", cut, tuple(binary))
            if found and self.segment(at, marks)[0] == tag:
                return Boundary(tag, at, tuple(binary))
            position = found.end() if found else position + NEAR
            if not self.has(position):
                return Boundary(END, len(self.text), tuple(binary))
            if position - start > limit:
                return Boundary(GIVEN_UP, position, tuple(binary))

    def go_to_boundary(self, marks: Marks) -> None:
        """Go to the next envelope segment, or to the end, keeping little of what is passed."""
        while (boundary := self.next_boundary(self.at, marks, NEAR)).tag == GIVEN_UP:
            self.at = boundary.at
            self.settle()
        self.at = boundary.at

    def go_to_header(self) -> bool:
        """Go to the next ISA behind the next character, keeping little of what is passed; False if there is none."""
        while True:
            text = self.text
            for at in header_starts(text, self.at + 1):
                self.has(at + LONGEST)
                if is_header(self.text, at):
                    self.at = at
                    return True
            if self.ended and len(text) == len(self.text):
                self.at = len(text)
                return False
            self.at = max(self.at, len(text) - 5)  # an ISA may begin in the last three, and what is before it is asked for
            self.settle()
            self.fill()

    def go_to_end(self) -> None:
        while not self.ended:
            self.at = len(self.text)
            self.settle()
            self.fill()
        self.at = len(self.text)

    def _binary(self, at: int, tag: str, marks: Marks, limit: int) -> tuple[int, int]:
        """From and to of the data of a BIN (length, data) or BDS (filter, length, data); nothing if its length is none."""
        self.has(at + 40)
        pieces = self.text[at : at + 40].split(marks.element)
        before = 1 if tag == "BIN" else 2
        length = pieces[before] if len(pieces) > before + 1 else ""
        begins = at + sum(len(piece) + 1 for piece in pieces[: before + 1])
        if not (length.isascii() and length.isdigit()) or int(length) > limit:
            return begins, at
        self.has(begins + int(length))
        return begins, min(begins + int(length), len(self.text))


def _behind(text: str, at: int) -> int:
    while at < len(text) and text[at] in PADDING:
        at += 1
    return at
