"""Which sets of ours an application advice (824) means, and what it says of each, as a verdict and findings.

An OTI names a set by the numbers it went under (OTI08 its group's, OTI09 its own), or by its business number (OTI03).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from edi_gateway.documents.application_advice import AdviceItem, ApplicationAdvice, ApplicationError
from edi_gateway.pipeline.outbound.originals import LEFT
from edi_gateway.store.rows import DocumentRow, TransactionRow, findings_from_text
from edi_gateway.store.unit import Unit
from edi_gateway.x12.acknowledgment import Verdict
from edi_gateway.x12.finding import Finding, Level, Scope
from edi_gateway.x12.group_codes import group_code

BY_APPLICATION = "application."
"""Begins the kind of every finding that an application reported."""

_SETS: Mapping[str, tuple[str, ...]] = {"IV": ("810",), "SI": ("856",), "BM": ("856",), "PO": ("855", "865")}
_ANY = ("810", "856", "855", "865")
_VERDICTS = {
    "accepted": Verdict.ACCEPTED,
    "accepted with errors": Verdict.ACCEPTED_WITH_ERRORS,
    "accepted with changes": Verdict.ACCEPTED_WITH_ERRORS,
    "partly accepted": Verdict.PARTIALLY_ACCEPTED,
    "rejected": Verdict.REJECTED,
}
_ORDER = list(Verdict)  # from the best to the worst


class Said(NamedTuple):
    """What an advice says of one set of ours."""

    row: TransactionRow
    verdict: Verdict
    findings: tuple[Finding, ...]


def verdict_of(item: AdviceItem) -> Verdict | None:
    """The verdict of an OTI01, whether on a set, an item, a group or a batch; None for a word that is no verdict."""
    for of in ("item ", "group ", "batch "):
        if item.outcome.startswith(of):
            return _VERDICTS.get(item.outcome.removeprefix(of))
    return _VERDICTS.get(item.outcome)


def made_by(advice: ApplicationAdvice, zone: str) -> datetime:
    """The latest moment an advice may have been made: the end of the minute it tells (BGN03, BGN04) by the clocks of their
    ``zone``; where it tells no time, of the day."""
    told = advice.created_at
    return (told + (timedelta(minutes=1) if told.time() != time() else timedelta(days=1))).replace(tzinfo=ZoneInfo(zone))


def sets_meant(unit: Unit, advice: DocumentRow, item: AdviceItem, made: datetime) -> list[TransactionRow]:
    """The sets of ours it is about: by control numbers where it gives those, else the one of that business number that was the
    newest they could know when it was ``made``."""
    codes = (item.set_code,) if item.set_code else _SETS.get(item.qualifier, _ANY)
    found = _in_groups(unit, advice, codes, item) if item.group_control_number else []
    return found or _newest(unit, advice, codes, item.reference, made)


def as_told(row: TransactionRow, item: AdviceItem) -> Said:
    """What an item says of a set. An item of a document that is rejected leaves the rest of the document accepted."""
    verdict = verdict_of(item) or Verdict.ACCEPTED_WITH_ERRORS
    is_part = item.outcome.startswith("item ") and item.reference not in ("", row.business_number)
    if is_part and verdict is Verdict.REJECTED:
        verdict = Verdict.PARTIALLY_ACCEPTED
    findings = tuple(_finding(error, verdict) for error in item.errors)
    if not findings and verdict is not Verdict.ACCEPTED:
        findings = (_whole(item, verdict),)
    return Said(row, verdict, findings)


def worst(before: Said | None, now: Said) -> Said:
    """What two items say of one set comes to the worse verdict, with the findings of both."""
    if before is None:
        return now
    return Said(now.row, max(before.verdict, now.verdict, key=_ORDER.index), (*before.findings, *now.findings))


def is_by_application(row: TransactionRow) -> bool:
    """Whether what stands against a set of ours was said by the partner's application, which looks after its translator."""
    return any(finding.kind.startswith(BY_APPLICATION) for finding in findings_from_text(row.partner_findings))


def _in_groups(unit: Unit, advice: DocumentRow, codes: tuple[str, ...], item: AdviceItem) -> list[TransactionRow]:
    """Those of the group of that number; all of them where no one is named."""
    groups = dict.fromkeys(group_code(code) for code in codes)
    came, number = unit.transactions.of_document(advice.id), bare(item.group_control_number)
    ends = unit.interchanges.ends(came.interchange_id if came else None)
    sent = [unit.interchanges.sent_group(advice.partner, each, number, ends) for each in groups if each]
    sets = [row for group in sent if group is not None for row in unit.transactions.in_group(group.id)]
    if item.control_number:
        return [row for row in sets if bare(row.control_number) == bare(item.control_number)]
    named = [row for row in sets if row.business_number == item.reference]
    return named or (sets if item.outcome.startswith("group ") else [])


def _newest(unit: Unit, advice: DocumentRow, codes: tuple[str, ...], number: str, made: datetime) -> list[TransactionRow]:
    """Of those that have left, the newest that was enveloped by then; a single one whatever their clock says."""
    sets = [row for code in codes for row in unit.transactions.numbered(advice.partner, code, number)] if number else []
    left = [row for row in sets if row.direction == "out" and row.usage == advice.usage and row.delivery in LEFT]
    known = [row for row in left if unit.interchanges.get(row.interchange_id or 0).at <= made] if len(left) > 1 else left
    return sorted(known, key=lambda row: row.id)[-1:]


def _finding(error: ApplicationError, verdict: Verdict) -> Finding:
    """A TED. What names no segment is about the whole set."""
    element = int(error.element) if error.element.isdecimal() and int(error.element) else None
    scope = Scope.SET if not error.segment else Scope.ELEMENT if element else Scope.SEGMENT
    return Finding(
        kind=BY_APPLICATION + (error.code or "error"),
        scope=scope,
        level=Level.APPLICATION,
        code=error.code,
        message=_message(error),
        severity=verdict.severity,
        segment=error.segment or None,
        position=error.position,
        element=element,
        value=error.value or None,
    )


def _message(error: ApplicationError) -> str:
    said = [error.message, *(note.text for note in error.notes)]
    said += [f"{error.value!r} is wrong"] if error.value else []
    said += [f"it should be {error.should_be!r}"] if error.should_be else []
    return "; ".join(each for each in said if each) or "their application takes it for wrong"


def _whole(item: AdviceItem, verdict: Verdict) -> Finding:
    message = f"their application says: {item.outcome}"
    return Finding(BY_APPLICATION + "verdict", Scope.SET, Level.APPLICATION, "", message, verdict.severity)


def bare(number: str) -> str:
    """A control number as a number: some partners write leading zeros back."""
    return number.strip().lstrip("0")
