"""CTT: how many lines, and the hash total of their quantities (rules §11)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.validation.rules.numbers import decimal
from edi_gateway.x12.validation.rules.rule import Glance, GlanceMaker, Rule
from edi_gateway.x12.validation.scene import Scene, Trouble


class Counted(NamedTuple):
    """What CTT01 counts in a set, and the segment and element CTT02 sums."""

    lines: str
    quantity: tuple[str, int]


COUNTED = {
    "810": Counted("IT1", ("IT1", 2)),
    "846": Counted("LIN", ("QTY", 2)),
    "850": Counted("PO1", ("PO1", 2)),
    "855": Counted("PO1", ("PO1", 2)),
    "856": Counted("HL", ("SN1", 2)),
    "860": Counted("POC", ("POC", 3)),
    "865": Counted("POC", ("POC", 3)),
}
_HASH_DIGITS = 10


def line_count(scene: Scene) -> Iterator[Trouble]:
    counted = COUNTED[scene.definition.set]
    lines = scene.count(counted.lines)
    for ctt in scene.all("CTT"):
        said = decimal(ctt.at(1))
        if said is not None and said != lines:
            yield Trouble(f"CTT01 says {ctt.at(1)}, there are {lines} {counted.lines}", ctt, 1)


def hash_total(scene: Scene) -> Iterator[Trouble]:
    """Summed as numbers, or as X12 words it without decimal points and signs; cut on the left to ten digits. Either is right."""
    segment_id, element = COUNTED[scene.definition.set].quantity
    for ctt in scene.all("CTT"):
        said = decimal(ctt.at(2)) if ctt.at(2) else None
        if said is None:
            continue
        texts = [found.at(element) for found in scene.all(segment_id)]
        exact = sum((decimal(text) or Decimal(0) for text in texts), Decimal(0))
        plain = sum((decimal(text.replace(".", "").lstrip("-")) or Decimal(0) for text in texts), Decimal(0))
        limit = Decimal(10) ** _HASH_DIGITS
        if said not in (exact, exact % limit, plain, plain % limit):
            yield Trouble(f"CTT02 says {ctt.at(2)}, the sum of {segment_id}{element:02d} is {exact}", ctt, 2)


def _adds_up(counted: Counted) -> GlanceMaker:
    """A glance at the CTT, of which no definition allows a second: it holds the number of these segments, and no hash total or
    the sum of whole quantities.
    """

    def glance(marks: Delimiters, ids: frozenset[str], codes: frozenset[str] | None = None) -> Glance:
        before = marks.segment + marks.line_end
        ctt, line, summed = (f"{before}{name}{marks.element}" for name in ("CTT", counted.lines, counted.quantity[0]))
        whole = _whole_quantity(summed, counted.quantity[1], marks)

        def clear(text: str) -> bool:
            at = text.rfind(ctt)
            said = text[at + len(ctt) : text.find(marks.segment, at + len(ctt))]
            lines, _, total = said.partition(marks.element)
            if at < 0 or lines != str(text.count(line)):
                return False
            if not total:
                return True
            quantities = whole.findall(text)
            return total == str(sum(map(int, quantities))) and len(quantities) == text.count(summed)

        return clear

    return glance


def _whole_quantity(beginning: str, element: int, marks: Delimiters) -> re.Pattern[str]:
    """Finds that element of each such segment where it is a number without sign and decimal point."""
    element_mark, marked = re.escape(marks.element), re.escape(marks.element + marks.segment)
    skipped = f"(?:[^{marked}]*{element_mark})" * (element - 1)
    return re.compile(f"{re.escape(beginning)}{skipped}([0-9]{{1,{_HASH_DIGITS}}})[{marked}]")


def _rules_of(set_code: str, counted: Counted) -> tuple[Rule, Rule]:
    needs, reads, sets = frozenset({"CTT"}), frozenset({"CTT", counted.lines, counted.quantity[0]}), frozenset({set_code})
    glance = _adds_up(counted)
    return (
        Rule("balance.line_count", line_count, needs, reads, sets, glance=glance),
        Rule("balance.hash_total", hash_total, needs, reads, sets, glance=glance),
    )


RULES = tuple(rule for code, counted in COUNTED.items() for rule in _rules_of(code, counted))
