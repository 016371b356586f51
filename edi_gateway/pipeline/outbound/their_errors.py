"""Their errors: what a partner says is wrong with a set of ours, each shown at our own segment."""

from __future__ import annotations

from collections.abc import Sequence

from edi_gateway.errors import NeedsPerson
from edi_gateway.pipeline.outbound.what_was_sent import set_sent
from edi_gateway.store.rows import TransactionRow, findings_from_text
from edi_gateway.store.unit import Unit
from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.finding import Finding

MOST = 3


def their_errors(unit: Unit, row: TransactionRow) -> list[str]:
    """The first errors of their acknowledgment as sentences; without our segments where retention took the payload."""
    findings = findings_from_text(row.partner_findings)[:MOST]
    if not any(finding.segment for finding in findings):
        return [at_our_segment(finding, ()) for finding in findings]
    try:
        segments = set_sent(unit, row)
    except NeedsPerson:  # what cannot be opened just now is tried again
        segments = []
    return [at_our_segment(finding, segments) for finding in findings]


def at_our_segment(finding: Finding, segments: Sequence[Segment]) -> str:
    """What they say and by which code, then the segment that stands there and the element they mean.

    ``segments`` are those of the set as it was sent, ST first.
    """
    said = f"{finding.sentence} (their code {finding.code})" if finding.code else finding.sentence
    ours = _ours(finding, segments)
    if ours is None:
        return said
    shown = f"{said}; ours: {'*'.join(ours)}"
    if finding.element is None:
        return shown
    value = ours[finding.element] if finding.element < len(ours) else ""
    return f"{shown}, in which {ours[0]}{finding.element:02d} is {value!r}" if value else f"{shown}, in which it is empty"


def _ours(finding: Finding, segments: Sequence[Segment]) -> Segment | None:
    """The segment they mean: at the place they say, or the only one of its tag (with their value in it); None: not clear."""
    if finding.position:
        return segments[finding.position - 1] if finding.position <= len(segments) else None
    tagged = [segment for segment in segments if segment[0] == finding.segment]
    found = [segment for segment in tagged if finding.value in segment] if finding.value else tagged
    return found[0] if len(found) == 1 else None
