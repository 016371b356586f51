"""Holds our findings against the second opinion: what is the same, what differs for a known reason, and what nothing explains."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from edi_gateway.x12.finding import Finding, Level, Scope
from edi_gateway.x12.second_opinion.both import FORM_KINDS, Both
from edi_gateway.x12.second_opinion.explanations import RULES
from edi_gateway.x12.second_opinion.opinion import LIST_OF, Opinion, Remark

_ASKED = frozenset({Level.ENVELOPE, Level.STRUCTURE, Level.ELEMENT, Level.SYNTAX_NOTE})
_SCOPES = frozenset({Scope.SET, Scope.SEGMENT, Scope.ELEMENT})
# Of the set in its group, or of our own limits: nothing that pyx12 is shown.
_NOT_ASKED = frozenset(
    {"set.group_code", "set.outside_group", "set.duplicate", "set.too_large", "set.unsupported", "set.release_nearest"}
)
_LEVELS_OF_HL = frozenset({"hierarchy.parent", "hierarchy.duplicate_id"})


class Difference(msgspec.Struct, frozen=True):
    """Something that only one of the two says. ``rule`` and ``why`` are empty where nothing explains it."""

    by: Literal["us", "pyx12"]
    place: str
    code: str
    message: str
    rule: str = ""
    why: str = ""


class Agreement(msgspec.Struct, frozen=True):
    """``same``: both say exactly the same. Else every difference, explained by a rule or not."""

    same: bool
    explained: tuple[Difference, ...] = ()
    unexplained: tuple[Difference, ...] = ()


def compare(ours: Iterable[Finding], theirs: Opinion) -> Agreement:
    """What we found in a set and what pyx12 remarks on, side by side.

    Compared are codes and places, whatever our severities are, up to the syntax notes, the parents of HL and the form of DTP03:
    totals, check digits and a partner's guide are not known to pyx12. Where it has no opinion there is nothing to compare.
    """
    if theirs.accepts is None:
        return Agreement(same=False)
    both = Both(tuple(filter(_is_asked, ours)), theirs)
    differences = [_explained(said, both) for said in _only_one(both)]
    explained = tuple(one for one in differences if one.rule)
    return Agreement(not differences, explained, tuple(one for one in differences if not one.rule))


def _is_asked(finding: Finding) -> bool:
    if finding.kind in _LEVELS_OF_HL or (finding.kind in FORM_KINDS and finding.segment == "DTP"):
        return True
    return finding.level in _ASKED and finding.scope in _SCOPES and finding.kind not in _NOT_ASKED


def _only_one(both: Both) -> list[Finding | Remark]:
    """What one says and the other does not, in order of the document."""
    alone: list[Finding | Remark] = [said for said in both.ours if both.key(said) not in both.keys_of_theirs]
    alone += [said for said in both.theirs if both.key(said) not in both.keys_of_ours]
    return sorted(alone, key=lambda said: said.position or 0)


def _explained(said: Finding | Remark, both: Both) -> Difference:
    by: Literal["us", "pyx12"] = "us" if isinstance(said, Finding) else "pyx12"
    code = f"{LIST_OF[said.scope]} {said.code}" if said.code else ""
    for rule in RULES:
        if rule.ours(said, both) if isinstance(said, Finding) else rule.theirs(said, both):
            return Difference(by, said.place, code, said.message, rule.name, rule.why)
    return Difference(by, said.place, code, said.message)
