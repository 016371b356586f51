"""The TA1: what is said of an interchange as such. Written only where it is asked for or agreed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.x12.acknowledgment.verdict import Verdict
from edi_gateway.x12.envelope import Interchange, Segment
from edi_gateway.x12.finding import Finding, Scope, Severity

Agreed: TypeAlias = Literal["when asked", "always", "never"]
NO_ERROR = "000"
_NOTES = {
    "000": "no error",
    "001": "the control numbers of ISA and IEA differ",
    "002": "the standard is not supported",
    "003": "the version of the envelope is not supported",
    "004": "the segment terminator is not valid",
    "005": "the sender's qualifier is not valid",
    "006": "the sender's id is not valid",
    "007": "the receiver's qualifier is not valid",
    "008": "the receiver's id is not valid",
    "009": "the receiver is not known",
    "010": "the authorization qualifier is not valid",
    "011": "the authorization is not valid",
    "012": "the security qualifier is not valid",
    "013": "the security information is not valid",
    "014": "the date is not valid",
    "015": "the time is not valid",
    "016": "the standards id is not valid",
    "017": "the version is not valid",
    "018": "the control number is not valid",
    "019": "ISA14 is not valid",
    "020": "the usage indicator is not valid",
    "021": "IEA01 is not the number of groups",
    "022": "the control structure is not valid",
    "023": "it ends too early",
    "024": "its content is not valid",
    "025": "the control number was used before",
    "026": "the element separator is not valid",
    "027": "the component separator is not valid",
}


class InterchangeVerdict(msgspec.Struct, frozen=True):
    """A TA1 as it was read: the ISA13 it answers, its ISA09 and ISA10, the verdict, TA105 and what that means."""

    control_number: str
    date: str
    time: str
    verdict: Verdict
    code: str
    message: str


def interchange_acknowledgment_is_owed(
    interchange: Interchange, findings: Iterable[Finding], agreed: Agreed = "when asked"
) -> bool:
    """Whether an interchange is answered by a TA1: by default only when its ISA14 asks.

    "always" also answers when nobody asked. An interchange with nobody for a sender cannot be answered at all.
    """
    unsigned = any(finding.kind == "interchange.sender" for finding in findings)
    if unsigned or agreed == "never":
        return False
    return agreed == "always" or interchange.acknowledgment_requested


def interchange_acknowledgment(interchange: Interchange, findings: Iterable[Finding]) -> Segment:
    """The TA1 that answers an interchange: its ISA13, ISA09 and ISA10, A, E or R, and the gravest finding's code."""
    reported = [one for one in findings if one.scope is Scope.INTERCHANGE and one.code and one.severity is not Severity.OFF]
    reported.sort(key=lambda finding: finding.severity is not Severity.REJECT)
    verdict, code = Verdict.ACCEPTED, NO_ERROR
    if reported:
        code = reported[0].code
        verdict = Verdict.REJECTED if reported[0].severity is Severity.REJECT else Verdict.ACCEPTED_WITH_ERRORS
    number = re.sub(r"[^0-9]", "", interchange.control_number, flags=re.ASCII)[:9].zfill(9)
    date, time = (re.sub(r"[^0-9]", "", interchange.isa[position], flags=re.ASCII) for position in (9, 10))
    return ["TA1", number, date[:6].zfill(6), time[:4].zfill(4), verdict.code, code]


def read_ta1(ta1: Sequence[str]) -> InterchangeVerdict:
    """What a TA1 segment (its id at 0) says. Raises WrongInput where it does not say which interchange it answers."""
    number, date, time, letter, code = ([element.strip() for element in ta1[1:6]] + [""] * 5)[:5]
    if not number:
        raise WrongInput("a TA1 does not say which interchange it answers", where="TA101", do="ask the partner for it again")
    return InterchangeVerdict(number, date, time, Verdict.of(letter), code, _NOTES.get(code, f"note code {code}" if code else ""))
