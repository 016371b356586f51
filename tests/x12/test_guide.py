"""Guides as files: what is wrong in one is told with its line, and what a guide is made of."""

from __future__ import annotations

from pathlib import Path

import pytest
from guides import findings, guide, mistakes, places

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.x12.finding import Severity
from edi_gateway.x12.guide import load, loads, over
from edi_gateway.x12.standard import load as definition
from edi_gateway.x12.validation import Policy

LINE = "PO1*1*12*EA*2.5"


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("beg01: required", "'beg01' is no place — write it like BEG03, REF*DP, PO1*UP or N1*ST/N104"),
        ("REF*DP: ", "REF*DP: a word is wanted, or words in braces — one of required, unused, repeat, length, codes"),
        ("REF*DP: [required]", "REF*DP: a word is wanted, or words in braces — one of required, unused, repeat, length, codes"),
        ("REF*DP: {required: yes}", "REF*DP: 'required' takes no value — write required alone"),
        ("REF*DP: {required, unused}", "REF*DP: what is unused cannot be anything else — keep unused, or the other words"),
        ("REF*DP: {repeat: x}", "repeat: 'x' is no span — write it like 3, 1-22 or 2-"),
        ("REF*DP: {repeat: 3-2}", "repeat: '3-2' allows nothing — write unused where nothing may stand"),
        ("REF*DP: {repeat: 0}", "repeat: '0' allows nothing — write unused where nothing may stand"),
        ("BEG: {repeat: 2}", "BEG: may stand 1 times by the standard, not 2"),
        ("BEG: unused", "BEG: is mandatory by the standard and cannot be unused"),
        ("REF*DP: {length: 3}", "REF*DP: 'length' is said of elements — here required, unused, repeat may stand"),
        ("BEG03: {repeat: 2}", "BEG03: 'repeat' is said of segments and loops — here required, unused, length, codes may stand"),
        ("BEG03: {codes: 00}", "BEG03: codes are a list, or lists under only, add and remove"),
        ("BEG01: {codes: {onyl: [00]}}", "BEG01: 'onyl' is not known — did you mean 'only'?"),
        ("BEG01: {codes: {only: [00], remove: [01]}}", "BEG01: 'only' and 'remove' exclude each other — keep one of them"),
        (
            "BEG03: {codes: {add: [X]}}",
            "BEG03: there is no list of Purchase Order Number to add to or remove from — write codes: only",
        ),
        ("BEG01: {codes: {add: [TOOLONG]}}", "BEG01: code 'TOOLONG' is not 2 to 2 characters long"),
        ("PO102: {codes: [A]}", "PO102: Quantity Ordered (type R) has no codes"),
        ("REF04: {length: 3}", "REF04: has components; say the length of one of them — write REF04-1"),
        ("REF04-9: required", "REF04 has no component 9"),
        ("REF*DP/01: unused", "REF*DP/01: Reference Identification Qualifier is mandatory by the standard and cannot be unused"),
        ("TD5**2/02: unused", "TD5**2/02: is what TD5**2 is known by and cannot be unused"),
        ("REF/N101: required", "nothing lies inside REF: it is a segment, no loop"),
        ("N1*ST/N1: required", "N1 begins the loop N1*ST: say it of the loop itself"),
        ("XYZ01: required", "there is no segment XYZ"),
        ("BEG03: {REF: required}", "nothing lies inside BEG03: it is a value"),
        ("PO1*UP: {codes: [X]}", "PO1*UP: 'codes' is said of elements — here required, unused may stand"),
        ("PO1*Y9: required", "PO1*Y9: 'Y9' is no code of PO106 (Product/Service ID Qualifier)"),
    ],
)
def test_a_mistake_is_told_with_its_line(rule, told):
    [mistake] = mistakes(f"segments:\n  {rule}")
    assert mistake.startswith(f"2: {told}")


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ("REF*DP: required", "REF*DP: {repeat: 1}", "'REF*DP' stands here and already on line"),
        ("N1*ST/N104: required", "N1*ST/04: {length: 4}", "N1*ST/04: is spoken of already on line"),
        ("REF: unused", "REF*DP: required", "REF*DP: lies in what is unused by line"),
        ("N1: unused", "N1*ST/N3: required", "N1*ST/N3: lies in what is unused by line"),
        ("REF02: unused", "REF*DP/02: required", "REF*DP/02: is against line"),
        ("REF01: {codes: [IA]}", "REF*DP: required", "REF*DP: 'DP' is no code that this guide leaves to REF01"),
        ("REF02: {codes: [A]}", "REF*DP/02: {codes: [B]}", "REF*DP/02: leaves no code that line"),
        ("N1*ST/N104: required", "N1**DOCK: required", "N1**DOCK: N1**DOCK and N1*ST (line"),
    ],
)
def test_two_rules_against_each_other_are_a_mistake(one, other, told):
    with pytest.raises(WrongInput) as caught:
        guide(f"segments:\n  {one}\n  {other}")
    assert told in str(caught.value)


def test_words_at_the_top_are_known_and_the_needed_ones_there():
    with pytest.raises(Collected) as caught:
        loads("guide: x\nrelases: [004010]\n", "g.yaml")
    assert [str(each) for each in caught.value.mistakes] == [
        "g.yaml:1: 'set' is missing",
        "g.yaml:1: 'releases' is missing",
        "g.yaml:2: 'relases' is no word of a guide — did you mean 'releases'?",
    ]


