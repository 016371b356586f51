"""What is written: widths, counts, numbers, and the refusal of what cannot be written."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.errors import WrongInput
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import (
    FunctionalGroup,
    GroupEnd,
    Identity,
    Interchange,
    InterchangeAcknowledgment,
    InterchangeEnd,
    TransactionSet,
)
from edi_gateway.x12.reader import Reader, read
from edi_gateway.x12.repair import choose_delimiters, repair
from edi_gateway.x12.text import long_date, short_date, short_time
from edi_gateway.x12.validation.characters import allowed
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange

AT = datetime(2026, 3, 1, 14, 5, tzinfo=UTC)
HEADER = InterchangeHeader(sender=Identity("ZZ", "OURSHOP"), receiver=Identity("01", "004510123"), control_number=17, at=AT)
GROUP = GroupHeader(code="PR", sender="OURSHOP", receiver="NORTHWIND", control_number=4, release="004010", at=AT)
ANSWER = [["ST", "855", "0001"], ["BAK", "00", "AC", "4711", "20260301"], ["CTT", "0", "", ""]]


def test_widths_counts_and_trailers_are_the_writers():
    assert write_interchange(HEADER, [(GROUP, [ANSWER])]).decode() == (
        "ISA*00*          *00*          *ZZ*OURSHOP        *01*004510123      *260301*1405*U*00401*000000017*0*P*>~"
        "GS*PR*OURSHOP*NORTHWIND*20260301*1405*4*X*004010~ST*855*0001~BAK*00*AC*4711*20260301~CTT*0~SE*4*0001~GE*1*4~"
        "IEA*1*000000017~"
    )


def test_line_ends_and_delimiters_are_the_partners():
    text = write_interchange(HEADER, [(GROUP, [ANSWER])], Delimiters("|", "^", "'", line_end="\r\n")).decode()
    assert text.splitlines()[2:4] == ["ST|855|0001'", "BAK|00|AC|4711|20260301'"]
    assert text.endswith("'\r\n")


def test_a_wrong_count_in_se_is_written_right_and_a_missing_number_is_given():
    sets = [[["ST", "855", ""], *ANSWER[1:], ["SE", "99", "x"]], [["ST", "855"], *ANSWER[1:]]]
    text = write_interchange(HEADER, [(GROUP, sets)]).decode()
    assert "SE*4*0001~" in text
    assert "SE*4*0002~GE*2*4~" in text


def test_isa11_is_the_repetition_separator_from_00402_on():
    marks = Delimiters(repetition="^")
    assert b"*U*00401*" in write_interchange(HEADER, [], marks)
    later = InterchangeHeader(sender=HEADER.sender, receiver=HEADER.receiver, control_number=1, at=AT, version="00501")
    assert b"*^*00501*" in write_interchange(later, [], marks)
    assert b"*U*00501*" in write_interchange(later, [])


def test_a_ta1_stands_in_an_interchange_by_itself():
    events = read(write_interchange(HEADER, (), ta1=[["TA1", "000000850", "260904", "1000", "A", "000"]]))
    assert [type(event) for event in events] == [Interchange, InterchangeAcknowledgment, InterchangeEnd]
    assert events[-1].findings == ()


@pytest.mark.parametrize(
    ("segment", "where"),
    [
        (["MSG", "3 * 4"], "segment 2 MSG, MSG01"),
        (["MSG", "approx. ~5"], "segment 2 MSG, MSG01"),
        (["N1", "ST", "A > B"], "segment 2 N1, N102"),
        (["MSG", "two\nlines"], "segment 2 MSG, MSG01"),
        (["N1", "ST", "Łódź"], "segment 2 N1, N102"),
    ],
)
def test_what_cannot_be_written_is_refused_with_its_place(segment, where):
    with pytest.raises(WrongInput) as refused:
        write_interchange(HEADER, [(GROUP, [[["ST", "855", "0001"], segment]])])
    assert refused.value.where == where


def test_a_component_separator_may_stand_in_a_composite():
    text = write_interchange(HEADER, [(GROUP, [[["ST", "855", "0001"], ["REF", "DP", "042", "", "ZZ>1"]]])])
    assert b"REF*DP*042**ZZ>1~" in text


@pytest.mark.parametrize(
    "change",
    [
        {"sender": Identity("ZZ", "LONGER THAN FIFTEEN")},
        {"control_number": 0},
        {"control_number": 1_000_000_000},
        {"usage": ""},
        {"version": "401"},
    ],
)
def test_a_header_that_does_not_fit_is_refused(change):
    given_header = {"sender": HEADER.sender, "receiver": HEADER.receiver, "control_number": 1, "at": AT} | change
    with pytest.raises(WrongInput):
        write_interchange(InterchangeHeader(**given_header), [])


def test_the_same_number_twice_in_a_group_is_refused():
    with pytest.raises(WrongInput, match="twice"):
        write_interchange(HEADER, [(GROUP, [ANSWER, ANSWER])])


def test_repairs_are_told():
    sent, repairs = repair([["N1", "ST", "Café “Zoë” – Łódź*"]], Delimiters(), characters="basic")
    assert sent == [["N1", "ST", 'CAFE "ZOE" - LODZ ']]
    assert str(repairs[0]) == "segment 1 N102: 'Café “Zoë” – Łódź*' became 'CAFE \"ZOE\" - LODZ '"


def test_what_can_be_sent_is_not_repaired():
    segments = [["REF", "DP", "042", "", "ZZ>1"], ["N1", "ST", "plain"]]
    assert repair(segments, Delimiters()) == (segments, ())


def test_a_replacement_must_itself_be_allowed():
    with pytest.raises(WrongInput):
        repair([], Delimiters(), replacement="*")


def test_delimiters_are_chosen_that_do_not_occur():
    segments = [["MSG", "3 * 4 > 2 ~ 1"]]
    marks = choose_delimiters(segments)
    marks.check()
    text = write_interchange(HEADER, [(GROUP, [[["ST", "855", "0001"], *segments]])], marks)
    assert next(e for e in read(text) if isinstance(e, TransactionSet)).segments[1] == segments[0]


def test_dates_and_times():
    assert (long_date(date(2026, 3, 1)), short_date(date(2026, 3, 1)), short_time(AT)) == ("20260301", "260301", "1405")


MARKS = st.sampled_from(
    [Delimiters(), Delimiters("|", "^", "'", None, "\r\n"), Delimiters("\x1d", "\x1f", "\x1c"), Delimiters(segment="\n")]
)
TEXT = st.text(max_size=12) | st.text(st.sampled_from("AB*>~|^'\n é"), max_size=8)
SEGMENTS = st.lists(st.tuples(st.sampled_from(["MSG", "N1", "REF", "PO1"]), st.lists(TEXT, min_size=1, max_size=6)), max_size=5)


@given(SEGMENTS, MARKS, st.sampled_from(["basic", "extended"]))
def test_what_is_repaired_can_be_written_and_is_read_back(drawn, marks, characters):
    body, _ = repair([[name, *values] for name, values in drawn], marks, characters=characters)
    good = allowed(characters, "") | {marks.component}
    assert all(set(value) <= good for segment in body for value in segment[1:])
    payload = write_interchange(HEADER, [(GROUP, [[["ST", "855", "0001"], *body]])], marks)
    events = read(payload)
    assert not [finding for event in events for finding in getattr(event, "findings", ())]
    (answer,) = (event for event in events if isinstance(event, TransactionSet))
    assert answer.segments[1:-1] == [_without_trailing(segment) for segment in body]


def _without_trailing(segment):
    while len(segment) > 1 and not segment[-1]:
        segment = segment[:-1]
    return segment


def test_sound_samples_are_written_as_they_were_read(samples):
    sound = [path for path in sorted(samples.glob("*.edi")) if _is_sound(path.read_bytes())]
    assert len(sound) >= 50
    for path in sound:
        payload = path.read_bytes()
        assert b"".join(_written_again(payload)).rstrip() == payload.rstrip(), path.name


def _is_sound(payload):
    """Nothing found, nothing between envelopes, no decoration but the same line end, nothing trailing, numbers without zeros."""
    reader, last = Reader(payload), 0
    for event in reader:
        begins, ends = reader.span
        if begins != last or getattr(event, "findings", ()):
            return False
        if isinstance(event, TransactionSet):
            marks = event.delimiters
            lines = "".join(marks.element.join(_without_trailing(one)) + marks.segment + marks.line_end for one in event.segments)
            if lines.rstrip() != event.text.rstrip() or event.segments[-1][1].startswith("0"):
                return False
        last = ends
    return not payload[last:].strip()


def _written_again(payload):
    """Each interchange of a payload, read and written."""
    ta1, groups = [], []
    for event in Reader(payload):
        match event:
            case InterchangeAcknowledgment():
                ta1.append(list(event.ta1))
            case FunctionalGroup():
                groups.append((event, []))
            case TransactionSet():
                groups[-1][1].append(event.segments)
            case InterchangeEnd():
                yield write_interchange(event.interchange, groups, event.interchange.delimiters, ta1=ta1)
                ta1, groups = [], []
            case GroupEnd() | Interchange():
                pass
