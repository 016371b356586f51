"""The fast path accepts nothing that the tables find fault with, whatever the set, and nearly all they find none with."""

import re
import sys
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from many_orders import order, order_texts
from random_sets import right_segment, right_set, spoil

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.finding import Level, Severity
from edi_gateway.x12.standard import load, releases, segment, sets
from edi_gateway.x12.structure import place
from edi_gateway.x12.validation import KINDS, Policy
from edi_gateway.x12.validation.checker import Checker
from edi_gateway.x12.validation.compiled import set_pattern
from edi_gateway.x12.validation.fast_path import ENOUGH, FastPath, fast_path

MARKS = Delimiters(repetition="^")
ABOVE = (Level.BALANCE, Level.INTER_SEGMENT, Level.EXTERNAL_CODE)
STANDARD_ONLY = Policy({name: Severity.OFF for name, kind in KINDS.items() if kind.level in ABOVE})
DEFINITIONS = [load(code, release) for release in releases() for code in sets(release)]
# One release of each set is enough for the expressions: they are written by the same hand.
WRITTEN = [load(code, "004010" if code in ("810", "850", "860") else "005010") for code in sets("005010")]


def tables(definition, policy=STANDARD_ONLY):
    return Checker(definition, policy, fast=False)


def text_of(segments, marks=MARKS):
    return TransactionSet.of(segments, marks).text


def with_elements(segments, definition, random):
    """An id that nothing stands behind, which the expressions leave to the tables, drawn again."""
    drawn_again = []
    for drawn in segments:
        while len(drawn) == 1:
            drawn = right_segment(segment(definition.release, drawn[0]), random)
        drawn_again.append(drawn)
    return drawn_again


@cache
def drawn(definition):
    """Some right sets, and expressions for the places they use, for the elements they fill, and for some of both."""
    random = Random(str(definition))
    examples = [with_elements(right_set(definition, random, often), definition, random) for often in (0, 0.1, 0.2)]
    used = {(placed.path, placed.segment[0]) for segments in examples for placed in place(definition, segments).placed}
    half = frozenset(use for use in used if random.random() < 0.5)
    filled = {(one[0], at) for segments in examples for one in segments for at in range(1, len(one)) if one[at]}
    some = frozenset(one for one in filled if random.random() < 0.7)
    known = [(frozenset(used), None), (frozenset(used), frozenset(filled)), (half, some)]
    patterns = [re.compile(set_pattern(definition, MARKS, "extended", used=uses, filled=data)) for uses, data in known]
    return examples, patterns


@pytest.mark.parametrize("definition", DEFINITIONS, ids=str)
def test_a_set_drawn_from_its_definition_has_no_findings(definition):
    random = Random(str(definition))
    for often in (0, 0.2):
        segments = right_set(definition, random, often)
        assert tables(definition).check(TransactionSet.of(segments, MARKS)) == ()


@pytest.mark.parametrize("definition", WRITTEN, ids=str)
def test_what_the_expression_matches_the_tables_find_nothing_wrong_with(definition):
    examples, patterns = drawn(definition)
    random = Random(0)
    matched = 0
    for _ in range(60):
        segments = spoil(random.choice(examples), random)
        text = text_of(segments)
        for pattern in patterns:
            if pattern.fullmatch(text):
                matched += 1
                assert tables(definition).check(TransactionSet(text, MARKS)) == (), text
    assert matched > 0


@settings(max_examples=100)
@given(st.randoms(use_true_random=False), st.sampled_from(WRITTEN))
def test_the_same_for_sets_spoiled_several_times(random, definition):
    examples, patterns = drawn(definition)
    segments = random.choice(examples)
    for _ in range(random.randint(0, 3)):
        segments = spoil(segments, random)
    text = text_of(segments)
    if any(pattern.fullmatch(text) for pattern in patterns):
        assert tables(definition).check(TransactionSet(text, MARKS)) == ()


