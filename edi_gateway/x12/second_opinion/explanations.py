"""Why pyx12 and we may differ, as named rules. What none of them explains is a fault, of ours or of pyx12's.

``docs/reference/second-opinion.md`` is written from this table.
"""

from __future__ import annotations

from edi_gateway.x12.second_opinion import element_rules, structure_rules
from edi_gateway.x12.second_opinion.rule import Rule

RULES: tuple[Rule, ...] = (*structure_rules.RULES, *element_rules.RULES)
