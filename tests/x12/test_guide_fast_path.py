"""A compiled guide accepts nothing that the tables find fault with, and leaves the standard's findings alone."""

from __future__ import annotations

import re
from functools import cache
from random import Random

import pytest
from guides import guide
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from many_orders import order_texts
from random_sets import right_set, spoil

from edi_gateway.errors import WrongInput
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.finding import Level, Severity
from edi_gateway.x12.guide import Guide, loads, over
from edi_gateway.x12.standard import LoopUse, SegmentUse, TransactionSetDefinition, load
from edi_gateway.x12.standard.model import ElementUse
from edi_gateway.x12.structure import place
from edi_gateway.x12.validation import KINDS, Policy
from edi_gateway.x12.validation.checker import Checker
from edi_gateway.x12.validation.compiled import set_pattern

MARKS = Delimiters()
ABOVE = (Level.BALANCE, Level.INTER_SEGMENT, Level.EXTERNAL_CODE)
OFF = Policy({name: Severity.OFF for name, kind in KINDS.items() if kind.level in ABOVE})
SETS = [("850", "004010"), ("855", "004010"), ("856", "005010"), ("810", "004010"), ("860", "005010")]
ORDERS = """
segments:
  BEG01: {codes: {only: ["00", ZX], add: [ZX]}}
  BEG04: unused
  CUR: required
  REF*DP: {required, repeat: 1, 02: {length: 3}}
  REF*IA: required
  REF*ZZ: unused
  DTM*010: required
  DTM*001: {required, repeat: 1}
  N1*ST: {required, repeat: 1, N104: {required, length: 4}, N3: required, N4: required}
  N1*BY: required
  PO1:
    repeat: 1-500
    PO101: required
    PO1*UP: required
    PO1*VC: unused
    PO1*: {codes: [UP, VN, VC]}
    PID*F: required
    SAC: {repeat: 1}
    CTP: unused
  CTT: required
"""


def tables(one: Guide | None, set_code: str, release: str, policy: Policy = OFF) -> Checker:
    definition = load(set_code, release)
    return Checker(definition, policy, over(one, definition) if one else None, fast=False)


# --- orders: as fast, and never more generous ---------------------------------------------------------------------------------


@cache
def orders() -> tuple[Guide, re.Pattern[str]]:
    """The guide for orders, and its expression with the places orders use."""
    one, definition = guide(ORDERS), load("850", "004010")
    used = {
        (placed.path, placed.segment[0])
        for text in order_texts(30)
        for placed in place(definition, TransactionSet(text, MARKS).segments).placed
    }
    narrowed = over(one, definition).definition
    assert narrowed is not None
    return one, re.compile(set_pattern(narrowed, MARKS, "extended", used=frozenset(used)))


def test_orders_that_keep_the_guide_are_accepted_by_its_expression():
    one, pattern = orders()
    texts = order_texts(40, seed=7)
    assert all(pattern.fullmatch(text) for text in texts)
    assert all(tables(one, "850", "004010").check(TransactionSet(text, MARKS)) == () for text in texts)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("CUR*BY*USD~", ""),
        ("REF*DP*", "REF*IV*"),
        ("REF*IA*", "REF*ZZ*"),
        ("~REF*IA*", "~REF*DP*111~REF*IA*"),
        ("N1*ST*", "N1*SN*"),
        ("N1*BY*", "N1*ST*"),
        ("DTM*001*", "DTM*002*"),
        ("*UP*", "*EN*"),
        ("~CTT", "~SAC*A*C310***100*******02~SAC*A*C310***100*******02~CTT"),
        ("BEG*00*", "BEG*01*"),
        ("BEG*00*SA*PO0000001*", "BEG*00*SA*PO0000001*7"),
    ],
)
def test_what_breaks_the_guide_is_not_accepted(old, new):
    one, pattern = orders()
    text = order_texts(1, seed=3)[0]
    changed = re.sub(re.escape(old), new, text, count=1)
    assert changed != text
    assert not pattern.fullmatch(changed)
    assert any(
        finding.kind.startswith("guide.") for finding in tables(one, "850", "004010").check(TransactionSet(changed, MARKS))
    )


def test_an_added_code_is_accepted():
    text = order_texts(1)[0].replace("BEG*00", "BEG*ZX")
    assert orders()[1].fullmatch(text)


def test_a_checker_with_a_guide_says_the_same_with_and_without_its_fast_path():
    one, random = orders()[0], Random(3)
    definition = load("850", "004010")
    slow, quick = (Checker(definition, Policy(), over(one, definition), fast=fast) for fast in (False, True))
    for text in order_texts(150):
        segments = [segment.split("*") for segment in text.split("~") if segment]
        changed = spoil(segments, random) if random.random() < 0.5 else segments
        assert quick.check(TransactionSet.of(changed, MARKS)) == slow.check(TransactionSet.of(changed, MARKS))


def test_what_cannot_be_counted_by_looking_ahead_is_left_to_the_tables():
    counted = guide("segments: {IT1/SAC*A: required}", "810")
    assert over(counted, load("810", "004010")).definition is None


