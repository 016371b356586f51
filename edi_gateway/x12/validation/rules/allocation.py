"""SDQ: what goes to the stores of a line is the quantity of the line (rules §12)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.validation.rules.numbers import decimal, total
from edi_gateway.x12.validation.rules.rule import Glance, GlanceMaker, Rule
from edi_gateway.x12.validation.scene import Found, Scene, Trouble

QUANTITY = {"PO1": 2, "POC": 3, "IT1": 2}
_FIRST, _STEP = 4, 2  # SDQ04, SDQ06, …


def allocation_sum(scene: Scene) -> Iterator[Trouble]:
    """Subline SDQs belong to their SLN and are not looked at."""
    line: Found | None = None
    allocated: list[str] = []
    for found in scene.all("SDQ", "SLN", *QUANTITY):
        if found.segment[0] == "SDQ":
            allocated += filter(None, found.segment[_FIRST::_STEP])
            continue
        if allocated:
            yield from _judge(line, allocated)
        line, allocated = None if found.segment[0] == "SLN" else found, []
    yield from _judge(line, allocated)


def _judge(line: Found | None, allocated: list[str]) -> Iterator[Trouble]:
    if line is None or not allocated:
        return
    element = QUANTITY[line.segment[0]]
    ordered, given = decimal(line.at(element)), total(allocated)
    if ordered is not None and given is not None and ordered != given:
        yield Trouble(f"SDQ allocates {given}, {line.segment[0]}{element:02d} is {ordered}", line, element)


def _glance_at(line_id: str) -> GlanceMaker:
    """The same for whole numbers, where all SDQ of a line stand together; anything else is not for a glance."""
    quantity = QUANTITY[line_id] - 1

    def glance(marks: Delimiters, ids: frozenset[str], codes: frozenset[str] | None = None) -> Glance:
        element, end, before = marks.element, marks.segment, marks.segment + marks.line_end
        sdq, line = f"{before}SDQ{element}", f"{before}{line_id}{element}"
        width = len(line)

        def sums_agree(text: str) -> bool:
            ordered = given = None
            for ahead, behind in pairwise(text.split(sdq)):  # what stands before an SDQ, and from its first element on
                at = ahead.rfind(line)
                if at >= 0:
                    if given != ordered:
                        return False
                    ordered, given = int(ahead[at + width :].split(element, quantity + 1)[quantity]), 0
                elif given is None or end in ahead:  # no line, or one that had SDQ before
                    return False
                given += sum(map(int, behind[: behind.find(end)].split(element)[_FIRST - 1 :: _STEP]))
            return given == ordered

        def clear(text: str) -> bool:
            try:
                return sums_agree(text)
            except (ValueError, IndexError):  # not a whole number, or not there
                return False

        return clear

    return glance


def _rule_of(set_code: str, line_id: str) -> Rule:
    reads = frozenset({"SDQ", "SLN", *QUANTITY})
    return Rule("allocation.sum", allocation_sum, frozenset({"SDQ"}), reads, frozenset({set_code}), glance=_glance_at(line_id))


RULES = (_rule_of("810", "IT1"), _rule_of("850", "PO1"), _rule_of("860", "POC"))
