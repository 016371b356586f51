"""Reading a 997 or 999: what a partner says of a group of ours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from edi_gateway.errors import WrongInput
from edi_gateway.x12.acknowledgment.verdict import FunctionalAcknowledgment, SetVerdict, Verdict
from edi_gateway.x12.envelope import Segment, TransactionSet
from edi_gateway.x12.finding import Finding, Level, Scope, Severity
from edi_gateway.x12.validation.kinds import KINDS, Kind

_SEGMENT_NOTES, _ELEMENT_NOTES, _CLOSINGS = ("AK3", "IK3"), ("AK4", "IK4"), ("AK5", "IK5")
_ASK = "ask the partner for the acknowledgment again"
_SEGMENT_ERRORS, _ELEMENT_ERRORS = "5", "8"  # imply what the notes say


def read_acknowledgment(transaction_set: TransactionSet) -> FunctionalAcknowledgment:
    """The verdicts in a 997 or 999. Raises WrongInput where it is cut off or does not say which group it is about, or what of it.

    A set is listed with whatever was reported; codes that only announce notes that are there (AK502 5, AK304 8) are left out.
    Without AK9 the verdict on the group is what those on its sets come to.
    """
    segments, component = transaction_set.segments, transaction_set.delimiters.component
    name = f"the {transaction_set.code} {transaction_set.control_number}"
    if segments[-1][0] != "SE":
        raise WrongInput(f"{name} is cut off: what its missing end says may change what stands before it", where="SE", do=_ASK)
    ak1 = next((segment for segment in segments if segment[0] == "AK1"), None)
    if ak1 is None or not _at(ak1, 2):
        raise WrongInput(f"{name} does not say which group it answers", where="AK1", do=_ASK)
    sets = tuple(_sets(segments, component))
    ak9 = next((segment for segment in segments if segment[0] == "AK9"), [])
    if not ak9 and not sets:
        raise WrongInput(f"{name} does not say what became of the group it answers", where="AK9", do=_ASK)
    verdict = Verdict.of(_at(ak9, 1)) if ak9 else _together([one.verdict for one in sets])
    return FunctionalAcknowledgment(
        group_code=_at(ak1, 1),
        group_control_number=_at(ak1, 2),
        verdict=verdict,
        declared=_count(ak9, 2),
        received=_count(ak9, 3),
        accepted=_count(ak9, 4),
        sets=sets,
        findings=tuple(_finding(Scope.GROUP, code, verdict.severity) for code in ak9[5:] if code),
        release=_at(ak1, 3),
        speaks_of_group=bool(ak9),
        is_whole=_count(segments[-1], 1) == len(segments),
    )


def _sets(segments: Sequence[Segment], component: str) -> Iterator[SetVerdict]:
    """One verdict for each AK2; a set whose AK5 is missing is not taken for accepted."""
    begun: list[Segment] = []
    for segment in segments:
        if segment[0] == "AK2" or (segment[0] in ("AK9", "SE") and begun):
            if begun:
                yield _set_verdict(begun, component)
            begun = [segment] if segment[0] == "AK2" else []
        elif begun:
            begun.append(segment)


def _set_verdict(segments: Sequence[Segment], component: str) -> SetVerdict:
    closing = next((segment for segment in segments if segment[0] in _CLOSINGS), [])
    verdict = Verdict.of(_at(closing, 1))
    severity = verdict.severity
    notes = list(_notes(segments, component, severity))
    about_set = [_finding(Scope.SET, code, severity) for code in closing[2:] if code and (code != _SEGMENT_ERRORS or not notes)]
    return SetVerdict(_at(segments[0], 1), _at(segments[0], 2), verdict, (*about_set, *notes))


def _notes(segments: Sequence[Segment], component: str, severity: Severity) -> Iterator[Finding]:
    note: Segment = []
    told = [segment for segment in segments if segment[0] != "CTX"]
    for segment, following in zip_longest(told, (one[0] for one in told[1:])):
        if segment[0] in _SEGMENT_NOTES:
            note = segment
            announces = _at(note, 4) == _ELEMENT_ERRORS and following in _ELEMENT_NOTES
            if _at(note, 4) and not announces:
                yield _finding(Scope.SEGMENT, _at(note, 4), severity, note)
        elif segment[0] in _ELEMENT_NOTES and note:
            yield _element_finding(segment, note, component, severity)


def _element_finding(segment: Segment, note: Segment, component: str, severity: Severity) -> Finding:
    place = [int(part) if part.isascii() and part.isdigit() else None for part in _at(segment, 1).split(component)]
    element, inner, repetition = (*place, None, None, None)[:3]
    return _finding(
        Scope.ELEMENT,
        _at(segment, 3),
        severity,
        note,
        element=element,
        component=inner,
        repetition=repetition,
        reference=_at(segment, 2) or None,
        value=_at(segment, 4) or None,
    )


def _finding(
    scope: Scope,
    code: str,
    severity: Severity,
    note: Segment | None = None,
    *,
    element: int | None = None,
    component: int | None = None,
    repetition: int | None = None,
    reference: str | None = None,
    value: str | None = None,
) -> Finding:
    kind, entry = _KIND_OF.get((scope, code), (f"{scope}.code_{code}", None))
    return Finding(
        kind=kind,
        scope=scope,
        level=entry.level if entry else Level.GUIDE,
        code=code,
        message=_says(scope, code, entry, value),
        severity=severity,
        segment=_at(note, 1) if note else None,
        position=_count(note, 2) if note else None,
        loop=(_at(note, 3) or None) if note else None,
        element=element,
        component=component,
        repetition=repetition,
        reference=reference,
        value=value,
    )


def _says(scope: Scope, code: str, entry: Kind | None, value: str | None) -> str:
    """What the partner's code means, in our words."""
    if entry is None:
        return f"{scope} code {code}"
    says = entry.says if "{" not in entry.says else _IN_SHORT.get((scope, code), f"{scope} code {code}")
    return f"{says} ({value!r})" if value else says


