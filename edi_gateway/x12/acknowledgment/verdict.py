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
    ``speaks_of_group`` where there is an AK9 at all, ``is_whole`` where it has as many segments as its SE01 says.
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
    speaks_of_group: bool = True
    is_whole: bool = True

    @property
    def unlisted(self) -> Verdict | None:
        """What it says of a set that it does not list, its counts aside: X12 lets accepted ones be left out.

        None, nothing, where a part of it may be missing, and where some were rejected and it does not say which.
        """
        listed = {one.verdict for one in self.sets}
        if not (self.speaks_of_group and self.is_whole):
            return None
        match self.verdict:
            case Verdict.PARTIALLY_ACCEPTED:
                return Verdict.ACCEPTED if Verdict.REJECTED in listed and self.accepted is not None else None
            case Verdict.ACCEPTED_WITH_ERRORS if Verdict.ACCEPTED_WITH_ERRORS not in listed:
                return Verdict.ACCEPTED_WITH_ERRORS
        return Verdict.REJECTED if self.verdict is Verdict.REJECTED else Verdict.ACCEPTED
