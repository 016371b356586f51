"""Writing the 997 or 999 that answers a group: a projection of what was found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from edi_gateway.errors import Defect
from edi_gateway.x12.acknowledgment.form import Form
from edi_gateway.x12.acknowledgment.notes import Notes
from edi_gateway.x12.acknowledgment.verdict import SetVerdict, Verdict
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import FunctionalGroup, Segment, TransactionSet
from edi_gateway.x12.finding import Finding, Scope, Severity
from edi_gateway.x12.group_codes import ACKNOWLEDGMENT_GROUP

PLACEHOLDER = "0001"  # ST02, until the enveloper gives the number
MOST_CODES = 5  # AK502 to AK506, AK905 to AK909
_HIGHEST_COUNT = 999_999
_SEGMENT_ERRORS = "5"
_USUAL, _USUAL_MARKS = Form(), Delimiters()


class SetResult(msgspec.Struct, frozen=True):
    """A set of the group and everything found in it, by the reader and by validation. ``convention`` is its ST03."""

    code: str
    control_number: str
    findings: tuple[Finding, ...] = ()
    convention: str = ""

    @classmethod
    def of(cls, transaction_set: TransactionSet, findings: Iterable[Finding] = ()) -> SetResult:
        """The result for a set that was read; ``findings`` are those of validation."""
        found = (*transaction_set.findings, *findings)
        return cls(transaction_set.code, transaction_set.control_number, found, transaction_set.convention)


class Acknowledged(msgspec.Struct, frozen=True):
    """An answer: its segments without ST and SE, and what it says as values."""

    form: Form
    body: list[Segment]
    verdict: Verdict
    sets: tuple[SetVerdict, ...]
    findings: tuple[Finding, ...]  # about the group, as reported

    @property
    def segments(self) -> list[Segment]:
        """ST to SE; ST02 is a placeholder that the enveloper replaces, ST03 the convention where the release names one."""
        convention = [self.form.release] if self.form.base != "004010" and len(self.form.release) > 6 else []
        return [
            ["ST", self.form.set, PLACEHOLDER, *convention],
            *self.body,
            ["SE", str(len(self.body) + 2), PLACEHOLDER],
        ]


def functional_acknowledgment_is_owed(group: FunctionalGroup) -> bool:
    """Whether a group is answered at all: an acknowledgment never is (X12.20)."""
    return group.code != ACKNOWLEDGMENT_GROUP


def functional_acknowledgment(
    group: FunctionalGroup,
    sets: Sequence[SetResult],
    group_findings: Iterable[Finding] = (),
    *,
    declared: int | None = None,
    form: Form = _USUAL,
    delimiters: Delimiters = _USUAL_MARKS,
    characters: str = "extended",
) -> Acknowledged:
    """The answer to a group. ``declared`` is its GE01; ``delimiters`` and ``characters`` are those the answer is written with.

    A set is rejected by any finding that rejects, accepted with errors where reported warnings are all there is. A group
    finding that rejects rejects every set in it. Raises Defect for a group of acknowledgments, WrongInput for a form that
    does not exist.
    """
    if not functional_acknowledgment_is_owed(group):
        raise Defect(f"group {group.control_number} holds acknowledgments, which are never acknowledged")
    about_group = tuple(finding for finding in group_findings if form.is_reported(finding) and finding.scope is Scope.GROUP)
    rejects_all = any(finding.severity is Severity.REJECT for finding in about_group)
    verdicts = tuple(_verdict_on(result, form, rejects_all) for result in sets)
    body = [_ak1(group, form)]
    notes = Notes(form, delimiters, characters)
    for result, one in zip(sets, verdicts, strict=True):
        if form.detail == "sets" or one.verdict is not Verdict.ACCEPTED:
            body.extend(_about_set(result, one, form, notes))
    verdict = _verdict_on_group(verdicts, about_group, rejects_all)
    body.append(_ak9(verdict, verdicts, about_group, declared, form))
    return Acknowledged(form, body, verdict, verdicts, about_group)


def _verdict_on(result: SetResult, form: Form, rejects_all: bool) -> SetVerdict:
    if not result.findings and not rejects_all:  # nearly every set
        return SetVerdict(result.code, result.control_number, Verdict.ACCEPTED, ())
    reported = tuple(finding for finding in result.findings if form.is_reported(finding))
    if rejects_all or any(finding.severity is Severity.REJECT for finding in reported):
        verdict = Verdict.REJECTED
    else:
        verdict = Verdict.ACCEPTED_WITH_ERRORS if reported else Verdict.ACCEPTED
    return SetVerdict(result.code, result.control_number, verdict, reported)


def _verdict_on_group(sets: Sequence[SetVerdict], about_group: Sequence[Finding], rejects_all: bool) -> Verdict:
    rejected = sum(1 for one in sets if one.verdict is Verdict.REJECTED)
    if rejects_all or (sets and rejected == len(sets)):
        return Verdict.REJECTED
    if rejected:
        return Verdict.PARTIALLY_ACCEPTED
    noted = about_group or any(one.verdict is Verdict.ACCEPTED_WITH_ERRORS for one in sets)
    return Verdict.ACCEPTED_WITH_ERRORS if noted else Verdict.ACCEPTED


def _ak1(group: FunctionalGroup, form: Form) -> Segment:
    number = re.sub(r"[^0-9]", "", group.control_number, flags=re.ASCII)[:9] or "0"
    ak1 = ["AK1", _plain(group.code, 2, "ZZ"), number]
    return ak1 if form.base == "004010" else [*ak1, _plain(group.release, 12, "")]


def _about_set(result: SetResult, verdict: SetVerdict, form: Form, notes: Notes) -> Iterator[Segment]:
    ak2 = ["AK2", _plain(result.code, 3, "000"), _plain(result.control_number, 9, "0000")]
    yield ak2 if form.base == "004010" else [*ak2, _plain(result.convention, 35, "")]
    written = list(notes.write(verdict.findings))
    yield from written
    codes = [form.code(finding) for finding in verdict.findings if finding.scope is Scope.SET]
    if written:
        codes.append(_SEGMENT_ERRORS)
    yield ["IK5" if form.set == "999" else "AK5", verdict.verdict.code, *_distinct(codes)]


def _ak9(
    verdict: Verdict, sets: Sequence[SetVerdict], about_group: Sequence[Finding], declared: int | None, form: Form
) -> Segment:
    received = len(sets)
    accepted = sum(1 for one in sets if one.verdict is not Verdict.REJECTED)
    counts = (received if declared is None else declared, received, accepted)
    codes = _distinct([form.code(finding) for finding in about_group])
    return ["AK9", verdict.code, *(str(min(count, _HIGHEST_COUNT)) for count in counts), *codes]


def _distinct(codes: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(code for code in codes if code))[:MOST_CODES]


def _plain(text: str, longest: int, otherwise: str) -> str:
    """What was received, as far as it can be sent back: letters, digits and a few marks."""
    if text.isalnum() and text.isascii() and len(text) <= longest:  # a substitution takes ten times as long
        return text
    return re.sub(r"[^A-Za-z0-9 ._-]", "", text, flags=re.ASCII).strip()[:longest] or otherwise
