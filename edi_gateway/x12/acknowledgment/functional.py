"""Writing the 997 or 999 that answers a group: a projection of what was found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from edi_gateway.errors import Defect
from edi_gateway.x12.acknowledgment.form import Form
from edi_gateway.x12.acknowledgment.notes import Notes
from edi_gateway.x12.acknowledgment.verdict import SetVerdict, Verdict
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import FunctionalGroup, Segment, TransactionSet
from edi_gateway.x12.finding import Finding, Scope, Severity
from edi_gateway.x12.group_codes import ACKNOWLEDGMENT_GROUP

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
        """ST to SE, with the form's ST02, a placeholder, and ST03."""
        st = self.form.st
        return [st, *self.body, ["SE", str(len(self.body) + 2), st[2]]]


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
    about_group = reported_of_group(group_findings, form)
    writing = AnswerSetBySet(group, form, delimiters, characters, rejects_all=rejects(about_group))
    body, verdicts = [writing.begin()], []
    for result in sets:
        verdict, segments = writing.take(result)
        verdicts.append(verdict)
        body.extend(segments)
    body.append(writing.end(about_group, declared))
    return Acknowledged(form, body, writing.verdict(about_group), tuple(verdicts), about_group)


def reported_of_group(findings: Iterable[Finding], form: Form) -> tuple[Finding, ...]:
    """Those an answer tells about the group as such."""
    return tuple(finding for finding in findings if form.is_reported(finding) and finding.scope is Scope.GROUP)


def rejects(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.REJECT for finding in findings)


class AnswerSetBySet:
    """The same answer as its segments become known, nothing of it kept: ``begin``, ``take`` for each set, ``end``.

    ``rejects_all``: findings about the group that are known already reject every set in it.
    """

    def __init__(
        self,
        group: FunctionalGroup,
        form: Form,
        delimiters: Delimiters,
        characters: str = "extended",
        *,
        rejects_all: bool = False,
    ) -> None:
        self._group, self._form, self._rejects_all = group, form, rejects_all
        self._older = not form.names_conventions
        self._notes = Notes(form, delimiters, characters)
        self._lists_all, self._closing = form.detail == "sets", "IK5" if form.set == "999" else "AK5"
        self.received = self.rejected = self.noted = 0

    def begin(self) -> Segment:
        """AK1."""
        return _ak1(self._group, self._form)

    def take(self, result: SetResult) -> tuple[SetVerdict, list[Segment]]:
        """The verdict on a set, and AK2 to AK5; nothing for an accepted one where those are only counted."""
        self.received += 1
        if not result.findings and not self._rejects_all:  # nearly every set
            verdict = SetVerdict(result.code, result.control_number, Verdict.ACCEPTED)
            return verdict, [self._ak2(result), [self._closing, "A"]] if self._lists_all else []
        verdict = _verdict_on(result, self._form, self._rejects_all)
        self.rejected += verdict.verdict is Verdict.REJECTED
        self.noted += verdict.verdict is Verdict.ACCEPTED_WITH_ERRORS
        listed = self._lists_all or verdict.verdict is not Verdict.ACCEPTED
        return verdict, self._about_set(result, verdict) if listed else []

    def end(self, about_group: Sequence[Finding], declared: int | None) -> Segment:
        """AK9, with what is reported of the group; ``declared`` is its GE01."""
        verdict = self.verdict(about_group)
        accepted = 0 if rejects(about_group) else self.received - self.rejected
        counts = (self.received if declared is None else declared, self.received, accepted)
        codes = _distinct([self._form.code(finding) for finding in about_group])
        return ["AK9", verdict.code, *(str(min(count, _HIGHEST_COUNT)) for count in counts), *codes]

    def verdict(self, about_group: Sequence[Finding]) -> Verdict:
        """What the sets taken so far, and findings about the group, come to."""
        if rejects(about_group) or (self.received and self.rejected == self.received):
            return Verdict.REJECTED
        if self.rejected:
            return Verdict.PARTIALLY_ACCEPTED
        return Verdict.ACCEPTED_WITH_ERRORS if about_group or self.noted else Verdict.ACCEPTED

    def _ak2(self, result: SetResult) -> Segment:
        ak2 = ["AK2", _plain(result.code, 3, "000"), _plain(result.control_number, 9, "0000")]
        return ak2 if self._older else [*ak2, _plain(result.convention, 35, "")]

    def _about_set(self, result: SetResult, verdict: SetVerdict) -> list[Segment]:
        written = list(self._notes.write(verdict.findings))
        codes = [self._form.code(finding) for finding in verdict.findings if finding.scope is Scope.SET]
        if written:
            codes.append(_SEGMENT_ERRORS)
        return [self._ak2(result), *written, [self._closing, verdict.verdict.code, *_distinct(codes)]]


def _verdict_on(result: SetResult, form: Form, rejects_all: bool) -> SetVerdict:
    reported = tuple(finding for finding in result.findings if form.is_reported(finding))
    if rejects_all or rejects(reported):
        verdict = Verdict.REJECTED
    else:
        verdict = Verdict.ACCEPTED_WITH_ERRORS if reported else Verdict.ACCEPTED
    return SetVerdict(result.code, result.control_number, verdict, reported)


def _ak1(group: FunctionalGroup, form: Form) -> Segment:
    number = re.sub(r"[^0-9]", "", group.control_number, flags=re.ASCII)[:9] or "0"
    ak1 = ["AK1", _plain(group.code, 2, "ZZ"), number]
    return ak1 if form.base == "004010" else [*ak1, _plain(group.release, 12, "")]


def _distinct(codes: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(code for code in codes if code))[:MOST_CODES]


def _plain(text: str, longest: int, otherwise: str) -> str:
    """What was received, as far as it can be sent back: letters, digits and a few marks."""
    if text.isalnum() and text.isascii() and len(text) <= longest:  # a substitution takes ten times as long
        return text
    return re.sub(r"[^A-Za-z0-9 ._-]", "", text, flags=re.ASCII).strip()[:longest] or otherwise