def _together(verdicts: Sequence[Verdict]) -> Verdict:
    """What verdicts on sets come to for their group; none at all is no acceptance."""
    distinct = set(verdicts)
    if Verdict.REJECTED in distinct:
        return Verdict.REJECTED if len(distinct) == 1 else Verdict.PARTIALLY_ACCEPTED
    if not distinct:
        return Verdict.REJECTED
    return Verdict.ACCEPTED if distinct == {Verdict.ACCEPTED} else Verdict.ACCEPTED_WITH_ERRORS


def _at(segment: Segment, position: int) -> str:
    return segment[position].strip() if position < len(segment) else ""


def _count(segment: Segment, position: int) -> int | None:
    text = _at(segment, position)
    return int(text) if text.isascii() and text.isdigit() else None


def _kinds() -> dict[tuple[Scope, str], tuple[str, Kind]]:
    """For each code the kind it is first listed with; above the levels of an acknowledgment codes say nothing of the kind."""
    found: dict[tuple[Scope, str], tuple[str, Kind]] = {}
    for name, kind in KINDS.items():
        if kind.code and kind.level in (Level.ENVELOPE, Level.STRUCTURE, Level.ELEMENT, Level.SYNTAX_NOTE):
            found.setdefault((kind.scope, kind.code), (name, kind))
    return found


_KIND_OF = _kinds()
_IN_SHORT = {
    (Scope.GROUP, "1"): "the group is not supported",
    (Scope.GROUP, "2"): "the release of the group is not supported",
    (Scope.GROUP, "4"): "the control numbers of GS and GE differ",
    (Scope.GROUP, "5"): "GE01 is not the number of sets",
    (Scope.GROUP, "6"): "GS06 is no control number",
    (Scope.GROUP, "19"): "GS06 was used before in the interchange",
    (Scope.SET, "1"): "the set is not supported",
    (Scope.SET, "3"): "the control numbers of ST and SE differ",
    (Scope.SET, "4"): "SE01 is not the number of segments",
    (Scope.SET, "6"): "ST01 is no transaction set code",
    (Scope.SET, "7"): "ST02 is no control number",
    (Scope.SET, "18"): "the set does not belong in the group",
    (Scope.SET, "23"): "ST02 was used before in the group",
}
