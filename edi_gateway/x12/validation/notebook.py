"""Where findings are written down: fills in level, code and severity from the kind, and leaves out what the policy turns off."""

from __future__ import annotations

from edi_gateway.x12.finding import Finding, Severity
from edi_gateway.x12.validation.kinds import KINDS
from edi_gateway.x12.validation.policy import Policy

LONGEST_VALUE = 200  # characters of a bad value that are kept


class Notebook:
    """The findings of one set, in the order they were noted."""

    def __init__(self, policy: Policy, release: str) -> None:
        self._policy, self._release = policy, release
        self.findings: list[Finding] = []

    def note(
        self,
        kind: str,
        message: str,
        *,
        segment: str | None = None,
        position: int | None = None,
        loop: str | None = None,
        element: int | None = None,
        component: int | None = None,
        repetition: int | None = None,
        reference: str | None = None,
        value: str | None = None,
    ) -> None:
        severity = self._policy.severity(kind)
        if severity is Severity.OFF:
            return
        entry = KINDS[kind]
        finding = Finding(
            kind=kind,
            scope=entry.scope,
            level=entry.level,
            code=entry.code_in(self._release),
            message=message,
            severity=severity,
            segment=segment,
            position=position,
            loop=loop or None,
            element=element,
            component=component,
            repetition=repetition,
            reference=reference,
            value=value[:LONGEST_VALUE] if value else value,
        )
        self.findings.append(finding)
