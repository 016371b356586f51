"""SDQ: what goes to the stores of a line is the quantity of the line (rules §12)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from edi_gateway.x12.validation.rules.numbers import decimal
from edi_gateway.x12.validation.rules.rule import Rule
from edi_gateway.x12.validation.scene import Found, Scene, Trouble

QUANTITY = {"PO1": 2, "POC": 3, "IT1": 2}
_FIRST, _STEP = 4, 2  # SDQ04, SDQ06, …


def allocation_sum(scene: Scene) -> Iterator[Trouble]:
    """Subline SDQs belong to their SLN and are not looked at."""
    line: Found | None = None
    allocated: list[Decimal | None] = []
    for found in scene.all("SDQ", "SLN", *QUANTITY):
        if found.segment[0] in QUANTITY:
            yield from _judge(line, allocated)
            line, allocated = found, []
        elif found.segment[0] == "SLN":
            yield from _judge(line, allocated)
            line, allocated = None, []
        else:
            allocated += [decimal(text) for text in found.segment[_FIRST::_STEP] if text]
    yield from _judge(line, allocated)


def _judge(line: Found | None, allocated: list[Decimal | None]) -> Iterator[Trouble]:
    if line is None or not allocated or None in allocated:
        return
    element = QUANTITY[line.segment[0]]
    ordered, total = decimal(line.at(element)), sum((one for one in allocated if one is not None), Decimal(0))
    if ordered is not None and ordered != total:
        yield Trouble(f"SDQ allocates {total}, {line.segment[0]}{element:02d} is {ordered}", line, element)


RULES = (
    Rule(
        "allocation.sum",
        allocation_sum,
        frozenset({"SDQ"}),
        frozenset({"SDQ", "SLN", *QUANTITY}),
        frozenset({"810", "850", "860"}),
    ),
)
