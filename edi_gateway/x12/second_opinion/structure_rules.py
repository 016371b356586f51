"""Known differences about segments and loops (AK304) and about the set as a whole (AK502)."""

from __future__ import annotations

import re

from edi_gateway.x12.finding import Finding, Scope
from edi_gateway.x12.second_opinion.both import Both
from edi_gateway.x12.second_opinion.opinion import Remark
from edi_gateway.x12.second_opinion.rule import Rule

_WITHOUT_PLACE = frozenset({"1", "2", "4", "5", "6", "7"})
_NUMBERS = re.compile(r"SE id=(.*) does not match ST id=(.*)", re.DOTALL)


def _unplaced_by_us(said: Finding | Remark, both: Both) -> bool:
    return any(one.scope is Scope.SEGMENT and one.code in _WITHOUT_PLACE for one in both.ours_in(said))


def _unplaced_by_them(said: Finding | Remark, both: Both) -> bool:
    return said.position in both.unplaced


def _one_code_ours(said: Finding, both: Both) -> bool:
    return said.scope is Scope.SEGMENT and said.code in _WITHOUT_PLACE and _unplaced_by_them(said, both)


def _one_code_theirs(said: Remark, both: Both) -> bool:
    return said.scope is Scope.SEGMENT and said.code == "1" and _unplaced_by_us(said, both)


def _not_looked_at(said: Finding, both: Both) -> bool:
    return said.scope is Scope.ELEMENT and _unplaced_by_them(said, both)


def _not_looked_at_by_us(said: Remark, both: Both) -> bool:
    """A segment we have no definition of, or the set has no place for."""
    unknown = any(one.kind in ("segment.unrecognized", "segment.not_in_set") for one in both.ours_in(said))
    return said.about == "SEG1" and unknown


def _late_not_missing(said: Remark, both: Both) -> bool:
    late = (one for one in both.ours if one.kind == "segment.out_of_sequence" and one.segment == said.segment)
    return said.scope is Scope.SEGMENT and said.code == "3" and any((one.position or 0) > (said.position or 0) for one in late)


def _begun_again(said: Finding, both: Both) -> bool:
    """A loop begun again behind its head, or behind its head and what has no place; also for a loop inside it."""
    at = said.position or 0
    if said.kind != "segment.missing" or at >= len(both.ids):
        return False
    before = at - 1
    while before in both.unplaced:
        before -= 1
    return both.ids[before] == both.ids[at] and both.ids[at] in (said.loop or "").split("/")


def _full_place(said: Remark, both: Both) -> bool:
    return said.about == "further out" and not any(one.scope is Scope.SEGMENT for one in both.ours_in(said))


def _apart_since(said: Finding | Remark, both: Both) -> bool:
    """From the first segment on that one has put somewhere else than the other."""
    return said.scope is Scope.SEGMENT and both.apart_since is not None and (said.position or 0) >= both.apart_since


def _empty(said: Remark, both: Both) -> bool:
    return said.about == "empty"


def _blank_before(said: Remark, both: Both) -> bool:
    return said.about == "reading" and said.scope is Scope.SEGMENT


def _set_header(said: Finding, both: Both) -> bool:
    return said.scope is Scope.SET and said.code in ("6", "7")


def _blanks_apart(said: Remark, both: Both) -> bool:
    numbers = _NUMBERS.fullmatch(said.message) if said.scope is Scope.SET else None
    return numbers is not None and numbers[1].strip() == numbers[2].strip()


def _same_number(said: Finding | Remark, both: Both) -> bool:
    padded = any(one.kind == "set.control_number_padding" for one in both.ours)
    return said.scope is Scope.SET and padded and (said.code == "3" or (isinstance(said, Finding) and not said.code))


def _cut(said: Finding | Remark, both: Both) -> bool:
    """Our findings of a set that is rubbish are cut off; that they are is a finding too."""
    end = next((one for one in both.ours if one.kind == "set.findings_cut"), None)
    return end is not None and (said is end or (said.position or 0) >= (end.position or 0))


RULES = (
    Rule(
        "one code for no place",
        "pyx12 says AK304 1 of every segment it cannot place; we tell unknown (1), unexpected (2), of other sets (6), out of "
        "sequence (7) and one too many behind its place (4, 5) apart.",
        _one_code_ours,
        _one_code_theirs,
    ),
    Rule(
        "elements of a segment without a place",
        "pyx12 looks into a segment it cannot place only for separators at the end; we check its elements, if the set knows it.",
        _not_looked_at,
        _not_looked_at_by_us,
    ),
    Rule(
        "late, not missing",
        "A mandatory segment that comes too late is missing (3) and without a place (1) for pyx12; we say once that it is out of "
        "sequence (7).",
        theirs=_late_not_missing,
    ),
    Rule(
        "loop begun again",
        "Where a loop begins again directly behind its head, pyx12 meets the head before it looks for what the first turn still "
        "had to bring, and does not miss it.",
        _begun_again,
    ),
    Rule(
        "a full place and another ahead",
        "When a segment may not stand at its place once more but has another place further out, we take that; pyx12 takes the "
        "first and says it is over its maximum.",
        theirs=_full_place,
    ),
    Rule(
        "read apart since",
        "From a segment on that one put where the other did not (out of sequence at the head of a loop, or at a full place), the "
        "two stand at different points of the definition, and what they say of the places of later segments is not comparable.",
        _apart_since,
        _apart_since,
    ),
    Rule(
        "empty segment",
        "pyx12 says AK304 8 of a segment with no data; we report what is missing in it.",
        theirs=_empty,
    ),
    Rule(
        "blanks before a segment",
        "We skip blanks between segments; pyx12 reports them.",
        theirs=_blank_before,
    ),
    Rule(
        "ST as a whole",
        "We report a wrong ST01 or ST02 of the set as well (AK502 6, 7) as of the element; pyx12 has only the latter.",
        _set_header,
    ),
    Rule(
        "blanks around control numbers",
        "We read ST02 and SE02 without the blanks around them; pyx12 compares them as they stand.",
        theirs=_blanks_apart,
    ),
    Rule(
        "control numbers written apart",
        "ST02 and SE02 that are the same number with other zeros in front are noted by us without a code; for pyx12 they differ.",
        _same_number,
        _same_number,
    ),
    Rule(
        "findings cut off",
        "Of a set that is rubbish we keep the first findings and say so; pyx12 goes on.",
        _cut,
        _cut,
    ),
)
