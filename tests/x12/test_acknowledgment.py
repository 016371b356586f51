"""The answers we write: a projection of findings, code by code and count by count."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace
from scenes import group, interchange, order, order_set

from edi_gateway.errors import Defect, WrongInput
from edi_gateway.x12 import standard
from edi_gateway.x12.acknowledgment import (
    Form,
    SetResult,
    Verdict,
    functional_acknowledgment,
    functional_acknowledgment_is_owed,
    interchange_acknowledgment,
    interchange_acknowledgment_is_owed,
)
from edi_gateway.x12.envelope import GroupEnd, Identity, InterchangeEnd, TransactionSet
from edi_gateway.x12.envelope_findings import envelope_finding
from edi_gateway.x12.finding import Finding, Level, Scope, Severity
from edi_gateway.x12.reader import read
from edi_gateway.x12.validation import Policy, checker, restate
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange

GROUP = next(event for event in read(order().encode()) if isinstance(event, GroupEnd)).group


def element(code="7", element=3, severity=Severity.REJECT, level=Level.ELEMENT, **more):
    given = {"segment": "PO1", "position": 4, "reference": "355", "value": "XX"} | more
    return Finding("element.code", Scope.ELEMENT, level, code, "bad", severity, element=element, **given)


def segment(code="2", position=4, severity=Severity.REJECT, **more):
    return Finding(
        "segment.unexpected", Scope.SEGMENT, Level.STRUCTURE, code, "bad", severity, segment="PO1", position=position, **more
    )


def lines(answer):
    return ["*".join(one).rstrip("*") for one in answer.body]


USUAL, DEFAULT = Form(), Policy()


def answer(text, form=USUAL, policy=DEFAULT):
    """The answer to the first group of an interchange, as the gateway gives it."""
    results, events = [], read(text.encode("latin-1"))
    for event in events:
        if isinstance(event, TransactionSet):
            known = standard.nearest(event.code, event.release)
            if known is None:
                found = (envelope_finding("set.unsupported", f"{event.code} is not supported"),)
            else:
                found = checker(known.definition, policy).check(event)
            results.append(SetResult.of(event, restate(found, policy)))
    end = next(event for event in events if isinstance(event, GroupEnd))
    return functional_acknowledgment(end.group, results, end.findings, declared=end.declared, form=form)


def test_a_sound_group_is_accepted_set_by_set():
    told = answer(interchange(group(order_set("0001") + order_set("0002"))))
    assert lines(told) == ["AK1*PO*7", "AK2*850*0001", "AK5*A", "AK2*850*0002", "AK5*A", "AK9*A*2*2*2"]
    assert told.segments[0] == ["ST", "997", "0001"]
    assert told.segments[-1] == ["SE", "8", "0001"]


def test_accepted_sets_may_only_be_counted_and_others_are_still_listed():
    text = interchange(group(order_set("0001") + order_set("0002").replace("BEG*00*SA", "BEG*00*")))
    told = answer(text, Form(detail="group"))
    assert lines(told) == ["AK1*PO*7", "AK2*850*0002", "AK3*BEG*2**8", "AK4*2*92*1", "AK5*R*5", "AK9*P*2*2*1"]


def test_each_fault_stands_at_its_place_with_its_code_and_a_copy_of_the_value():
    text = order().replace("PO1*2*24*EA", "PO1*2*24x*EA").replace("*20260301~N1", "*20261301~N1")
    assert lines(answer(text))[2:] == [
        "AK3*BEG*2**8", "AK4*5*373*8*20261301", "AK3*PO1*5**8", "AK4*2*330*6*24x", "AK5*R*5", "AK9*R*1*1*0",
    ]  # fmt: skip


def test_a_missing_segment_is_told_at_the_position_of_what_was_found_there():
    text = order().replace("BEG*00*SA*4711**20260301~", "").replace("SE*7", "SE*6")
    assert "AK3*BEG*2**3" in lines(answer(text))


def test_warnings_make_the_verdict_accepted_with_errors_and_unknown_codes_are_warnings():
    told = answer(order().replace("BEG*00*SA", "BEG*00*QQ"))
    assert lines(told)[2:] == ["AK3*BEG*2**8", "AK4*2*92*7*QQ", "AK5*E*5", "AK9*E*1*1*1"]


def test_a_partner_may_want_no_warnings_in_the_answer():
    told = answer(order().replace("BEG*00*SA", "BEG*00*QQ"), Form(report_warnings=False))
    assert lines(told)[1:] == ["AK2*850*0001", "AK5*A", "AK9*A*1*1*1"]


def test_what_is_above_the_standard_is_not_told_unless_the_partners_policy_rejects_it():
    text = order().replace("CTT*2", "CTT*9")
    assert answer(text).verdict is Verdict.ACCEPTED
    strict = Policy({"balance.line_count": Severity.REJECT})
    assert lines(answer(text, policy=strict))[2:4] == ["AK3*CTT*6**8", "AK4*1*354*7*9"]


def test_a_finding_that_is_off_is_not_told():
    told = answer(order().replace("BEG*00*SA", "BEG*00*QQ"), policy=Policy({"element.code": Severity.OFF}))
    assert told.verdict is Verdict.ACCEPTED


def test_a_set_the_gateway_does_not_know_is_answered_with_code_1():
    told = answer(interchange(group("ST*877*0001~XX1*1~SE*3*0001~", code="ZX")))
    assert lines(told) == ["AK1*ZX*7", "AK2*877*0001", "AK5*R*1", "AK9*R*1*1*0*1"]


def test_a_wrong_se01_rejects_the_set_with_code_4():
    assert lines(answer(order().replace("SE*7", "SE*8")))[2:] == ["AK5*R*4", "AK9*R*1*1*0"]


def test_a_cut_off_set_is_rejected_and_the_whole_ones_before_it_are_accepted():
    text = interchange(group(order_set("0001") + order_set("0002")))
    told = answer(text[: text.index("CTT*2~SE*7*0002")])
    assert [one.verdict for one in told.sets] == [Verdict.ACCEPTED, Verdict.REJECTED]
    assert lines(told)[-2:] == ["AK5*R*2", "AK9*P*2*2*1*3"]


def test_ak9_counts_what_was_declared_received_and_accepted():
    results = [SetResult("850", f"{n:04}", (element(),) if n > 7 else ()) for n in range(1, 11)]
    wrong_count = envelope_finding("group.set_count", "12", 10)
    told = functional_acknowledgment(GROUP, results, [wrong_count], declared=12)
    assert lines(told)[-1] == "AK9*P*12*10*7*5"


@pytest.mark.parametrize(
    ("severities", "verdict"),
    [
        ([], "A"),
        ([None], "A"),
        ([None, Severity.WARN], "E"),
        ([None, Severity.REJECT], "P"),
        ([Severity.WARN, Severity.REJECT], "P"),
        ([Severity.REJECT, Severity.REJECT], "R"),
    ],
)
def test_the_verdict_on_a_group_comes_from_those_on_its_sets(severities, verdict):
    results = [SetResult("850", f"{n:04}", (element(severity=one),) if one else ()) for n, one in enumerate(severities)]
    assert functional_acknowledgment(GROUP, results).verdict.code == verdict


def test_a_group_finding_that_rejects_rejects_every_set():
    refused = replace(envelope_finding("group.release_unsupported", "009999"), severity=Severity.REJECT)
    told = functional_acknowledgment(GROUP, [SetResult("850", "0001")], [refused])
    assert lines(told) == ["AK1*PO*7", "AK2*850*0001", "AK5*R", "AK9*R*1*1*0*2"]


def test_a_duplicate_group_number_has_no_code_in_004010_where_19_is_about_security():
    duplicate = [envelope_finding("group.duplicate", "7", "PO")]
    assert lines(functional_acknowledgment(GROUP, [SetResult("850", "0001")], duplicate))[-1] == "AK9*A*1*1*1"
    later = functional_acknowledgment(GROUP, [SetResult("850", "0001")], duplicate, form=Form(release="005010"))
    assert lines(later)[-1] == "AK9*E*1*1*1*19"


def test_too_many_repetitions_and_components_have_other_codes_in_004010():
    faults = (element("12"), element("13", element=4))
    old = functional_acknowledgment(GROUP, [SetResult("850", "0001", faults)])
    new = functional_acknowledgment(GROUP, [SetResult("850", "0001", faults)], form=Form(release="005010"))
    assert [one[3] for one in old.body if one[0] == "AK4"] == ["6", "3"]
    assert [one[3] for one in new.body if one[0] == "AK4"] == ["12", "13"]


def test_005010_names_release_convention_and_repetition():
    fault = element(component=2, repetition=3)
    told = functional_acknowledgment(GROUP, [SetResult("850", "0001", (fault,), "GUIDE1")], form=Form(release="005010"))
    assert lines(told)[:2] == ["AK1*PO*7*004010", "AK2*850*0001*GUIDE1"]
    assert "AK4*3>2>3*355*7*XX" in lines(told)


def test_a_component_stands_behind_its_element():
    told = functional_acknowledgment(GROUP, [SetResult("850", "0001", (element(component=2, repetition=3),))])
    assert "AK4*3>2*355*7*XX" in lines(told)


def test_a_999_has_its_own_segments_and_says_what_the_guide_asks():
    guide = Finding("guide.not_used", Scope.SEGMENT, Level.GUIDE, "I4", "not used", segment="PO1", position=4)
    told = functional_acknowledgment(GROUP, [SetResult("850", "0001", (guide, element()))], form=Form("999", "005010X231A1"))
    assert told.segments[0] == ["ST", "999", "0001", "005010X231A1"]
    assert lines(told)[2:6] == ["IK3*PO1*4**I4", "CTX*SITUATIONAL TRIGGER*PO1*4", "IK3*PO1*4**8", "IK4*3*355*7*XX"]
    assert lines(told)[6] == "IK5*R*5"


def test_a_guide_code_that_a_997_does_not_know_is_told_by_one_it_knows():
    guide = Finding("guide.not_used", Scope.SEGMENT, Level.GUIDE, "I4", "not used", segment="PO1", position=4)
    assert "AK3*PO1*4**2" in lines(functional_acknowledgment(GROUP, [SetResult("850", "0001", (guide,))]))


def test_there_is_no_999_in_004010():
    with pytest.raises(WrongInput, match="no 999"):
        functional_acknowledgment(GROUP, [], form=Form("999", "004010"))


def test_a_bounded_loop_is_named_and_another_is_not():
    faults = (segment(loop="PO1/LS/LDT"), segment(position=6, loop="PO1/N1"))
    told = functional_acknowledgment(GROUP, [SetResult("850", "0001", faults)])
    assert lines(told)[2:4] == ["AK3*PO1*4*LDT*2", "AK3*PO1*6**2"]


def test_at_most_99_element_notes_stand_under_one_segment_note():
    told = functional_acknowledgment(GROUP, [SetResult("850", "0001", tuple(element() for _ in range(100)))])
    names = [one[0] for one in told.body]
    assert names == ["AK1", "AK2", "AK3", *["AK4"] * 99, "AK3", "AK4", "AK5", "AK9"]


@pytest.mark.parametrize("value", ["a*b", "a~b", "a>b", "a\nb", "\x00", "   ", "Łódź"])
def test_a_value_that_cannot_be_sent_back_is_left_out(value):
    told = functional_acknowledgment(GROUP, [SetResult("850", "0001", (element(value=value),))])
    assert "AK4*3*355*7" in lines(told)


def test_a_value_is_copied_up_to_99_characters():
    told = functional_acknowledgment(GROUP, [SetResult("850", "0001", (element(value="x" * 200),))])
    assert next(one for one in told.body if one[0] == "AK4")[4] == "x" * 99


def test_at_most_five_codes_are_told_of_a_set():
    names = ["segment_count", "control_number", "duplicate", "st01", "st02_form", "trailer_missing"]
    faults = tuple(envelope_finding(f"set.{name}", "1", "2") for name in names)
    told = functional_acknowledgment(GROUP, [SetResult("850", "0001", faults)])
    assert next(one for one in told.body if one[0] == "AK5") == ["AK5", "R", "4", "3", "23", "6", "7"]


def test_an_acknowledgment_is_never_acknowledged():
    text = interchange(group("ST*997*0001~AK1*PO*7~AK9*A*1*1*1~SE*4*0001~", code="FA"))
    answers = next(event for event in read(text.encode()) if isinstance(event, GroupEnd)).group
    assert not functional_acknowledgment_is_owed(answers)
    with pytest.raises(Defect):
        functional_acknowledgment(answers, [])


@pytest.mark.parametrize("form", [Form(), Form(release="005010"), Form("999", "005010X231A1")])
def test_what_we_answer_is_valid_itself(form):
    text = interchange(
        group(order_set("0001") + order_set("0002").replace("PO1*1*12*EA", "PO1*1*1x*EAC*") + "ST*8X*1~N1*~SE*9*~")
    )
    told = answer(text, form)
    at = datetime(2026, 3, 1, tzinfo=UTC)
    header = InterchangeHeader(sender=Identity("ZZ", "OURSHOP"), receiver=Identity("ZZ", "NORTHWIND"), control_number=1, at=at)
    fa = GroupHeader(code="FA", sender="OURSHOP", receiver="NORTHWIND", control_number=1, release=form.release, at=at)
    (sent,) = (event for event in read(write_interchange(header, [(fa, [told.segments])])) if isinstance(event, TransactionSet))
    definition = standard.nearest(form.set, form.release).definition
    assert sent.findings == ()
    places = [finding.place for finding in checker(definition).check(sent)]
    assert all(place.endswith(("AK201", "AK202")) for place in places)  # ST01 and ST02 are given back as they came


# TA1


def end_of(text):
    return next(event for event in read(text.encode()) if isinstance(event, InterchangeEnd))


def ta1(text):
    end = end_of(text)
    return interchange_acknowledgment(end.interchange, end.findings)


def test_a_ta1_repeats_number_date_and_time():
    assert ta1(order()) == ["TA1", "000000101", "260301", "1405", "A", "000"]


def test_a_ta1_tells_the_gravest_finding():
    assert ta1(order().replace("IEA*1*", "IEA*2*"))[4:] == ["E", "021"]
    assert ta1(order().replace("IEA*1*", "IEA*2*").replace("004510123  ", "           "))[4:] == ["R", "008"]


def test_odd_padding_is_no_error():
    assert ta1(order().replace("IEA*1*000000101", "IEA*1*101"))[4:] == ["A", "000"]


@pytest.mark.parametrize(
    ("asked", "agreed", "owed"),
    [("1", "when asked", True), ("0", "when asked", False), ("0", "always", True), ("1", "never", False)],
)
def test_a_ta1_is_owed_when_isa14_asks_or_it_is_agreed(asked, agreed, owed):
    end = end_of(interchange(group(order_set()), asked=asked))
    assert interchange_acknowledgment_is_owed(end.interchange, end.findings, agreed) is owed


def test_an_interchange_from_nobody_is_answered_to_nobody():
    end = end_of(interchange(group(order_set()), asked="1").replace("NORTHWIND      *", " " * 15 + "*", 1))
    assert not interchange_acknowledgment_is_owed(end.interchange, end.findings, "always")