@settings(max_examples=200)
@given(st.data())
def test_the_same_for_orders_with_a_character_changed(data):
    definition = load("850", "004010")
    text = data.draw(st.sampled_from(ORDERS))
    at = data.draw(st.integers(0, len(text) - 1))
    changed = (
        text[:at]
        + data.draw(st.sampled_from(["", "*", "~", ">", " ", "0", "A", "\n", "-", ".", "\x7f", "ÿ", "Ā"]))
        + text[at + 1 :]
    )
    if learnt().accepts(changed):
        assert tables(definition).check(TransactionSet(changed, Delimiters())) == ()


ORDERS = order_texts(20)


@cache
def learnt():
    return taught(load("850", "004010"), Delimiters())


def taught(definition, marks, characters="extended", check_codes=True):
    """A fast path that has seen the orders."""
    path = FastPath(definition, marks, characters, check_codes)
    for text in order_texts(80, marks):
        path.learn(place(definition, TransactionSet(text, marks).segments), len(text))
    return path


@pytest.mark.parametrize(
    "marks",
    [
        Delimiters(),
        Delimiters(line_end="\n"),
        Delimiters("|", "\\", "\n"),
        Delimiters("^", ":", "\r", line_end="\n"),
        Delimiters("\x1d", "\x1f", "\x1e"),
        Delimiters("]", "[", "!", repetition="/"),
    ],
    ids=repr,
)
def test_orders_are_accepted_with_any_delimiters(marks):
    path = taught(load("850", "004010"), marks)
    assert all(path.accepts(text) for text in order_texts(20, marks, seed=1))


def test_an_expression_may_hold_every_place_of_a_set():
    definition = load("824", "004010")
    path = FastPath(definition, MARKS, "extended", True)
    path.compile(None)
    random = Random(4)
    accepted = [path.accepts(text_of(with_elements(right_set(definition, random, 0.3), definition, random))) for _ in range(20)]
    assert sum(accepted) > 10  # the others have composites of several components


def test_nothing_is_accepted_before_enough_was_seen():
    path = FastPath(load("850", "004010"), Delimiters(), "extended", True)
    seen = 0
    for text in order_texts(80):
        assert path.accepts(text) == (seen >= ENOUGH)
        path.learn(place(load("850", "004010"), TransactionSet(text, Delimiters()).segments), len(text))
        seen += len(text)
    assert seen > ENOUGH


def test_a_place_that_becomes_usual_is_learnt():
    definition, path = load("850", "004010"), taught(load("850", "004010"), Delimiters())
    with_terms = [text.replace("~N1*BY", "~N9*L1*TERMS~MSG*NO SUBSTITUTES~N1*BY", 1) for text in order_texts(100, seed=2)]
    assert not path.accepts(with_terms[0])
    for text in with_terms:
        path.learn(place(definition, TransactionSet(text, Delimiters()).segments), len(text))
    assert path.accepts(with_terms[0])
    assert path.accepts(ORDERS[0])


def test_delimiters_that_could_be_data_have_no_fast_path():
    for marks in (Delimiters(component="."), Delimiters(component="-"), Delimiters(element="0")):
        path = FastPath(load("850", "004010"), marks, "extended", True)
        segments = [segment.split("*") for segment in order(Random(1), 1, ["036000291452"])]
        path.learn(place(load("850", "004010"), segments), ENOUGH)
        assert not path.accepts(TransactionSet.of(segments, marks).text)


def test_with_codes_turned_off_unknown_codes_are_accepted():
    odd = ORDERS[0].replace("REF*DP", "REF*Q.")
    assert not learnt().accepts(odd)
    assert taught(load("850", "004010"), Delimiters(), check_codes=False).accepts(odd)


def test_lower_case_is_not_accepted_in_the_basic_set():
    lower = ORDERS[0].replace("BUYING DESK", "Buying desk")
    assert learnt().accepts(lower)
    assert not taught(load("850", "004010"), Delimiters(), "basic").accepts(lower)