def test_a_set_or_release_that_is_not_defined():
    assert mistakes('set: "851"') == ["1: no definition of set '851' in release 004010 — " + _sets()]
    assert mistakes('releases: ["004030"]')[0].startswith("1: no definitions for release '004030'")


def _sets() -> str:
    try:
        definition("851", "004010")
    except WrongInput as error:
        return str(error.do)
    raise AssertionError


def test_a_hierarchy_is_made_of_levels_and_is_for_sets_that_have_some():
    assert "'X9' is no level code (HL03)" in mistakes("hierarchies: [S X9 I]", "856")[0]
    assert mistakes("hierarchies: [S O I]", "850")[0] == "1: 850 004010 has no levels (HL)"


def test_a_file_bears_the_name_of_its_guide(tmp_path: Path):
    path = tmp_path / "order.yaml"
    path.write_text('guide: orders\nset: "850"\nreleases: ["004010"]\n')
    with pytest.raises(Collected, match=r"order.yaml:1: is called 'orders', but its file is called 'order'"):
        load(path)


def test_a_guide_is_the_same_when_read_from_its_canonical_text():
    one = guide("segments:\n  REF*DP: {required, 02: {length: 3}}   # a comment\nlevels: {}")
    again = loads(one.canonical)
    assert again.canonical == one.canonical
    assert {(rule.place, rule.words) for rule in again.rules} == {(rule.place, rule.words) for rule in one.rules}


def test_a_guide_is_laid_over_its_own_releases_only():
    one = guide("segments:\n  REF*DP: required")
    assert over(one, definition("850", "004010")).guide is one
    with pytest.raises(WrongInput, match="is for 850 004010, not for 850 005010"):
        over(one, definition("850", "005010"))


# --- findings -----------------------------------------------------------------------------------------------------------------


def test_what_is_missing_in_a_loop_is_told_in_each_of_its_turns():
    one = guide("segments:\n  PO1/PID*F: required")
    assert places(one, LINE, "PID*F*08***KETTLE", LINE, LINE, "PID*X****KETTLE", "CTT*3") == [
        "guide.loop_missing 6 PID",
        "guide.loop_missing 8 PID",
    ]


def test_what_the_standard_finds_missing_the_guide_does_not_find_again():
    one = guide("segments:\n  PO1: required\n  PO102: required\n  N101: required")
    assert places(one, "N1**DOCK", "CTT*1") == ["element.missing 3 N101", "segment.missing 4 PO1"]


def test_a_rule_about_all_holds_for_those_with_a_qualifier_too():
    one = guide("segments:\n  N1/N104: required\n  N1*ST/N104: {length: 4}")
    assert places(one, "N1*BT*A", "N1*ST*B*92*12345", LINE) == ["guide.element_missing 3 N104", "guide.too_long 4 N104"]


def test_components_are_held_one_by_one():
    one = guide("segments:\n  REF04-2: {length: 1-3}\n  REF04-1: {codes: [IA]}")
    assert places(one, "REF*DP*1**DP>ABCD", LINE) == ["guide.code 3 REF04-1", "guide.too_long 3 REF04-2"]


def test_an_added_code_is_taken_at_its_place_and_nowhere_else():
    one = guide("segments:\n  REF*DP: required\n  REF01: {codes: {add: [YG]}}")
    assert places(one, "REF*DP*1", "REF*YG*2", LINE) == []
    assert places(one, "REF*DP*1", "N1*ST*A", "REF*YG*2", LINE) == ["element.code 5 REF01"]


def test_of_a_set_cut_off_what_would_have_come_is_not_missing():
    one = guide("segments:\n  CTT: required\n  CUR: required\n  PO104: required")
    from checking import a_set
    from guides import checker_with

    told = checker_with(one).check(a_set("850", "PO1*1*12*EA", "PO1*2", ended=False))
    assert [(each.kind, each.position) for each in told] == [("guide.segment_missing", 3), ("guide.element_missing", 3)]


def test_a_finding_says_whose_it_is_and_where_it_is_told():
    one = guide("segments:\n  REF*DP: required")
    [finding] = findings(one, LINE)
    assert finding.message == "REF*DP is missing (guide 850)"
    assert (finding.code, finding.severity, finding.level) == ("3", Severity.WARN, "guide")


def test_the_policy_weighs_what_a_guide_finds():
    one = guide("segments:\n  REF*DP: required\n  CUR: required")
    [finding, _] = findings(one, LINE, policy=Policy({"guide.segment_missing": Severity.REJECT}))
    assert finding.severity is Severity.REJECT
    assert findings(one, LINE, policy=Policy({"guide.segment_missing": Severity.OFF})) == []


HL = ["HL*1**S*1", "HL*2*1*O*1", "HL*3*2*I*0"]


def test_every_chain_of_levels_is_one_of_those_listed():
    one = guide("hierarchies: [S O I]", "856")
    assert places(one, *HL) == []
    assert places(one, *HL[:2]) == ["guide.hierarchy 4 HL03"]  # ends too early
    assert places(one, "HL*1**S*1", "HL*2*1*I*1", "HL*3*2*I*0", "HL*4*1*O*1", "HL*5*4*I*0") == ["guide.hierarchy 4 HL03"]


def test_a_level_is_asked_for_in_the_set_and_things_in_the_level():
    one = guide("levels: {P: required, O: {PRF: required}}", "856")
    assert places(one, *HL, "CTT*3") == ["guide.segment_missing 5 PRF", "guide.loop_missing 6 HL"]
