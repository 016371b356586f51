"""What a reader tells of a payload, in the order it stands there: interchanges, groups, sets, and what had to be skipped.

A segment is a plain list of strings, ``["BEG", "00", "SA", …]``: its id at 0, so that ``segment[3]`` is element 3 (BEG03).
Composites and repetitions are left in the element's text; split them with the interchange's ``delimiters``.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple, TypeAlias

import msgspec

from edi_gateway.x12.cut_lines import CutLines
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.finding import Finding

Segment: TypeAlias = list[str]
_DECORATION = " \t\r\n\x00\x0b\x0c\x1a"  # line ends and indentation before a segment


class Identity(NamedTuple):
    """Who, on an ISA: a qualifier (ISA05, ISA07) and an id without its padding (ISA06, ISA08)."""

    qualifier: str
    id: str

    def __str__(self) -> str:
        return f"{self.qualifier}:{self.id}"


class Interchange(msgspec.Struct, frozen=True):
    """The header of an interchange as it stood: ``isa[1]`` … ``isa[16]``, padding kept; ``offset`` of its first byte.

    ``cut`` says how its lines are cut, where they are cut at a width: sets are told without those line ends.
    """

    isa: tuple[str, ...]
    delimiters: Delimiters
    offset: int = 0
    cut: CutLines | None = None

    @property
    def sender(self) -> Identity:
        return Identity(self.isa[5].strip(), self.isa[6].strip())

    @property
    def receiver(self) -> Identity:
        return Identity(self.isa[7].strip(), self.isa[8].strip())

    @property
    def version(self) -> str:
        """ISA12, the version of the envelope; the sets' release is GS08 and need not agree."""
        return self.isa[12].strip()

    @property
    def control_number(self) -> str:
        """ISA13 as written."""
        return self.isa[13].strip()

    @property
    def acknowledgment_requested(self) -> bool:
        """ISA14: a TA1 is asked for."""
        return self.isa[14].strip() == "1"

    @property
    def usage(self) -> str:
        """ISA15: P production, T test, I information."""
        return self.isa[15].strip()


class FunctionalGroup(msgspec.Struct, frozen=True):
    """The header of a group: ``gs[1]`` … ``gs[8]``."""

    gs: tuple[str, ...]
    interchange: Interchange
    offset: int = 0

    def _element(self, position: int) -> str:
        return self.gs[position].strip() if position < len(self.gs) else ""

    @property
    def code(self) -> str:
        """GS01: PO, PR, SH, IN, RA, FA, …"""
        return self._element(1)

    @property
    def sender(self) -> str:
        return self._element(2)

    @property
    def receiver(self) -> str:
        return self._element(3)

    @property
    def control_number(self) -> str:
        """GS06 as written."""
        return self._element(6)

    @property
    def release(self) -> str:
        """GS08 as written, suffix included: ``004010``, ``004010VICS``."""
        return self._element(8)


class TransactionSet:
    """One set: its text from ST to SE, and what the envelope check found about it.

    ``text`` is the slice of the payload, terminators and line ends included; ``segments`` splits it when first asked for.
    ``group`` is None for a set that stands outside any group. ``ended`` is False where its SE is missing. ``st`` is its first
    segment, where it has been split already.
    """

    def __init__(
        self,
        text: str,
        delimiters: Delimiters,
        *,
        group: FunctionalGroup | None = None,
        offset: int = 0,
        ended: bool = True,
        findings: tuple[Finding, ...] = (),
        st: Segment | None = None,
    ) -> None:
        self.text, self.delimiters, self.group = text, delimiters, group
        self.offset, self.ended, self.findings = offset, ended, findings
        self._st = st or self._first()

    @classmethod
    def of(cls, segments: list[Segment], delimiters: Delimiters | None = None) -> TransactionSet:
        """A set made of segments in memory: for writers and tests."""
        marks = delimiters or Delimiters()
        text = "".join(marks.element.join(segment) + marks.segment + marks.line_end for segment in segments)
        return cls(text, marks)

    @cached_property
    def segments(self) -> list[Segment]:
        """The segments, ST first and SE last; blank decoration between them is dropped."""
        element = self.delimiters.element
        return [text.split(element) for text in self.texts()]

    def texts(self) -> list[str]:
        """The same, each as one text."""
        pieces = self.text.split(self.delimiters.segment)
        return [text for piece in pieces if (text := piece.lstrip(_DECORATION).rstrip("\r\n"))]

    def each_segment(self) -> Iterator[Segment]:
        """The same one after the other, none kept: a set in memory as segments takes thirty times the room of its text."""
        element, terminator, text = self.delimiters.element, self.delimiters.segment, self.text
        start = 0
        while start < len(text):
            end = text.find(terminator, start)
            end = len(text) if end < 0 else end
            piece = text[start:end].lstrip(_DECORATION).rstrip("\r\n")
            if piece:
                yield piece.split(element)
            start = end + len(terminator)

    @property
    def convention(self) -> str:
        """ST03: the convention (implementation guide) a set says it follows; nothing before release 005010."""
        return self._element_of_first(3)

    @property
    def code(self) -> str:
        """ST01: ``850``, ``997``, …"""
        return self._element_of_first(1)

    @property
    def control_number(self) -> str:
        """ST02 as written."""
        return self._element_of_first(2)

    @property
    def release(self) -> str:
        """The group's release (GS08), or nothing where there is no group."""
        return self.group.release if self.group else ""

    def _element_of_first(self, position: int) -> str:
        return self._st[position].strip() if position < len(self._st) else ""

    def _first(self) -> Segment:
        end = self.text.find(self.delimiters.segment)
        return self.text[: end if end >= 0 else len(self.text)].strip("\r\n").split(self.delimiters.element)


class GroupEnd(msgspec.Struct, frozen=True):
    """A group is over: how many sets it held, how many GE01 says, and what is wrong with it as a group."""

    group: FunctionalGroup
    received: int
    declared: int | None
    findings: tuple[Finding, ...] = ()
    end: int = 0  # offset behind its last byte


class InterchangeEnd(msgspec.Struct, frozen=True):
    """An interchange is over: what is wrong with it as an interchange (TA1 codes)."""

    interchange: Interchange
    groups: int
    findings: tuple[Finding, ...] = ()
    end: int = 0


class InterchangeAcknowledgment(msgspec.Struct, frozen=True):
    """A TA1 segment that stood between ISA and the first GS (or alone): an answer to an interchange of ours."""

    interchange: Interchange
    ta1: tuple[str, ...]
    offset: int = 0


class Skipped(msgspec.Struct, frozen=True):
    """Bytes ``start`` to ``end`` (behind the last) that could not be read as any of the above, and why."""

    start: int
    end: int
    finding: Finding


Event: TypeAlias = (
    Interchange | FunctionalGroup | TransactionSet | GroupEnd | InterchangeEnd | InterchangeAcknowledgment | Skipped
)
