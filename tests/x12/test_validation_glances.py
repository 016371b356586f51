"""A glance clears a text only where its rule would find nothing; and rules see the same in a text as in a list of segments."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from many_orders import order_texts
from random_sets import right_set

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.standard import load, releases, segment, segment_ids
from edi_gateway.x12.structure.containers import ids_of
from edi_gateway.x12.validation import Checker, Policy
from edi_gateway.x12.validation.rules import RULES
from edi_gateway.x12.validation.rules.check_digits import IDS_FROM
from edi_gateway.x12.validation.scene import Scene, SegmentsInText, by_id

MARKS = [Delimiters(), Delimiters("|", "\\", "\n"), Delimiters(line_end="\n"), Delimiters("^", "]", "!", repetition="/")]
GLANCING = [rule for rule in RULES if rule.glance is not None]
EVERY = frozenset[str]().union(*(rule.needs | rule.reads for rule in RULES))
# Values that make a rule speak, or should not, wherever they land.
VALUES = [
    *("UP", "EN", "UK", "UL", "GM", "AA", "036000291452", "036000291453", "0614141000036", "0614141000037"),
    *("00106141411234567897", "106141411234567890", "2", "US", "USA", "XQ", "USD", "US$", "ABCD", "ABC1"),
    *("1", "3", "17", "0", "-4", "2.5", "0001"),
]


def spoil(segments, random):
    """Some elements changed for values that rules look at, some segments moved, CTT among them."""
    spoiled = [list(segment) for segment in segments]
    for _ in range(random.randint(0, 4)):
        segment = random.choice(spoiled[1:])
        at = random.randint(1, len(segment))
        segment[at : at + random.randint(0, 1)] = [random.choice(["", *VALUES])]
    if random.random() < 0.3:
        spoiled.insert(random.randint(1, len(spoiled) - 1), list(random.choice(spoiled[1:])))
    return spoiled


def scenes(definition, segments, marks):
    transaction_set = TransactionSet.of(segments, marks)
    wanted = ids_of(definition)
    yield Scene(definition, transaction_set, SegmentsInText(transaction_set, wanted))
    yield Scene(definition, transaction_set, by_id(segments, wanted))


def troubles(rule, scene):
    return [(one.message, scene.position(one.at), scene.path(one.at), one.element) for one in rule.look(scene)]


def hold_against(definition, segments, marks):
    """Every rule of the set, in both scenes and at a glance; the rules a glance cleared."""
    in_text, in_list = scenes(definition, segments, marks)
    cleared = []
    for rule in RULES:
        if rule.sets and definition.set not in rule.sets:
            continue
        found = troubles(rule, in_text)
        assert found == troubles(rule, in_list)
        if rule.glance is not None and rule.glance(marks, ids_of(definition))(TransactionSet.of(segments, marks).text):
            assert found == []
            cleared.append(rule.kind)
    return cleared


@settings(max_examples=300)
@given(st.randoms(use_true_random=False), st.sampled_from(MARKS))
def test_orders_that_are_cleared_have_nothing_to_find(random, marks):
    hold_against(load("850", "004010"), spoil(random.choice(ORDERS), random), marks)


@settings(max_examples=150)
@given(st.integers(0, 1 << 32), st.sampled_from(MARKS), st.sampled_from(["810", "820", "846", "850", "855", "856", "860"]))
def test_any_sets_that_are_cleared_have_nothing_to_find(seed, marks, code):
    random, definition = Random(seed), load(code, "005010")
    drawn = [segment for segment in right_set(definition, random, 0.3) if len(segment) > 1]
    hold_against(definition, spoil(drawn, random), marks)


@pytest.mark.parametrize("marks", MARKS, ids=repr)
def test_orders_without_fault_are_cleared_of_every_rule_that_has_a_glance(marks):
    for segments in ORDERS:
        expected = {rule.kind for rule in GLANCING if not rule.sets or "850" in rule.sets}
        assert set(hold_against(load("850", "004010"), segments, marks)) == expected


@pytest.mark.parametrize(
    ("kind", "spoiled"),
    [
        ("balance.line_count", lambda text: text.replace("~CTT*", "~CTT*1")),
        ("balance.hash_total", lambda text: text.replace("~SE*", "*4~SE*").replace("~*4", "*4")),
        ("allocation.sum", lambda text: text.replace("~SDQ*EA*92*0001*", "~SDQ*EA*92*0001*9", 1)),
        ("external.gtin", lambda text: text.replace("*UP*", "*EN*", 1)),
        ("external.gln", lambda text: text.replace("*92*", "*UL*", 1)),
        ("external.scac", lambda text: text.replace("*ABCD*", "*ABC1*")),
        ("external.currency", lambda text: text.replace("*USD", "*US$")),
        ("external.country", lambda text: text.replace("*US~", "*XQ~", 1)),
    ],
)
def test_a_fault_is_never_cleared(kind, spoiled):
    rule = next(rule for rule in GLANCING if rule.kind == kind and (not rule.sets or "850" in rule.sets))
    texts = [text for text in order_texts(30) if "SDQ" in text]
    assert not any(rule.glance(Delimiters(), EVERY)(spoiled(text)) for text in texts)


@pytest.mark.parametrize("marks", MARKS, ids=repr)
@pytest.mark.parametrize(
    ("quantities", "total", "clear"),
    [
        (["5", "007"], "12", True),
        (["5", "7"], "", True),
        (["5", "7"], "13", False),
        (["5", "-7"], "12", False),
        (["5", "2.5"], "7.5", False),  # right, and left to who looks closely
        (["5", ""], "5", False),
        (["5", None], "5", False),
        (["9" * 11, "0"], "9" * 11, False),
        (["5", "7"], "12*LB", False),
    ],
)
def test_the_sum_of_whole_quantities_is_seen_at_a_glance(marks, quantities, total, clear):
    rule = next(rule for rule in GLANCING if rule.kind == "balance.hash_total" and "850" in rule.sets)
    lines = [["PO1", "1"] if each is None else ["PO1", "1", each, "EA"] for each in quantities]
    segments = [["ST", "850", "1"], *lines, ["CTT", str(len(lines)), *total.split("*")], ["SE", "5", "1"]]
    text = TransactionSet.of([segment if segment[-1] else segment[:-1] for segment in segments], marks).text
    assert rule.glance(marks, EVERY)(text) is clear


def test_allocations_that_come_to_nothing_are_not_cleared():
    rule = next(rule for rule in GLANCING if rule.kind == "allocation.sum" and "850" in rule.sets)
    line = "ST*850*1~BEG*00*SA*1**20260101~PO1*1*5*EA~SDQ*EA*92*0001*{}~SE*5*1~"
    assert rule.glance(Delimiters(), EVERY)(line.format("5"))
    assert not rule.glance(Delimiters(), EVERY)(line.format("0"))


ORDERS = [TransactionSet(text, Delimiters()).segments for text in order_texts(20)]


def test_a_line_whose_stores_stand_apart_is_not_cleared():
    rule = next(rule for rule in GLANCING if rule.kind == "allocation.sum" and "850" in rule.sets)
    text = "ST*850*1~PO1*1*5*EA~SDQ*EA*92*0001*5~MSG*AND~SDQ*EA*92*0001*5~SE*5*1~"
    assert not rule.glance(Delimiters(), EVERY)(text)


@pytest.mark.parametrize(
    "segment",
    [
        "TD5**2*ABC1",
        "TD5**2*ABCD************XQ",
        "TD5**2*ABCD*M*R**********XQ",
        "V1*NAME*1*XQ**ABCD",
        "V1*NAME*1*US**ABC1",
        "CUR*BY*USD**BY*US$",
        "CUR*BY*US$",
        "VEH*****************XQ",
        "VEH*****************US**XQ",
        "VEH*******************XQ",
        "DMG*******XQ",
        "CAD****ABC1",
        "SHD***********ABC1",
    ],
)
def test_nothing_of_an_outside_list_is_overlooked_in_a_glance(segment):
    """One search serves three rules: what it finds in a segment must not hide what else stands there."""
    glances = {rule.glance for rule in GLANCING if rule.kind in ("external.scac", "external.currency", "external.country")}
    text = f"ST*850*1~{segment}~SE*3*1~"
    scene = Scene(
        load("850", "004010"),
        TransactionSet(text, Delimiters()),
        by_id([segment.split("*")], frozenset([segment[:3].strip("*")])),
    )
    assert any(list(rule.look(scene)) for rule in RULES if rule.kind.startswith("external."))
    assert not all(glance(Delimiters(), EVERY)(text) for glance in glances)


QUALIFIERS_AT = {**{name: range(first, 30, 2) for name, first in IDS_FROM.items()}, "N1": (3,), "NM1": (8,), "MAN": (1, 4)}


@pytest.mark.parametrize("release", releases())
def test_qualifiers_of_what_checks_itself_stand_in_elements_whose_codes_the_fast_path_learns(release):
    """Else a glance that looks for the codes learnt would overlook one."""
    for name in QUALIFIERS_AT.keys() & segment_ids(release):
        for use in segment(release, name).elements:
            if use.position in QUALIFIERS_AT[name] and use.reference in ("235", "66", "88"):
                assert use.codes is not None, (name, use.position)
                assert use.repeat == 1


def test_a_qualifier_that_was_never_sent_before_is_looked_at_too():
    checker = Checker(load("850", "004010"), Policy())
    for text in order_texts(80):
        assert checker.check(TransactionSet(text, Delimiters())) == ()
    wrong = order_texts(1)[0].replace("*UP*", "*EN*", 1)
    assert [finding.kind for finding in checker.check(TransactionSet(wrong, Delimiters()))] == ["external.gtin"]


@pytest.mark.parametrize("value", ["036000291453", "0360002914521", "03600029145", "UP"])
def test_an_id_that_begins_like_one_that_is_known_is_not_taken_for_it(value):
    glance = next(rule.glance for rule in GLANCING if rule.kind == "external.gtin")(Delimiters(), EVERY, frozenset({"UP"}))
    good = "ST*850*1~PO1*1*1*EA*1**UP*036000291452~PO1*2*1*EA*1**UP*036000291452*VN*1~SE*4*1~"
    assert glance(good)
    assert not glance(good.replace("036000291452*", f"{value}*"))
    assert not glance(good.replace("036000291452~", f"{value}~"))
    assert glance(good)
