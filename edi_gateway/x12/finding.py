"""A finding: one thing wrong with what was received, with its place and the X12 code it is reported by.

Findings are values, not exceptions; an acknowledgment is a projection of them (x12.acknowledgment). Codes are those of the
lists named in ``Scope``: TA105, AK905 (716), AK502 (718), AK304 (720), AK403 (723).
"""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Scope(StrEnum):
    """What a finding is about, and so where its code is reported."""

    INTERCHANGE = "interchange"  # TA105
    GROUP = "group"  # AK905
    SET = "set"  # AK502
    SEGMENT = "segment"  # AK304
    ELEMENT = "element"  # AK403


class Level(StrEnum):
    """Levels of validation (x12 rules §12). The first four feed the 997 by default, what is above them does not."""

    ENVELOPE = "envelope"
    STRUCTURE = "structure"
    ELEMENT = "element"
    SYNTAX_NOTE = "syntax note"
    BALANCE = "balance"
    INTER_SEGMENT = "inter-segment"
    EXTERNAL_CODE = "external code"
    GUIDE = "guide"
    APPLICATION = "application"  # what a partner's application says of what we sent (824)


class Severity(StrEnum):
    """What a finding does to the verdict; set per kind of finding by the partner's profile."""

    OFF = "off"
    WARN = "warn"
    REJECT = "reject"


class Finding(msgspec.Struct, frozen=True, omit_defaults=True):
    """One thing wrong, where, and by which code it is reported.

    ``kind`` is a stable dotted name (``"segment.missing"``, ``"element.too_long"``, ``"set.segment_count"``): the key of the
    severity table and of screens. ``position`` counts segments in the set with ST as 1 (AK302). ``element`` and
    ``component`` count from 1. ``offset`` is the byte offset of the segment in the payload, where known.
    """

    kind: str
    scope: Scope
    level: Level
    code: str
    message: str
    severity: Severity = Severity.REJECT
    segment: str | None = None
    position: int | None = None
    loop: str | None = None
    element: int | None = None
    component: int | None = None
    repetition: int | None = None
    reference: str | None = None  # data element number, AK402
    value: str | None = None
    offset: int | None = None

    @property
    def place(self) -> str:
        """The place as EDI people write it: ``segment 7 PO1, PO103``, or the scope where there is no segment."""
        if self.segment is None:
            return str(self.scope)
        at = f"segment {self.position} {self.segment}" if self.position else self.segment
        if self.element is None:
            return at
        component = f"-{self.component}" if self.component else ""
        return f"{at}, {self.segment}{self.element:02d}{component}"

    @property
    def sentence(self) -> str:
        """Place and message as one sentence: ``segment 7, PO103: 'XQ' is not in the code list``."""
        if self.segment and self.message.startswith(self.segment):
            return f"segment {self.position}, {self.message}" if self.position else self.message
        return f"{self.place}: {self.message}"
