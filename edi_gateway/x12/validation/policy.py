"""How grave each kind of finding is with a partner, and which characters they may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Literal

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.x12.finding import Finding, Severity
from edi_gateway.x12.validation.kinds import KINDS


class Policy(msgspec.Struct, frozen=True):
    """Severities by kind, where they differ from the defaults in ``kinds.KINDS``; OFF drops a kind altogether.

    ``characters`` is the character set of X12.6: basic (no lower case) or extended.
    """

    severities: Mapping[str, Severity] = {}
    characters: Literal["basic", "extended"] = "extended"

    def __hash__(self) -> int:
        return hash((frozenset(self.severities.items()), self.characters))

    def severity(self, kind: str) -> Severity:
        """The severity of a kind; for one that is in neither table REJECT."""
        given = self.severities.get(kind)
        if given is not None:
            return given
        return KINDS[kind].severity if kind in KINDS else Severity.REJECT

    def check(self) -> None:
        """Raises WrongInput for a kind that does not exist, with the names that are close."""
        for kind in self.severities:
            if kind not in KINDS:
                close = get_close_matches(kind, KINDS, n=3) or sorted(KINDS)
                raise WrongInput(f"no kind of finding is called {kind!r}", do=f"write one of {', '.join(close)}")


def restate(findings: Iterable[Finding], policy: Policy) -> tuple[Finding, ...]:
    """Findings made without a policy (by a reader) at the severities of this one; what is OFF is dropped."""
    weighed = (
        msgspec.structs.replace(finding, severity=policy.severities[finding.kind])
        if finding.kind in policy.severities
        else finding
        for finding in findings
    )
    return tuple(finding for finding in weighed if finding.severity is not Severity.OFF)
