"""Verdicts: what an acknowledgment says of a group, a set or an interchange."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from edi_gateway.x12.finding import Finding, Severity


class Verdict(StrEnum):
    """Accepted or not (data elements 715 and 717, and TA104)."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_ERRORS = "accepted with errors"
    PARTIALLY_ACCEPTED = "partially accepted"
    REJECTED = "rejected"

    @property
    def code(self) -> str:
        """A, E, P or R."""
        return _CODES[self]

    @property
    def severity(self) -> Severity:
        """That of what is reported beside it."""
        return Severity.WARN if self in (Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_ERRORS) else Severity.REJECT

    @classmethod
    def of(cls, code: str) -> Verdict:
        """The verdict a code stands for; M, W and X are rejections for security, and nothing unknown is an acceptance."""
        return _VERDICTS.get(code.strip(), cls.REJECTED)


_CODES = {
    Verdict.ACCEPTED: "A",
    Verdict.ACCEPTED_WITH_ERRORS: "E",
    Verdict.PARTIALLY_ACCEPTED: "P",
    Verdict.REJECTED: "R",
}
_VERDICTS = {code: verdict for verdict, code in _CODES.items()}


class SetVerdict(msgspec.Struct, frozen=True):
    """What is said of one set: its code (``850``), its ST02, the verdict and what was reported."""

    set: str
    control_number: str
    verdict: Verdict
    findings: tuple[Finding, ...] = ()


class FunctionalAcknowledgment(msgspec.Struct, frozen=True):
    """A 997 or 999 as it was read: what a partner says of one group of ours.

    ``sets`` holds only those it lists: accepted ones may be left out, the counts include them. ``declared`` is what our GE01
    said, ``received`` and ``accepted`` are theirs; a count that cannot be read is None. ``release`` is AK103, from 005010 on.
    """

    group_code: str
    group_control_number: str
    verdict: Verdict
    declared: int | None
    received: int | None
    accepted: int | None
    sets: tuple[SetVerdict, ...]
    findings: tuple[Finding, ...] = ()  # about the group
    release: str = ""
