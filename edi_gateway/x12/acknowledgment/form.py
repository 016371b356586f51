"""The form of an acknowledgment: 997 or 999, its release, how much it tells, and which codes it knows."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.x12 import standard
from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.finding import Finding, Level, Scope, Severity

PLACEHOLDER = "0001"  # ST02, until the enveloper gives the number
REPORTED_LEVELS = frozenset({Level.ENVELOPE, Level.STRUCTURE, Level.ELEMENT, Level.SYNTAX_NOTE})
_ELEMENT_OF = {
    "997": {Scope.GROUP: "716", Scope.SET: "718", Scope.SEGMENT: "720", Scope.ELEMENT: "723"},
    "999": {Scope.GROUP: "716", Scope.SET: "618", Scope.SEGMENT: "620", Scope.ELEMENT: "621"},
}
_OTHER_MEANING_IN_004010 = {Scope.GROUP: {"19"}, Scope.SET: {"19"}}  # security there: S1E missing
_OLDER_CODE = {Scope.ELEMENT: {"12": "6", "13": "3"}}  # too many repetitions, too many components
_OF_AN_IMPLEMENTATION = {  # codes that only a 999 has, and what a 997 says for them
    Scope.SEGMENT: {"I4": "2", "I6": "3", "I7": "3", "I8": "3", "I9": "2"},
    Scope.ELEMENT: {"I6": "7", "I9": "1", "I10": "10", "I13": "10"},
}
_INSTEAD = {Scope.SEGMENT: "2", Scope.ELEMENT: "7"}  # where a code has to stand and the list has not the finding's


class Form(msgspec.Struct, frozen=True):
    """How a group is answered.

    ``release`` is the GS08 of the answer, suffix included. ``detail`` "group" leaves accepted sets out: they are only counted.
    ``report_warnings`` tells of warnings (of the levels an acknowledgment is about), which makes the verdict E; without it they
    stay with us and the set is accepted.
    """

    set: Literal["997", "999"] = "997"
    release: str = "004010"
    detail: Literal["sets", "group"] = "sets"
    report_warnings: bool = True

    @property
    def base(self) -> str:
        """The release whose codes and elements hold: 004010 or 005010. Raises WrongInput for a 999 before 005010."""
        base = "005010" if self.release >= "005" else "004010"
        if self.set == "999" and base == "004010":
            raise WrongInput(f"there is no 999 in release {self.release}", do="agree on a 997, or on a 999 of 005010")
        return base

    @property
    def names_conventions(self) -> bool:
        """Whether the answer says of each set which convention it said it follows (AK203, IK203). Raises like ``base``."""
        return self.base != "004010"

    @property
    def st(self) -> Segment:
        """The answer's ST: ST02 is a placeholder that the enveloper replaces, ST03 the convention where the release names one."""
        convention = [self.release] if self.base != "004010" and len(self.release) > 6 else []
        return ["ST", self.set, PLACEHOLDER, *convention]

    def is_reported(self, finding: Finding) -> bool:
        """Whether the answer tells of a finding: whatever rejects, and warnings that have a code in it."""
        if finding.severity is Severity.REJECT:
            return True
        return (
            self.report_warnings
            and finding.severity is Severity.WARN
            and finding.level in REPORTED_LEVELS
            and self.code(finding) is not None
        )

    def code(self, finding: Finding) -> str | None:
        """The code a finding is reported by in this form; None where its list has none for it."""
        older = self.base == "004010"
        code = _OLDER_CODE.get(finding.scope, {}).get(finding.code, finding.code) if older else finding.code
        if older and code in _OTHER_MEANING_IN_004010.get(finding.scope, ()):
            return None
        if code in _codes(self.base, _ELEMENT_OF[self.set].get(finding.scope, "")):
            return code
        plain = _OF_AN_IMPLEMENTATION.get(finding.scope, {}).get(code)
        return plain or (_INSTEAD.get(finding.scope) if finding.code else None)


@lru_cache(maxsize=32)
def _codes(base: str, element: str) -> frozenset[str]:
    return standard.codes(base, element) or frozenset()