# --- any guide over any set ---------------------------------------------------------------------------------------------------


@cache
def examples(set_code: str, release: str) -> list[list[list[str]]]:
    random = Random(set_code)
    return [right_set(load(set_code, release), random, often) for often in (0, 0.1, 0.2, 0.3)]


def some_rules(random: Random, definition: TransactionSetDefinition, segments: list[list[str]]) -> list[str]:
    """Lines of a guide drawn from what a set holds; some of them may be refused."""
    drawn = []
    for _ in range(random.randint(1, 6)):
        placed = random.choice(place(definition, segments).placed[1:-1])
        path = placed.path.split("/") if placed.path else []
        head = placed.loop.head
        if path and head is not None and random.random() < 0.5:
            path[-1] = _qualified(head.segment, random)
        drawn.append(_rule(placed.segment, path, placed.use, random))
    return drawn


def _qualified(segment: list[str], random: Random) -> str:
    if segment[0] == "HL":
        return f"HL*{segment[3]}"
    return f"{segment[0]}*{segment[1]}" if len(segment) > 1 and segment[1].isalnum() else segment[0]


def _rule(segment: list[str], path: list[str], use: SegmentUse | None, random: Random) -> str:
    prefix = "/".join(path)
    is_head = bool(path) and path[-1].partition("*")[0] == segment[0]
    whole = prefix if is_head else "/".join([*path, segment[0] if random.random() < 0.4 else _qualified(segment, random)])
    if random.random() < 0.5 or use is None:
        return f"{whole}: {random.choice(['required', 'unused', '{repeat: 1}', '{repeat: 2-3}', '{required, repeat: 1}'])}"
    element = random.choice(use.segment.elements)
    place_ = f"{prefix}/{segment[0]}{element.position:02d}" if is_head else f"{whole}/{element.position:02d}"
    return f"{place_}: {_said(element, random)}"


def _said(element: ElementUse, random: Random) -> str:
    choices = ["required", "unused", f"{{length: {element.min}-{max(element.min, element.max // 2)}}}"]
    if element.codes:
        some = random.sample(sorted(element.codes), min(5, len(element.codes)))
        choices += [f"{{codes: {{only: {some}}}}}".replace("'", '"'), f"{{codes: {{remove: {some[:1]}}}}}".replace("'", '"')]
    return random.choice(choices)


def written(rules: list[str], set_code: str, release: str) -> Guide | None:
    """The guide of those rules, or None where they are refused."""
    head = f'guide: drawn\nset: "{set_code}"\nreleases: ["{release}"]\nsegments:\n'
    try:
        return loads(head + "".join(f"  {rule}\n" for rule in rules))
    except WrongInput:
        return None


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(SETS))
def test_what_a_guides_expression_matches_the_tables_find_nothing_wrong_with(random, which):
    definition, right = load(*which), random.choice(examples(*which))
    one = written(some_rules(random, definition, right), *which)
    assume(one is not None)
    narrowed = over(one, definition).definition
    assume(narrowed is not None)
    sets = [right, *(spoil(right, random) for _ in "12345")]
    used = frozenset((each.path, each.segment[0]) for one_set in sets for each in place(definition, one_set).placed)
    pattern = re.compile(set_pattern(narrowed, MARKS, "extended", used=used))
    for segments in sets:
        text = TransactionSet.of(segments, MARKS).text
        if pattern.fullmatch(text):
            assert tables(one, *which).check(TransactionSet(text, MARKS)) == (), one.canonical


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(SETS))
def test_a_guide_adds_findings_of_its_own_and_changes_none_of_the_standards(random, which):
    rules = some_rules(random, load(*which), random.choice(examples(*which)))
    one = written(rules, *which)
    assume(one is not None)
    segments = random.choice(examples(*which))
    for _ in range(random.randint(0, 2)):
        segments = spoil(segments, random)
    given_set = TransactionSet.of(segments, MARKS)
    bare, guided = (tables(guide_, *which).check(given_set) for guide_ in (None, one))
    assert [finding for finding in guided if finding.level is not Level.GUIDE] == list(bare)
    without = random.randrange(len(rules))
    fewer = written(rules[:without] + rules[without + 1 :], *which)
    if fewer is not None:
        told = {(finding.kind, finding.position, finding.element, finding.message) for finding in guided}
        left = {
            (finding.kind, finding.position, finding.element, finding.message)
            for finding in tables(fewer, *which).check(given_set)
        }
        assert left <= told


@settings(max_examples=50, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from(SETS))
def test_a_rule_is_a_fault_only_where_it_is_broken(random, which):
    """A guide that asks for what a right set has finds nothing in it."""
    segments = random.choice(examples(*which))
    placed = random.choice(place(load(*which), segments).placed[1:-1])
    assume(not placed.path and placed.use is not None and not isinstance(placed.use, LoopUse))
    one = written([f"{placed.segment[0]}: required"], *which)
    assert one is not None
    assert tables(one, *which).check(TransactionSet.of(segments, MARKS)) == ()
