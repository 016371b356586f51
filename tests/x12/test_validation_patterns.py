"""The quick checks are never more generous than the exact ones they stand in for."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.finding import Severity
from edi_gateway.x12.standard import ElementUse, SyntaxNote, releases, segment, segment_ids
from edi_gateway.x12.validation import Policy
from edi_gateway.x12.validation.characters import allowed, character_class
from edi_gateway.x12.validation.elements import SegmentCheck
from edi_gateway.x12.validation.notebook import Notebook
from edi_gateway.x12.validation.patterns import value_pattern
from edi_gateway.x12.validation.values import fault_of

MARKS = Delimiters(repetition="^")
SEPARATORS = "*>~^"
DATA = allowed("extended", SEPARATORS)
INSIDE = character_class("extended", SEPARATORS)
NO_BLANK = character_class("extended", SEPARATORS, " ")


def use(kind, least, most, codes=None):
    return ElementUse(1, "1", "Thing", "O", kind, least, most, 1, frozenset(codes) if codes else None)


def pattern(of):
    return re.compile(value_pattern(of, INSIDE, NO_BLANK))


USES = [
    use("AN", 1, 5),
    use("AN", 2, 2),
    use("ID", 2, 3),
    use("ID", 1, 3, ["A", "AB", "ABC", "B1", "Z"]),
    use("R", 1, 4),
    use("R", 3, 5),
    use("N0", 1, 3),
    use("N2", 2, 4),
    use("DT", 8, 8),
    use("DT", 6, 6),
    use("DT", 6, 8),
    use("TM", 4, 8),
    use("TM", 4, 4),
]
VALUES = st.text("0123459.-+E ABCZa\n²>^*é", min_size=1, max_size=8)


@given(st.sampled_from(USES), VALUES)
@example(use("R", 1, 4), "1.")
@example(use("R", 1, 4), "1.2.3")
@example(use("AN", 1, 5), "A\n")
def test_a_value_that_matches_its_pattern_has_no_fault(of, value):
    if pattern(of).fullmatch(value):
        assert fault_of(of, value, DATA) is None


@given(st.sampled_from(USES), VALUES)
def test_a_value_without_fault_matches_but_for_the_odd_ones(of, value):
    odd = value[0] == " " or "E" in value
    if fault_of(of, value, DATA) is None and not odd:
        assert pattern(of).fullmatch(value)


@given(st.integers(0, 10000).map(lambda year: f"{year:04d}"[-4:]), st.integers(0, 13), st.integers(0, 32))
@example("1900", 2, 29)
@example("2000", 2, 29)
@example("0000", 2, 29)
@example("0000", 1, 1)
@example("0400", 2, 29)
def test_dates_match_exactly_when_they_exist(year, month, day):
    for of, value in ((use("DT", 8, 8), f"{year}{month:02d}{day:02d}"), (use("DT", 6, 6), f"{year[2:]}{month:02d}{day:02d}")):
        assert bool(pattern(of).fullmatch(value)) is (fault_of(of, value, DATA) is None)


@given(st.text("0123456789", min_size=3, max_size=9))
def test_times_match_exactly_when_they_exist(value):
    of = use("TM", 4, 8)
    assert bool(pattern(of).fullmatch(value)) is (fault_of(of, value, DATA) is None)


@pytest.mark.parametrize("characters", ["basic", "extended"])
@pytest.mark.parametrize("separators", ["*>~", "|^\n", "\x1d\x1f\x1e", "-]\\"])
def test_a_character_class_holds_exactly_the_allowed_characters(characters, separators):
    inside = re.compile(f"[{character_class(characters, separators)}]")
    matching = {chr(code) for code in range(0x100) if inside.fullmatch(chr(code))}
    assert matching == allowed(characters, separators)


SEGMENTS = [(release, name) for release in releases() for name in sorted(segment_ids(release))]


def some_values(of: ElementUse):
    """Values for an element: right ones, empty ones, near misses and rubbish."""
    right = {"DT": "20240229", "TM": "1200", "R": "1.5", "AN": "AB", "ID": "AB"}.get(of.type, "12")
    codes = sorted(of.codes)[:3] if of.codes else []
    return st.sampled_from(
        ["", "", *codes, right.ljust(of.min, "0")[: max(of.max, 1)], "A>B", "A^B", "?", "0" * (of.max + 1), "A\n"]
    )


@given(st.data())
def test_a_clean_segment_has_nothing_to_explain(data):
    release, name = data.draw(st.sampled_from(SEGMENTS))
    definition = segment(release, name)
    check = SegmentCheck(definition, release, MARKS, "extended")
    length = data.draw(st.integers(0, len(definition.elements) + 1))
    values = [data.draw(some_values(of)) for of in definition.elements[:length]]
    into = Notebook(Policy(), release)
    check.explain([name, *values], 1, "", into)
    if check.is_clean([name, *values]):
        assert into.findings == []
    elif not any(of.composite or of.repeat > 1 for of in definition.elements):
        assert into.findings != []


@pytest.mark.parametrize("note", ["P0102", "P010203", "R0102", "E010203", "C0102", "C0203", "C010203", "L010203", "C0201"])
@given(present=st.lists(st.booleans(), max_size=3))
def test_quick_notes_agree_with_exact_ones(note, present):
    positions = tuple(int(note[at : at + 2]) for at in range(1, len(note), 2))
    base = segment("004010", "N3")
    elements = tuple(ElementUse(n, "166", "Address", "O", "AN", 1, 55) for n in (1, 2, 3))
    odd = type(base)("N3", "Address", elements, (SyntaxNote(note[0], positions),))
    values = ["x" if there else "" for there in present]
    while values and not values[-1]:
        values.pop()
    check = SegmentCheck(odd, "004010", MARKS, "extended")
    into = Notebook(Policy(), "004010")
    check.explain(["N3", *values], 1, "", into)
    assert check.is_clean(["N3", *values]) is (into.findings == [])
    assert all(finding.severity is Severity.REJECT for finding in into.findings)
