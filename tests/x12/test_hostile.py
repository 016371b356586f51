"""Documents made to keep a checker busy: what an expression does not match, it gives up in time that grows with the text alone.

A pattern that goes back and tries again would need longer than the universe for some of these. Nothing here is timed: a test that
does not end in its minute has failed.
"""

from functools import cache

import pytest
from many_orders import order_texts

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.standard import load
from edi_gateway.x12.structure.containers import ids_of
from edi_gateway.x12.validation.checker import Checker
from edi_gateway.x12.validation.fast_path import LARGEST, FastPath
from edi_gateway.x12.validation.policy import Policy
from edi_gateway.x12.validation.rules import RULES

pytestmark = pytest.mark.timeout(60)

DEFINITION = load("850", "004010")
HEAD, END = "ST*850*0001~BEG*00*SA*1**20260101~", "CTT*1~SE*9*0001~"
LINE = "PO1*1*1*EA*1*PE*UP*036000291452*VN*SKU1~"
ROOM = LARGEST - len(HEAD + END) - 200


def filled(unit, wrong=""):
    """As many of a unit as the fast path takes in, and something wrong behind them."""
    return HEAD + unit * (ROOM // max(len(unit), 1)) + wrong + END


HOSTILE = {
    "one long number": filled("", f"PO1*1*{'9' * ROOM}~"),
    "a number of points": filled("", f"PO1*1*{'.1' * (ROOM // 2)}~"),
    "one long text": filled("", f"REF*DP*{'A ' * (ROOM // 2)}~"),
    "one long list of pairs": filled("", "PO1*1*1*EA*1*PE" + "*UP*036000291452" * (ROOM // 16) + "~"),
    "one long list of nothing": filled("", "PO1*1*1*EA*1*PE" + "*" * ROOM + "~"),
    "a composite of nothing": filled("", "REF*DP*1**" + ">" * ROOM + "~"),
    "lines, then a segment nobody knows": filled(LINE, "QQQ*1~"),
    "lines, then a line that is wrong": filled(LINE, "PO1*1*X*EA~"),
    "lines with descriptions, then a wrong date": filled(f"{LINE}PID*F*08***LAMP~", "DTM*010*20261345~"),
    "loops in loops, then a wrong place": filled(f"{LINE}N1*ST*A*92*1~N3*ROAD~N4*TOWN*OH*43004~REF*DP*1~", "ITD*01~"),
    "notes, then none": filled("N9*L1*1~MSG*TEXT~", "N9~"),
    "stores, then one too many": filled(f"{LINE}SDQ*EA*92*0001*1~", "SDQ*EA*92*0001*X~"),
    "terminators": filled("~"),
    "segments that are only an id": filled("PO1~"),
    "an end without a set": filled("SE*1*0001~"),
}


@cache
def paths():
    """One expression with every place, one with those that orders use."""
    every, usual = (FastPath(DEFINITION, Delimiters(), "extended", True) for _ in range(2))
    every.compile(None)
    checker = Checker(DEFINITION, Policy(), fast=False)
    assert all(checker.check(TransactionSet(text, Delimiters())) == () for text in order_texts(3))
    usual.compile(
        frozenset({("", name) for name in ("REF", "DTM", "ITD")} | {("PO1", "PO1"), ("PO1/PID", "PID"), ("PO1", "SDQ")})
    )
    return every, usual


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_no_expression_goes_back_and_tries_again(text):
    assert [path.accepts(text) for path in paths()] == [False, False]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_glance_ends_whatever_it_looks_at(text):
    glances = {rule.glance for rule in RULES if rule.glance is not None and (not rule.sets or "850" in rule.sets)}
    cleared = [glance(Delimiters(), ids_of(DEFINITION))(text) for glance in glances]
    assert len(cleared) == len(glances) > 3


@pytest.mark.parametrize(
    "payload",
    [
        b"~" * 2_000_000,
        b"ISA" * 700_000,
        b"ISA*00*          " * 100_000,
        b" \r\n" * 700_000,
        b"ST*850*0001~" * 150_000,
    ],
    ids=["terminators", "headers begun", "headers cut off", "line ends", "sets begun"],
)
def test_a_reader_comes_to_the_end_of_rubbish(payload):
    inside = f"ISA*00*{' ' * 10}*00*{' ' * 10}*ZZ*{'A':15}*ZZ*{'B':15}*260101*0000*U*00401*000000001*0*P*>~".encode()
    for whole in (payload, inside + payload, inside + b"GS*PO*A*B*20260101*0000*1*X*004010~" + payload):
        reader = Reader(whole)
        for _ in reader:
            pass
        assert reader.point.offset == len(whole)