def test_a_checker_says_the_same_with_and_without_its_fast_path():
    definition, random = load("850", "004010"), Random(3)
    slow, quick = Checker(definition, Policy(), fast=False), Checker(definition, Policy())
    for text in order_texts(100):
        segments = [segment.split("*") for segment in text.split("~") if segment]
        spoiled = spoil(segments, random) if random.random() < 0.5 else segments
        for given_set in (TransactionSet.of(spoiled, Delimiters()), TransactionSet.of(spoiled, Delimiters())):
            assert quick.check(given_set) == slow.check(TransactionSet.of(spoiled, Delimiters()))


@settings(max_examples=60)
@given(st.integers(0, 1 << 32), st.booleans(), st.sampled_from(["850", "856", "810", "824"]))
def test_a_set_too_large_to_hold_in_segments_has_the_same_findings(seed, ended, code):
    random, definition = Random(seed), load(code, "005010")
    segments = right_set(definition, random, 0.2)
    for _ in range(random.randint(0, 4)):
        segments = spoil(segments, random)
    text = text_of(segments)
    with pytest.MonkeyPatch.context() as patched:
        whole = tables(definition, Policy()).check(TransactionSet(text, MARKS, ended=ended))
        patched.setattr(sys.modules[Checker.__module__], "LARGEST", 0)
        assert tables(definition, Policy()).check(TransactionSet(text, MARKS, ended=ended)) == whole


def test_a_large_set_that_is_rubbish_has_the_same_first_findings(monkeypatch):
    text = ORDERS[0].split("PO1*")[0] + "QQQ*1~PO1*X*Y*Z~" * 4000 + "SE*1*0001~"
    whole = tables(load("850", "004010"), Policy()).check(TransactionSet(text, Delimiters()))
    monkeypatch.setattr(sys.modules[Checker.__module__], "LARGEST", 1000)
    assert tables(load("850", "004010"), Policy()).check(TransactionSet(text, Delimiters())) == whole


def test_a_wrong_end_of_a_large_set_is_told_in_no_time():
    line = "PO1*1*1*EA*1*PE*UP*036000291452*VN*SKU1~PID*F*08***LAMP~"
    text = ORDERS[0].split("PO1*")[0] + line * 15_000 + "CTT*X~SE*1*0001~"
    assert not learnt().accepts(text)


def test_a_segment_that_is_only_an_id_is_left_to_the_tables():
    """Rules look for ids with something behind them when a text was accepted."""
    definition, bare = load("850", "004010"), ORDERS[0].replace("~CTT*", "~PO1~CTT*", 1)
    every = FastPath(definition, Delimiters(), "extended", True)
    every.compile(None)
    assert tables(definition).check(TransactionSet(bare, Delimiters())) == ()
    assert not learnt().accepts(bare)
    assert not every.accepts(bare)
    assert every.accepts(ORDERS[0])


def test_an_element_nobody_filled_goes_to_the_tables_until_enough_have():
    definition = load("850", "004010")
    path = taught(definition, Delimiters())
    text = order_texts(1)[0].replace("*USD~", "*USD**SE*USD~", 1)
    assert not path.accepts(text)
    assert tables(definition).check(TransactionSet(text, Delimiters())) == ()
    for _ in range(200):
        path.learn(place(definition, TransactionSet(text, Delimiters()).segments), len(text))
    assert path.accepts(text)
    assert path.accepts(ORDERS[0])


def test_a_code_nobody_sent_goes_to_the_tables_until_enough_have():
    definition = load("850", "004010")
    path = taught(definition, Delimiters())
    text = order_texts(1)[0].replace("*EA*", "*CA*", 1)
    assert not path.accepts(text)
    assert tables(definition).check(TransactionSet(text, Delimiters())) == ()
    for _ in range(200):
        path.learn(place(definition, TransactionSet(text, Delimiters()).segments), len(text))
    assert path.accepts(text)
    assert "CA" in path.codes


def test_of_expressions_no_more_are_kept_than_the_last_64():
    definition = load("997", "004010")
    for number in range(70):
        fast_path(definition, Delimiters(line_end="\n" * number), "extended", True)
    assert fast_path.cache_info().currsize <= 64
    fast_path.cache_clear()
