"""The rules above the standard that have to look at a set the fast path accepted: those not cleared by a glance at its text."""

from __future__ import annotations

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.validation.rules.rule import Rule


class Glances:
    """Made once for some rules, the ids of all segments an accepted set may hold, its codes (None: any), and delimiters."""

    def __init__(
        self, rules: tuple[Rule, ...], ids: frozenset[str], delimiters: Delimiters, codes: frozenset[str] | None = None
    ) -> None:
        self.ids, self.codes = ids, codes
        concerned = [rule for rule in rules if not ids.isdisjoint(rule.needs)]
        self._always = [rule for rule in concerned if rule.glance is None]
        factories = dict.fromkeys(rule.glance for rule in concerned if rule.glance is not None)  # two rules may share one
        self._cleared = [
            (factory(delimiters, ids, codes), [rule for rule in concerned if rule.glance is factory]) for factory in factories
        ]

    def not_cleared(self, text: str) -> list[Rule]:
        """The rules that may find something in this text."""
        return self._always + [rule for clears, rules in self._cleared if not clears(text) for rule in rules]
