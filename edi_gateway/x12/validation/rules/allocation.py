"""SDQ: what goes to the stores of a line is the quantity of the line (rules §12)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.validation.rules.numbers import decimal, total
from edi_gateway.x12.validation.rules.rule import Glance, Rule
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


def _glance(marks: Delimiters) -> Glance:
    """The same for whole numbers and without sublines, from the text; anything else is not for a glance."""
    element, end = re.escape(marks.element), re.escape(marks.segment)
    one = f"{element}[^{element}{end}]*"
    lines = "|".join(f"{name}(?:{one}){{{at - 1}}}" for name, at in QUANTITY.items())
    find = re.compile(
        f"{end}{re.escape(marks.line_end)}(?:(?:{lines}){element}([^{element}{end}]*)|SDQ(?:{one}){{2}}{element}([^{end}]*)|SLN{element})"
    ).findall

    def clear(text: str) -> bool:
        ordered, given = 0, None
        try:
            for quantity, stores in find(text):
                if stores:
                    given = (given or 0) + sum(map(int, stores.split(marks.element)[1::2]))
                elif given is not None and given != ordered:
                    return False
                else:
                    ordered, given = int(quantity), None
        except ValueError:
            return False
        return given is None or given == ordered

    return clear


RULES = (
    Rule(
        "allocation.sum",
        allocation_sum,
        frozenset({"SDQ"}),
        frozenset({"SDQ", "SLN", *QUANTITY}),
        frozenset({"810", "850", "860"}),
        glance=_glance,
    ),
)
