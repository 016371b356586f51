"""A set as it is judged with nothing else known: by the nearest definition, under a policy."""

from __future__ import annotations

from typing import NamedTuple

from edi_gateway.x12 import standard
from edi_gateway.x12.acknowledgment import Form, SetResult, Verdict
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.envelope_findings import envelope_finding
from edi_gateway.x12.finding import Finding, Severity
from edi_gateway.x12.standard import Nearest
from edi_gateway.x12.validation import Policy, checker, restate


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


def examine(transaction_set: TransactionSet, policy: Policy) -> Examination:
    """The findings of reader and validation together, at the policy's severities."""
    nearest = standard.nearest(transaction_set.code, transaction_set.release)
    envelope = restate(transaction_set.findings, policy)
    if nearest is None:
        unsupported = envelope_finding("set.unsupported", f"there is no definition of set {transaction_set.code!r}")
        found = (*envelope, *restate([unsupported], policy))
    else:
        found = (*envelope, *checker(nearest.definition, policy).check(transaction_set))
    whole = SetResult.of(transaction_set)
    return Examination(found, nearest, SetResult(whole.code, whole.control_number, found, whole.convention))
