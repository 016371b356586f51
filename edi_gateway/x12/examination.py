"""A set as it is judged with nothing else known: by the nearest definition, under a policy."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO, NamedTuple

import msgspec

from edi_gateway.x12 import standard
from edi_gateway.x12.acknowledgment import Form, SetResult, Verdict
from edi_gateway.x12.envelope import GroupEnd, InterchangeEnd, Skipped, TransactionSet
from edi_gateway.x12.envelope_checks import check_group_support
from edi_gateway.x12.envelope_findings import envelope_finding
from edi_gateway.x12.finding import Finding, Scope, Severity
from edi_gateway.x12.guide import Guide, over
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.standard import Nearest
from edi_gateway.x12.validation import KINDS, Checker, Policy, checker, restate


class Examination(NamedTuple):
    """Everything found in a set, envelope included, and the definition it was held against; None where there is none."""

    findings: tuple[Finding, ...]
    nearest: Nearest | None
    result: SetResult

    @property
    def verdict(self) -> Verdict:
        """What an acknowledgment with default terms would say."""
        if any(finding.severity is Severity.REJECT for finding in self.findings):
            return Verdict.REJECTED
        noted = any(Form().is_reported(finding) for finding in self.findings)
        return Verdict.ACCEPTED_WITH_ERRORS if noted else Verdict.ACCEPTED


def examine(transaction_set: TransactionSet, policy: Policy, guide: Guide | None = None, read_as: str = "") -> Examination:
    """The findings of reader and validation together, at the policy's severities; ``guide`` is what a partner asks beyond (one
    for other sets or releases says nothing of this one); ``read_as`` the release agreed on to hold it against.

    That a set was held against another release than its own is a finding too (``set.release_nearest``): a warning which no
    acknowledgment tells of, unless the policy rejects what is of no release we have. Where the policy rejects a group for its
    header, that is a finding of every set in it: the group's end, which tells it of the group, comes too late for them.
    """
    code, group = transaction_set.code, transaction_set.group
    nearest, check, about = _way(code, transaction_set.release, group.code if group else None, read_as, policy, guide)
    found = about
    if transaction_set.findings:
        found = (*restate(transaction_set.findings, policy), *about)
    if check is not None:
        found += check.check(transaction_set)
    told = SetResult(code, transaction_set.control_number, found, transaction_set.convention)
    return Examination(found, nearest, told)


@lru_cache(maxsize=256)
def _way(
    code: str, release: str, group: str | None, read_as: str, policy: Policy, guide: Guide | None
) -> tuple[Nearest | None, Checker | None, tuple[Finding, ...]]:
    """How sets of a code and release in a group are judged: by which definition and checker, and what that alone gives to say."""
    header = check_group_support(group, release) if group is not None else ()
    refused = tuple(finding for finding in restate(header, policy) if finding.severity is Severity.REJECT)
    nearest = standard.agreed(code, release, read_as) if read_as else standard.nearest(code, release)
    if nearest is None:
        unsupported = envelope_finding("set.unsupported", f"there is no definition of set {code!r}")
        return None, None, (*refused, *restate([unsupported], policy))
    narrowing = over(guide, nearest.definition) if guide is not None and guide.is_for(nearest.definition) else None
    return nearest, checker(nearest.definition, policy, narrowing), (*refused, *_about_release(nearest, policy))


def group_findings(end: GroupEnd, policy: Policy) -> tuple[Finding, ...]:
    """What is wrong with a group as a group, at the policy's severities.

    A policy that rejects sets of a release we do not have (``set.release_nearest``) rejects their group for it too (AK905 2).
    """
    found = restate(end.findings, policy)
    refuses = policy.severity("set.release_nearest") is Severity.REJECT
    told = any(finding.kind == "group.release_unsupported" for finding in found)
    if not refuses or told or end.group.release[:6] in standard.releases():
        return found
    unsupported = envelope_finding("group.release_unsupported", end.group.release, segment="GS", offset=end.group.offset)
    return (*found, msgspec.structs.replace(unsupported, severity=Severity.REJECT))


class Judged(msgspec.Struct, frozen=True):
    """What is thought of one part of a payload: a set with its verdict, or the end of an envelope or skipped bytes without.

    ``code`` is that of a set, ``held_against`` the definition it was judged by.
    """

    findings: tuple[Finding, ...]
    code: str = ""
    control_number: str = ""
    held_against: str = ""
    verdict: Verdict | None = None


def judged(source: bytes | BinaryIO, policy: Policy | None = None, guide: Guide | None = None) -> Iterator[Judged]:
    """Every set of a payload examined, in order, one at a time; and what is wrong with the envelopes around them."""
    weighed = policy or Policy()
    for event in Reader(source):
        if isinstance(event, TransactionSet):
            examined = examine(event, weighed, guide)
            held_against = examined.nearest.why if examined.nearest else f"no definition of set {event.code}"
            yield Judged(examined.findings, event.code, event.control_number, held_against, examined.verdict)
        elif isinstance(event, Skipped):
            yield Judged(restate([event.finding], weighed))
        elif isinstance(event, GroupEnd):
            yield Judged(group_findings(event, weighed))
        elif isinstance(event, InterchangeEnd):
            yield Judged(restate(event.findings, weighed))


def _about_release(nearest: Nearest, policy: Policy) -> tuple[Finding, ...]:
    name, severity = "set.release_nearest", policy.severity("set.release_nearest")
    if nearest.exact or severity is Severity.OFF:
        return ()
    kind = KINDS[name]
    return (Finding(name, Scope.SET, kind.level, kind.code, nearest.why, severity),)
