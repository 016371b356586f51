"""The notes of an acknowledgment on one set: a segment note (AK3, IK3) and under it element notes (AK4, IK4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from edi_gateway.x12.acknowledgment.form import Form
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.finding import Finding, Level, Scope
from edi_gateway.x12.validation.characters import allowed

MOST_ELEMENT_NOTES = 99  # AK4 under one AK3
LONGEST_COPY = 99  # characters of AK404
_HIGHEST = {"004010": 999_999, "005010": 9_999_999_999}  # AK302
_WITH_ELEMENT_ERRORS = "8"
_SITUATIONAL = "SITUATIONAL TRIGGER"


class Notes:
    """Writes the notes of one answer."""

    def __init__(self, form: Form, delimiters: Delimiters, characters: str) -> None:
        self._form, self._delimiters = form, delimiters
        self._segment, self._element = ("IK3", "IK4") if form.set == "999" else ("AK3", "AK4")
        marks = delimiters.element + delimiters.component + delimiters.segment + (delimiters.repetition or "")
        self._sendable = allowed(characters, marks)

    def write(self, findings: Iterable[Finding]) -> Iterator[Segment]:
        """One note for each code on each segment, in document order; element notes follow their segment's."""
        for about in _by_segment(findings):
            elements = [finding for finding in about if finding.scope is Scope.ELEMENT]
            for finding in about:
                if finding.scope is Scope.SEGMENT:
                    yield self._segment_note(finding, self._form.code(finding) or "")
                    yield from self._context(finding)
            for start in range(0, len(elements), MOST_ELEMENT_NOTES):
                yield self._segment_note(about[0], _WITH_ELEMENT_ERRORS)
                for finding in elements[start : start + MOST_ELEMENT_NOTES]:
                    yield self._element_note(finding)
                    yield from self._context(finding)

    def _segment_note(self, finding: Finding, code: str) -> Segment:
        return [self._segment, _segment_id(finding), self._position(finding), bounded_loop(finding.loop), code]

    def _element_note(self, finding: Finding) -> Segment:
        reference = finding.reference if finding.reference and re.fullmatch(r"[0-9]{1,4}", finding.reference) else ""
        return [self._element, self._place(finding), reference, self._form.code(finding) or "7", self._copy(finding.value)]

    def _position(self, finding: Finding) -> str:
        return str(min(finding.position or 1, _HIGHEST[self._form.base]))

    def _place(self, finding: Finding) -> str:
        """C030: element position, component position, and from 005010 on the repetition."""
        parts = [min(finding.element or 1, 99), finding.component]
        if self._form.base != "004010":
            parts.append(finding.repetition)
        return self._delimiters.component.join(str(part or "") for part in parts).rstrip(self._delimiters.component)

    def _copy(self, value: str | None) -> str:
        """The bad value, unless it holds what cannot be sent back."""
        if not value or not value.strip() or not self._sendable.issuperset(value):
            return ""
        return value[:LONGEST_COPY].rstrip()

    def _context(self, finding: Finding) -> Iterator[Segment]:
        """In a 999, that a note comes from the partner's guide and not from the standard."""
        if self._form.set == "999" and finding.level is Level.GUIDE:
            place = self._place(finding) if finding.element else ""
            yield ["CTX", _SITUATIONAL, _segment_id(finding), self._position(finding), bounded_loop(finding.loop), place]


def bounded_loop(path: str | None) -> str:
    """AK303, the loop's id where the loop is bounded by LS and LE: ``LDT`` for ``PO1/LS/LDT``, nothing for ``PO1/N1``."""
    parts = (path or "").split("/")
    inner = parts[len(parts) - parts[::-1].index("LS") :] if "LS" in parts else []
    return inner[0][:4] if inner else ""


def _by_segment(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings on segments and elements, those on one segment together, by position and then as they were found."""
    together: dict[tuple[int, str | None, str], list[Finding]] = {}
    for finding in findings:
        if finding.scope in (Scope.SEGMENT, Scope.ELEMENT):
            key = (finding.position or 1, finding.segment, bounded_loop(finding.loop))
            together.setdefault(key, []).append(finding)
    return [together[key] for key in sorted(together, key=lambda key: key[0])]


def _segment_id(finding: Finding) -> str:
    """AK301: two or three characters, also for what is no segment id."""
    cleaned = re.sub(r"[^A-Z0-9]", "", (finding.segment or "").upper(), flags=re.ASCII)[:3]
    return cleaned if len(cleaned) >= 2 else (cleaned + "??")[:2]
