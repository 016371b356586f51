"""The rules above the standard, each a small named thing: balance, inter-segment, external codes."""

from __future__ import annotations

from functools import lru_cache

from edi_gateway.x12.finding import Severity
from edi_gateway.x12.validation.policy import Policy
from edi_gateway.x12.validation.rules import (
    allocation,
    check_digits,
    hierarchy,
    invoice,
    loop_bounds,
    outside_lists,
    periods,
    remittance,
    totals,
)
from edi_gateway.x12.validation.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *totals.RULES,
    *invoice.RULES,
    *remittance.RULES,
    *hierarchy.RULES,
    *allocation.RULES,
    *loop_bounds.RULES,
    *check_digits.RULES,
    *outside_lists.RULES,
    *periods.RULES,
)

__all__ = ["RULES", "Rule", "rules_for"]


@lru_cache(maxsize=256)
def rules_for(set_code: str, policy: Policy) -> tuple[Rule, ...]:
    """The rules that apply to a set and are not all turned off."""
    return tuple(
        rule
        for rule in RULES
        if (not rule.sets or set_code in rule.sets)
        and any(policy.severity(kind) is not Severity.OFF for kind in (rule.kind, *rule.kinds))
    )
