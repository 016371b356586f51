"""The answers partners send, read as verdicts; and that what we write is read as what we meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import group, interchange

from edi_gateway.errors import WrongInput
from edi_gateway.x12.acknowledgment import (
    Form,
    SetResult,
    Verdict,
    functional_acknowledgment,
    interchange_acknowledgment,
    read_acknowledgment,
    read_ta1,
)
from edi_gateway.x12.acknowledgment.notes import bounded_loop
from edi_gateway.x12.envelope import FunctionalGroup, InterchangeEnd, TransactionSet
from edi_gateway.x12.finding import Finding, Scope, Severity
from edi_gateway.x12.reader import read
from edi_gateway.x12.validation.kinds import KINDS


def said(*body):
    """A 997 with these segments between ST and SE."""
    return TransactionSet.of([["ST", "997", "0001"], *(one.split("*") for one in body), ["SE", str(len(body) + 2), "0001"]])


def test_a_listed_set_has_its_own_verdict_and_findings():
    rejected = ("AK2*810*0002", "AK3*TXI*9**8", "AK4*1*963*7*C1", "AK5*R*5*4")
    told = read_acknowledgment(said("AK1*IN*42", "AK2*810*0001", "AK5*A", *rejected, "AK9*P*2*2*1*5"))
    assert (told.group_code, told.group_control_number, told.verdict) == ("IN", "42", Verdict.PARTIALLY_ACCEPTED)
    assert (told.declared, told.received, told.accepted) == (2, 2, 1)
    first, second = told.sets
    assert (first.set, first.control_number, first.verdict, first.findings) == ("810", "0001", Verdict.ACCEPTED, ())
    assert [(finding.kind, finding.place) for finding in second.findings] == [
        ("set.segment_count", "set"),
        ("element.code", "segment 9 TXI, TXI01"),
    ]
    assert second.findings[1].value == "C1"
    assert [finding.kind for finding in told.findings] == ["group.set_count"]


def test_sets_may_be_left_out():
    told = read_acknowledgment(said("AK1*SH*42", "AK9*A*3*3*3"))
    assert (told.verdict, told.accepted, told.sets) == (Verdict.ACCEPTED, 3, ())


@pytest.mark.parametrize(
    ("letter", "verdict"),
    [
        ("A", "accepted"),
        ("E", "accepted with errors"),
        ("P", "partially accepted"),
        ("R", "rejected"),
        ("M", "rejected"),
        ("?", "rejected"),
        ("", "rejected"),
    ],
)
def test_nothing_unknown_is_an_acceptance(letter, verdict):
    assert read_acknowledgment(said("AK1*SH*42", f"AK9*{letter}*1*1*1")).verdict == verdict


def test_a_set_whose_verdict_is_missing_is_not_taken_for_accepted():
    told = read_acknowledgment(said("AK1*SH*42", "AK2*856*0001", "AK2*856*0002", "AK5*A"))
    assert [one.verdict for one in told.sets] == [Verdict.REJECTED, Verdict.ACCEPTED]
    assert told.verdict is Verdict.PARTIALLY_ACCEPTED


@pytest.mark.parametrize("body", [(), ("AK9*A*1*1*1",), ("AK1*SH",)])
def test_one_that_names_no_group_is_refused(body):
    with pytest.raises(WrongInput, match="which group"):
        read_acknowledgment(said(*body))


def test_one_that_is_cut_off_is_refused():
    whole = said("AK1*PO*1", "AK2*850*0001", "AK5*A", "AK9*A*1*1*1")
    for segments in range(2, len(whole.segments)):
        with pytest.raises(WrongInput, match="is cut off"):
            read_acknowledgment(TransactionSet.of(whole.segments[:segments]))


def test_one_that_says_nothing_of_the_group_it_names_is_refused():
    with pytest.raises(WrongInput, match="what became of the group"):
        read_acknowledgment(said("AK1*PO*1"))


@pytest.mark.parametrize(
    ("body", "unlisted"),
    [
        (("AK9*A*3*3*3",), Verdict.ACCEPTED),
        (("AK9*A",), Verdict.ACCEPTED),
        (("AK9*E*3*3*3",), Verdict.ACCEPTED_WITH_ERRORS),
        (("AK2*850*0001", "AK5*E", "AK9*E*3*3*3"), Verdict.ACCEPTED),
        (("AK9*R*3*3*0",), Verdict.REJECTED),
        (("AK2*850*0001", "AK5*R", "AK9*P*3*3*2"), Verdict.ACCEPTED),
        (("AK9*P*3*3*3",), None),
        (("AK9*P",), None),
        (("AK2*850*0001", "AK5*R", "AK9*P"), None),
        (("AK2*850*0001", "AK5*A"), None),
    ],
)
def test_what_it_says_of_a_set_it_does_not_list(body, unlisted):
    assert read_acknowledgment(said("AK1*PO*1", *body)).unlisted == unlisted


def test_where_segments_were_lost_nothing_is_said_of_what_is_not_listed():
    whole = said("AK1*PO*1", "AK2*850*0001", "AK5*R", "AK9*A*2*2*2").segments
    told = read_acknowledgment(TransactionSet.of([*whole[:2], *whole[4:]]))
    assert (told.verdict, told.unlisted) == (Verdict.ACCEPTED, None)


def test_a_999_is_read_alike():
    notes = ("IK3*CLM*22**8", "CTX*CLM01", "IK4*2*782*1")
    told = read_acknowledgment(said("AK1*HC*17*005010X222", "AK2*837*0001*005010X222", *notes, "IK5*R*5", "AK9*R*1*1*0"))
    assert told.release == "005010X222"
    (finding,) = told.sets[0].findings
    assert (finding.kind, finding.element, finding.reference) == ("element.missing", 2, "782")


def test_codes_that_announce_notes_are_kept_where_there_are_none():
    told = read_acknowledgment(
        said("AK1*PO*1", "AK2*850*0001", "AK5*R*5", "AK2*850*0002", "AK3*PO1*4**8", "AK5*R*5", "AK9*R*2*2*0")
    )
    assert [[finding.kind for finding in one.findings] for one in told.sets] == [
        ["set.has_segment_errors"],
        ["segment.has_element_errors"],
    ]


def test_a_code_we_have_no_kind_for_is_kept():
    told = read_acknowledgment(said("AK1*PO*1", "AK2*850*0001", "AK3*PO1*4**I9", "AK5*R*13", "AK9*R*1*1*0"))
    assert [finding.kind for finding in told.sets[0].findings] == ["set.code_13", "segment.code_I9"]


def test_a_ta1_is_read_with_what_its_code_means():
    told = read_ta1(("TA1", "000000850", "260904", "1000", "R", "023"))
    assert (told.control_number, told.verdict, told.code, told.message) == (
        "000000850",
        Verdict.REJECTED,
        "023",
        "it ends too early",
    )


def test_a_ta1_without_a_note_code_is_read_and_one_without_a_number_is_not():
    assert read_ta1(("TA1", "000000850", "260904", "1000", "A")).verdict is Verdict.ACCEPTED
    with pytest.raises(WrongInput):
        read_ta1(("TA1", ""))


def test_what_we_say_in_a_ta1_is_read_as_that():
    end = next(event for event in read(interchange(group("")).encode()) if isinstance(event, InterchangeEnd))
    told = read_ta1(interchange_acknowledgment(end.interchange, end.findings))
    assert (told.control_number, told.verdict, told.message) == ("000000101", Verdict.ACCEPTED, "no error")


GROUP = next(event for event in read(interchange(group("")).encode()) if isinstance(event, FunctionalGroup))
IMPLIED = ("set.has_segment_errors", "set.findings_cut", "segment.has_element_errors")
IN_SETS = (Scope.SET, Scope.SEGMENT, Scope.ELEMENT)
REPORTED = [(name, kind) for name, kind in KINDS.items() if kind.code and kind.scope in IN_SETS and name not in IMPLIED]


@st.composite
def findings(draw):
    name, kind = draw(st.sampled_from(REPORTED))
    place = {}
    if kind.scope is not Scope.SET:
        place = {"segment": draw(st.sampled_from(["PO1", "N1", "BEG"])), "position": draw(st.integers(1, 40)),
                 "loop": draw(st.sampled_from([None, "PO1", "PO1/LS/LDT"]))}  # fmt: skip
    if kind.scope is Scope.ELEMENT:
        place |= {"element": draw(st.integers(1, 25)), "component": draw(st.none() | st.integers(1, 3)),
                  "reference": draw(st.sampled_from([None, "355", "C040"])),
                  "value": draw(st.none() | st.text(st.sampled_from("AB 1*>~é"), min_size=1, max_size=5))}  # fmt: skip
    severity = draw(st.sampled_from(list(Severity)))
    return Finding(name, kind.scope, kind.level, kind.code, "", severity, **place)


def reported(finding, form, loop):
    """What of a finding goes over the wire: its code and its place."""
    reference = finding.reference if finding.reference and finding.reference.isdigit() else None
    return (
        finding.scope,
        form.code(finding),
        finding.segment,
        finding.position,
        loop,
        finding.element,
        finding.component,
        reference,
    )


@given(
    st.lists(st.lists(findings(), max_size=6), max_size=4),
    st.sampled_from(
        [Form(), Form(detail="group"), Form(report_warnings=False), Form(release="005010"), Form("999", "005010X231A1")]
    ),
)
def test_what_we_write_is_read_back_as_the_same_verdicts_and_places(drawn, form):
    results = [SetResult("850", f"{number:04}", tuple(found)) for number, found in enumerate(drawn, 1)]
    written = functional_acknowledgment(GROUP, results, form=form)
    told = read_acknowledgment(TransactionSet.of(written.segments))
    assert (told.verdict, told.received) == (written.verdict, len(results))
    listed = [one for one in written.sets if form.detail == "sets" or one.verdict is not Verdict.ACCEPTED]
    assert [(one.control_number, one.verdict) for one in told.sets] == [(one.control_number, one.verdict) for one in listed]
    for ours, theirs in zip(listed, told.sets, strict=True):
        meant = {reported(one, form, bounded_loop(one.loop) or None) for one in ours.findings if one.scope is not Scope.SET}
        assert meant == {reported(one, form, one.loop) for one in theirs.findings if one.scope is not Scope.SET}
        codes = {form.code(finding) for finding in ours.findings if finding.scope is Scope.SET} - {"5", None}
        read_codes = {finding.code for finding in theirs.findings if finding.scope is Scope.SET}
        assert read_codes <= codes
        assert read_codes == codes or len(read_codes) >= 4


@given(st.lists(st.text(st.sampled_from("AK1234569*~> RP\x00"), max_size=14), max_size=12))
def test_no_content_of_a_997_raises_anything_but_wrong_input(body):
    try:
        read_acknowledgment(said("AK1*PO*1", *body, "AK9*A"))
    except WrongInput:
        pytest.fail("it names its group, and says what became of it")


def test_foreign_acknowledgments_are_read(samples):
    read_of, refused = 0, []
    for path in [*sorted(samples.glob("997*.edi")), *sorted(samples.glob("999*.edi"))]:
        for event in read(path.read_bytes()):
            if isinstance(event, TransactionSet):
                try:
                    read_acknowledgment(event)
                    read_of += 1
                except WrongInput:
                    refused.append(path.name.split("_")[-1])
    assert read_of > 20
    assert refused == ["empty997.edi"]
