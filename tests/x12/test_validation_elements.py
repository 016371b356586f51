"""What is wrong with an element: its kind, its AK403 code, its place."""

import pytest
from checking import found, kinds, one

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.finding import Level, Scope, Severity
from edi_gateway.x12.validation import Policy

LINE = "PO1*1*12*EA*2.5"


def test_a_finding_tells_place_loop_number_and_value():
    finding = one("850", "N1*ST*DOCK*92*0423", "N4*X*IL", LINE)
    assert (finding.kind, finding.code, finding.scope, finding.level) == ("element.too_short", "4", Scope.ELEMENT, Level.ELEMENT)
    assert (finding.segment, finding.position, finding.loop) == ("N4", 4, "N1")
    assert (finding.element, finding.reference, finding.value) == (1, "19", "X")
    assert finding.severity is Severity.REJECT
    assert finding.message == "N401: 'X' is too short for City Name (AN 2/30)"


@pytest.mark.parametrize(
    ("segment", "kind", "code", "element"),
    [
        ("DTM**20260102", "element.missing", "1", 1),
        ("PER*BD*ANN*TE*5550100*TE*5550101*TE*5550102*X*Y", "element.too_many", "3", 10),
        ("N1*ST*" + "A" * 61, "element.too_long", "5", 2),
        ("REF*DP*04\x012", "element.character", "6", 2),
        ("REF*DP*   ", "element.character", "6", 2),
        ("REF*QQQ*042", "element.code", "7", 1),
        ("DTM*002*20260230", "element.date", "8", 2),
        ("DTM*002*2026021X", "element.date", "8", 2),
        ("DTM*002*202602", "element.too_short", "4", 2),
        ("DTM*002*20260202*2460", "element.time", "9", 3),
        ("DTM*002*20260202*12000", "element.time", "9", 3),
        ("N3*STREET*", "element.trailing_separators", "3", 2),
    ],
)
def test_each_fault_of_an_element_has_its_code(segment, kind, code, element):
    heading = (segment,) if segment[:2] in ("DT", "RE", "PE") else ("N1*ST*DOCK", segment) if segment[:2] == "N3" else (segment,)
    finding = one("850", *heading, LINE)
    assert (finding.kind, finding.code, finding.element) == (kind, code, element)


@pytest.mark.parametrize(
    "value", ["12", "12.5", ".5", "12.", "-3", "0.50", "123456789012345", "-1234567890.12345", "1E5", "1.5E-3"]
)
def test_decimals_that_readers_accept(value):
    assert found("850", f"PO1*1*{value}*EA") == ()


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("+1", "element.character"),
        ("1,000", "element.character"),
        ("1.2.3", "element.character"),
        ("-", "element.character"),
        (".", "element.character"),
        ("1E", "element.character"),
        ("²", "element.character"),
        ("1234567890123456", "element.too_long"),
    ],
)
def test_decimals_that_are_wrong(value, kind):
    assert kinds("850", f"PO1*1*{value}*EA") == [kind]


def test_a_decimal_point_in_an_implied_decimal_is_a_bad_character():
    assert kinds("850", "SAC*C*D240***-150", LINE) == []
    assert kinds("850", "SAC*C*D240***1.50", LINE) == ["element.character"]


@pytest.mark.parametrize(("date", "good"), [("20240229", True), ("20000229", True), ("19000229", False), ("20230229", False)])
def test_leap_years(date, good):
    assert (found("850", f"DTM*002*{date}", LINE) == ()) is good


@pytest.mark.parametrize("time", ["0000", "235959", "1200309", "12003099"])
def test_times_with_seconds_and_their_decimals(time):
    assert found("850", f"DTM*002*20260102*{time}", LINE) == ()


def test_lower_case_is_for_those_who_agreed_on_the_extended_set():
    assert kinds("850", "REF*DP*abc", LINE) == []
    assert kinds("850", "REF*DP*abc", LINE, policy=Policy(characters="basic")) == ["element.character"]


def test_national_characters_are_in_the_extended_set():
    assert kinds("850", "N1*ST*CAFÉ ZÜRICH", LINE) == []


def test_an_unknown_code_warns():
    assert one("850", "REF*QQQ*042", LINE).severity is Severity.WARN


def test_the_parts_of_a_composite_are_checked_by_themselves():
    finding = one("850", "REF*DP*042**ZZ>1>Q1", LINE)
    assert (finding.kind, finding.element, finding.component, finding.reference) == ("note.paired", 4, 4, "127")
    assert finding.place == "segment 3 REF, REF04-4"


def test_a_mandatory_component_is_missing():
    finding = one("850", "REF*DP*042**>1", LINE)
    assert (finding.kind, finding.code, finding.component) == ("element.missing", "1", 1)


def test_too_many_components_have_a_code_of_their_own_in_005010():
    parts = ">".join(["ZZ", "1"] * 4)
    assert [one("850", f"REF*DP*042**{parts}", LINE, release=release).code for release in ("004010", "005010")] == ["3", "13"]


def test_trailing_component_separators_warn():
    finding = one("850", "REF*DP*042**ZZ>1>", LINE)
    assert (finding.kind, finding.component, finding.severity) == ("element.trailing_separators", 3, Severity.WARN)


def test_a_component_separator_in_a_simple_element_is_a_bad_character():
    assert kinds("850", "REF*DP*A>B", LINE) == ["element.character"]
    assert kinds("850", "REF*DP*A>B", LINE, delimiters=Delimiters(component="\\")) == ["element.character"]


def test_repetitions_beyond_what_is_allowed_have_a_code_of_their_own_in_005010():
    with_repetitions = Delimiters(repetition="^")
    codes = [
        one("850", "REF*DP*A^B", LINE, release=release, delimiters=with_repetitions).code for release in ("004010", "005010")
    ]
    assert codes == ["6", "12"]


def test_without_a_repetition_separator_a_caret_is_data():
    assert kinds("850", "REF*DP*A^B", LINE) == []


def test_cad01_which_one_source_only_calls_mandatory_warns():
    finding = one("810", "IT1*1*1*EA*2*PE*VP*A1", "TDS*200", "CAD*****ROUTE", release="005010")
    assert (finding.kind, finding.severity) == ("element.missing_doubtful", Severity.WARN)


def test_the_elements_of_a_segment_of_another_set_are_not_judged():
    assert kinds("850", "BSN*?*?*?*?*?*?", LINE) == ["segment.not_in_set"]


@pytest.mark.parametrize(
    ("segment", "kind", "code", "element"),
    [
        ("N1*ST*DOCK*92", "note.paired", "2", 4),
        ("N1*ST*DOCK**0423", "note.paired", "2", 3),
        ("REF*DP", "note.required", "2", 2),
        ("DTM*002*20260102**ET", "note.conditional", "2", 3),
        ("ITD*01*3*2", "note.list_conditional", "2", 4),
    ],
)
def test_each_syntax_note_has_its_code(segment, kind, code, element):
    finding = one("850", segment, LINE)
    assert (finding.kind, finding.code, finding.element, finding.level) == (kind, code, element, Level.SYNTAX_NOTE)


def test_an_exclusion_is_code_10():
    finding = one("846", "LIN*1*VP*A1", "QTY*33*5**NONE")
    assert (finding.kind, finding.code, finding.element) == ("note.exclusive", "10", 4)


def test_a_pair_of_three_names_both_that_are_missing():
    assert [finding.element for finding in found("810", "IT1*1*5", "TDS*0") if finding.kind == "note.paired"] == [3, 4]
