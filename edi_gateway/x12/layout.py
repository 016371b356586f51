"""The same document laid out otherwise: line ends, width, delimiters. What it says stays as it is, mistakes included.

Only padding goes: line ends and blanks between segments, empty segments between envelopes. What stands outside interchanges is
passed on byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import BinaryIO

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.x12.boundaries import PADDING
from edi_gateway.x12.cut_lines import CutLines
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Event, Interchange, InterchangeEnd
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.wrapping import wrapped

_BINARY = ("BIN", "BDS")


class Layout(msgspec.Struct, frozen=True):
    """How to lay out. ``line_end`` stands behind every terminator that is no line end itself.

    ``delimiters`` None leaves those of each interchange; their own ``line_end`` does not count. ``width`` cuts the whole into
    lines of that many characters, and asks for no other line ends.
    """

    line_end: str = "\n"
    delimiters: Delimiters | None = None
    width: int | None = None

    def check(self) -> None:
        """Raises WrongInput for what does not go together."""
        if self.delimiters:
            self.delimiters.check()
        if self.width and self.line_end:
            raise WrongInput("lines are either cut at a width or end with each segment", do="leave one of the two")


def laid_out(source: bytes | BinaryIO, layout: Layout, found: list[Interchange] | None = None) -> Iterator[bytes]:
    """The payload in another layout, piece by piece; the first interchange met is added to ``found``, if there is any.

    Raises WrongInput where a new delimiter stands in the data, or where binary data (BIN, BDS) would have to be changed.
    """
    layout.check()
    pieces = (piece.encode("latin-1") for piece in _pieces(source, layout, [] if found is None else found))
    return wrapped(pieces, layout.width) if layout.width else pieces


class _Kept:
    """A source that keeps what was read until it is taken."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._kept, self._base = source, bytearray(), 0

    def read(self, size: int = -1) -> bytes:
        more = self._source.read(size)
        self._kept += more
        return more

    def take(self, begins: int, ends: int) -> str:
        piece = bytes(self._kept[begins - self._base : ends - self._base])
        del self._kept[: ends - self._base]
        self._base = ends
        return piece.decode("latin-1")


def _pieces(source: bytes | BinaryIO, layout: Layout, found: list[Interchange]) -> Iterator[str]:
    kept = _Kept(BytesIO(source) if isinstance(source, bytes) else source)
    cut: CutLines | None = None
    reader, hand = Reader(kept), None  # type: ignore[arg-type]  # a Reader only calls read
    for event in reader:
        begins, ends = reader.span
        text = kept.take(begins, ends)
        if isinstance(event, Interchange):
            cut = event.cut
        if cut:
            text = cut.without(text, begins)
        if isinstance(event, Interchange):
            hand, found[:] = _Hand(event, layout), found[:1] or [event]
            yield hand.header(event, text)
        elif hand is None:
            yield text
        else:
            yield hand.segments(text, _where(event))
        if isinstance(event, InterchangeEnd):
            hand = None


class _Hand:
    """Writes the segments of one interchange anew."""

    def __init__(self, interchange: Interchange, layout: Layout) -> None:
        self._old, self._layout = interchange.delimiters, layout
        new = layout.delimiters or self._old
        self._terminator = new.segment
        self._line_end = "" if new.segment in "\r\n" else layout.line_end
        pairs = [(self._old.element, new.element), (self._old.repetition, new.repetition)]
        self._has_isa16 = interchange.isa[16] == self._old.component  # not one that stands for none
        if self._has_isa16:
            pairs.append((self._old.component, new.component))
        self._swap = {ord(old): mark for old, mark in pairs if old and mark and old != mark}
        meant = set("".join(old for old, _ in pairs if old) + self._old.segment)
        marks = {mark for old, mark in pairs if old and mark} | {new.segment}
        self._foreign = marks - meant
        self._changes = bool(self._swap) or new.segment != self._old.segment

    def header(self, interchange: Interchange, text: str) -> str:
        """The ISA, as it stood where no delimiter changes."""
        if not self._changes or self._layout.delimiters is None:
            end = self._line_end if self._has_isa16 else ""  # a line end behind its terminator would make ISA16 of that
            return text.rstrip("\r\n \t" if self._old.segment not in "\r\n" else " \t") + end
        isa = list(interchange.isa)
        new = self._layout.delimiters
        self._refuse_foreign("".join(isa[:11] + isa[12:16]), "ISA")
        if self._old.repetition and new.repetition:
            isa[11] = new.repetition
        return new.element.join([*isa[:16], new.component]) + new.segment + self._line_end

    def segments(self, text: str, where: str) -> str:
        """Segments with their terminators; the last may have none."""
        if self._changes and re.search(rf"(?:^|{re.escape(self._old.segment)})\s*(?:{'|'.join(_BINARY)})", text):
            raise WrongInput("it holds binary data, whose delimiters cannot be changed", where=where)
        *ended, last = text.split(self._old.segment)
        written = [self._segment(piece, where) + self._terminator + self._line_end for piece in ended]
        rest = last.strip(PADDING)
        return "".join(written) + (self._segment(rest, where) if rest else "")

    def _segment(self, piece: str, where: str) -> str:
        bare = piece.lstrip(PADDING).rstrip("\r\n")
        if self._foreign:
            self._refuse_foreign(bare, where)
        return bare.translate(self._swap) if self._swap else bare

    def _refuse_foreign(self, text: str, where: str) -> None:
        found = self._foreign.intersection(text)
        if found:
            mark = min(found)
            raise WrongInput(f"{mark!r} stands in the data: {text[:60]!r}", where=where, do="choose another delimiter")


def _where(event: Event) -> str:
    code, number = getattr(event, "code", ""), getattr(event, "control_number", "")
    return f"{code} {number}".strip() or "the envelope"
