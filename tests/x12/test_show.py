"""A payload as a person reads it: names, meanings, loops and findings at their places."""

import json

import msgspec
from hypothesis import given
from scenes import group, interchange, isa, order, order_set
from test_reader_properties import any_payload

from edi_gateway.x12.acknowledgment import Verdict
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.finding import Severity
from edi_gateway.x12.show import (
    ShownAnswer,
    ShownEnd,
    ShownInterchange,
    ShownSet,
    ShownSkipped,
    is_valid,
    plain,
    shown,
    shown_set,
)
from edi_gateway.x12.validation import Policy


def the_set(text):
    return next(one for one in shown(text.encode("latin-1")) if isinstance(one, ShownSet))


def elements(one, position):
    return [(each.place, each.value, each.meaning) for each in one.segments[position - 1].elements]


def test_elements_have_their_names_and_meanings():
    one = the_set(order())
    assert (one.code, one.name, one.held_against, one.verdict) == ("850", "Purchase Order", "004010", Verdict.ACCEPTED)
    assert elements(one, 2) == [
        ("BEG01", "00", "Original"),
        ("BEG02", "SA", "Stand-alone Order"),
        ("BEG03", "4711", ""),
        ("BEG05", "20260301", "2026-03-01"),
    ]
    assert one.segments[1].elements[2].name == "Purchase Order Number"


def test_loops_have_their_depth_and_their_turn():
    one = the_set(order())
    assert [(each.id, each.depth, each.loop, each.turn) for each in one.segments[1:6]] == [
        ("BEG", 0, "", 0),
        ("N1", 1, "N1", 1),
        ("PO1", 1, "PO1", 1),
        ("PO1", 1, "PO1", 2),
        ("CTT", 1, "CTT", 1),
    ]


def test_implied_decimals_are_written_out():
    one = the_set(order().replace("CTT*2~SE*7", "AMT*TT*9~SE*7").replace("N1*ST*DOCK ISAAC*92*0423", "SAC*C*D240***12550"))
    assert ("SAC05", "12550", "125.50") in elements(one, 3)


def test_components_and_repetitions_are_shown_one_by_one():
    one = the_set(order().replace("N1*ST*DOCK ISAAC*92*0423", "REF*DP*042**ZZ>1"))
    assert elements(one, 3)[2:] == [("REF04-1", "ZZ", "Mutually Defined"), ("REF04-2", "1", "")]


def test_findings_stand_at_their_segments_and_those_of_the_set_at_the_set():
    one = the_set(order().replace("BEG*00*SA", "BEG*00*").replace("SE*7", "SE*8"))
    assert [finding.kind for finding in one.findings] == ["set.segment_count"]
    assert [finding.kind for finding in one.segments[1].findings] == ["element.missing"]
    assert one.verdict is Verdict.REJECTED
    assert not is_valid(one.findings)


def test_a_set_without_definition_is_shown_with_what_is_known():
    one = the_set(interchange(group("ST*877*0001~N1*ST*HERE~XX*1~SE*4*0001~", code="ZX")))
    assert [each.name for each in one.segments[:3]] == ["Transaction Set Header", "Name", ""]
    assert [finding.kind for finding in one.findings] == ["set.unsupported"]


def test_another_release_says_which_definition_was_taken():
    assert "held against 004010" in the_set(interchange(group(order_set(), release="003060"))).held_against


def test_envelopes_answers_and_what_was_skipped_are_shown():
    told = list(shown((isa() + "TA1*000000850*260904*1000*A*000~junk*1~IEA*2*000000101~").encode()))
    assert [type(one) for one in told] == [ShownInterchange, ShownAnswer, ShownSkipped, ShownEnd]
    assert (told[0].sender, told[0].sent_at) == ("ZZ:NORTHWIND", "2026-03-01 14:05")
    assert told[1].verdict.message == "no error"
    assert [finding.kind for finding in told[3].findings] == ["interchange.content", "interchange.group_count"]


def test_a_policy_weighs_what_is_shown():
    strict = Policy({"set.segment_count": Severity.REJECT})
    told = [one for one in shown(order().replace("SE*7", "SE*8").encode(), strict) if isinstance(one, ShownSet)]
    assert told[0].verdict is Verdict.REJECTED


def test_json_says_what_each_thing_is_and_how_grave_each_finding():
    told = plain(list(shown(order().replace("BEG*00*SA", "BEG*00*").encode())))
    one = json.loads(json.dumps(msgspec.to_builtins(told)))[2]
    assert (one["is"], one["code"]) == ("set", "850")
    (finding,) = one["segments"][1]["findings"]
    assert (finding["place"], finding["severity"]) == ("segment 2 BEG, BEG02", "reject")


def test_a_set_made_in_memory_is_shown():
    one = TransactionSet.of([["ST", "997", "0001"], ["AK1", "PO", "1"], ["AK9", "A", "1", "1", "1"], ["SE", "4", "0001"]])
    assert shown_set(one, examine(one, Policy())).verdict is Verdict.ACCEPTED


@given(any_payload)
def test_anything_can_be_shown(payload):
    for one in shown(payload):
        json.dumps(msgspec.to_builtins(plain(one)))


def test_repetitions_of_an_element_that_repeats_are_shown_one_by_one():
    answer = "ST*999*0001~AK1*PO*7~AK2*850*0001~IK3*N1*3**8~CTX*PO1^PO2~IK5*R*5~AK9*R*1*1*0~SE*8*0001~"
    one = the_set(interchange(group(answer, code="FA", release="005010"), version="00501", repetition="^"))
    assert elements(one, 5) == [("CTX01-1", "PO1", ""), ("CTX01-1", "PO2", "")]


def test_what_is_no_number_is_shown_as_it_stands():
    one = the_set(order().replace("N1*ST*DOCK ISAAC*92*0423", "SAC*C*D240***--1"))
    assert ("SAC05", "--1", "") in elements(one, 3)
