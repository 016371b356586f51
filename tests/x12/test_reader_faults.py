"""Envelopes that are wrong: what is found, by which code it is reported, and that reading goes on behind it."""

from __future__ import annotations

import pytest
from scenes import group, interchange, isa, order, order_set
from test_reader import WHOLE, kinds, sets, shape

from edi_gateway.x12.envelope import Event, GroupEnd, InterchangeEnd, Skipped
from edi_gateway.x12.finding import Finding, Scope, Severity
from edi_gateway.x12.reader import read


def found(text: str) -> list[tuple[str, str]]:
    """Kind and code of every finding."""
    return [(finding.kind, finding.code) for finding in findings(read(text.encode("latin-1")))]


def findings(events: list[Event]) -> list[Finding]:
    told = []
    for event in events:
        told += [event.finding] if isinstance(event, Skipped) else list(getattr(event, "findings", ()))
    return told


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("SE*7*0001", "SE*8*0001"), ("set.segment_count", "4")),
        (("SE*7*0001", "SE*x*0001"), ("set.segment_count", "4")),
        (("SE*7*0001", "SE*7*0002"), ("set.control_number", "3")),
        (("SE*7*0001", "SE*7*00001"), ("set.control_number_padding", "")),
        (("SE*7*0001~", ""), ("set.trailer_missing", "2")),
        (("ST*850*", "ST*85X*"), ("set.st01", "6")),
        (("ST*850*0001", "ST*850*"), ("set.st02", "7")),
        (("GE*1*7", "GE*2*7"), ("group.set_count", "5")),
        (("GE*1*7", "GE*1*8"), ("group.control_number", "4")),
        (("GE*1*7~", ""), ("group.trailer_missing", "3")),
        (("*7*X*", "*A7*X*"), ("group.control_number_syntax", "6")),
        (("IEA*1*", "IEA*2*"), ("interchange.group_count", "021")),
        (("IEA*1*000000101", "IEA*1*000000102"), ("interchange.control_number", "001")),
        (("IEA*1*000000101", "IEA*1*101"), ("interchange.control_number_padding", "")),
        (("IEA*1*000000101~", ""), ("interchange.trailer_missing", "023")),
        (("*260301*1405*U", "*261301*1405*U"), ("interchange.date", "014")),
        (("*260301*1405*U", "*260301*2405*U"), ("interchange.time", "015")),
        (("*0*T*>", "*2*T*>"), ("interchange.acknowledgment_requested", "019")),
        (("*0*T*>", "*0*X*>"), ("interchange.usage", "020")),
        (("NORTHWIND      *", "               *"), ("interchange.sender", "006")),
        (("004510123      *", "               *"), ("interchange.receiver", "008")),
        (("*ZZ*NORTHWIND ", "*??*NORTHWIND "), ("interchange.sender_qualifier", "005")),
    ],
)
def test_each_fault_of_an_envelope_has_its_kind_and_code(change: tuple[str, str], expected: tuple[str, str]) -> None:
    text = order()
    assert change[0] in text
    assert expected in found(text.replace(*change, 1))


def test_a_damaged_set_is_rejected_and_damaged_envelopes_only_warn():
    text = order().replace("GE*1", "GE*3").replace("IEA*1*000000101", "IEA*4*101")
    assert {finding.severity for finding in findings(read(text.encode()))} == {Severity.WARN}
    cut_off = order()[: order().index("PO1*2")]
    rejected = {finding.kind for finding in findings(read(cut_off.encode())) if finding.severity is Severity.REJECT}
    assert rejected == {"set.trailer_missing"}
    miscounted = read(order().replace("SE*7", "SE*9").encode())
    assert [(one.kind, one.severity) for one in findings(miscounted)] == [("set.segment_count", Severity.REJECT)]


def test_group_numbers_compare_as_numbers() -> None:
    assert not found(order().replace("GE*1*7", "GE*01*0007"))


def test_findings_know_their_scope_and_segment() -> None:
    finding = findings(read(order().replace("SE*7*0001", "SE*7*0002").encode()))[0]
    assert (finding.scope, finding.segment) == (Scope.SET, "SE")
    assert finding.offset == order().index("SE*7")


def test_a_set_without_its_trailer_ends_where_the_next_begins() -> None:
    text = interchange(group(order_set("0001").replace("SE*7*0001~", "") + order_set("0002")))
    first, second = sets(read(text.encode()))
    assert not first.ended
    assert first.segments[-1] == ["CTT", "2"]
    assert second.ended
    assert second.findings == ()


def test_a_set_without_its_trailer_before_one_with_the_same_number_is_not_taken_for_one() -> None:
    text = interchange(group(order_set("0001").replace("SE*7*0001~", "") + order_set("0001")))
    assert [po.ended for po in sets(read(text.encode()))] == [False, True]


def test_a_duplicate_set_number_is_found_on_the_later_set() -> None:
    first, second, third = sets(read(interchange(group(order_set("0001") + order_set("0001") + order_set("0002"))).encode()))
    assert [finding.code for po in (first, second, third) for finding in po.findings] == ["23"]
    assert second.findings[0].kind == "set.duplicate"


def test_the_same_set_number_in_another_group_is_no_duplicate() -> None:
    assert not found(interchange(group(order_set(), "7") + group(order_set(), "8")))


def test_a_duplicate_group_number_is_found_on_the_later_group() -> None:
    ends = [event for event in read(interchange(group(order_set()) * 2).encode()) if isinstance(event, GroupEnd)]
    assert [[finding.kind for finding in end.findings] for end in ends] == [[], ["group.duplicate"]]


def test_a_set_in_a_group_of_another_kind_is_noted() -> None:
    assert found(interchange(group(order_set(), code="IN"))) == [("set.group_code", "18")]


def test_a_set_outside_any_group_is_told_with_no_group() -> None:
    events = read(f"{isa()}{order_set()}IEA*0*000000101~".encode())
    assert sets(events)[0].group is None
    assert kinds(events) == ["set.outside_group", "interchange.content"]


def test_a_group_without_its_trailer_ends_where_the_next_begins() -> None:
    text = interchange(group(order_set(), "7").replace("GE*1*7~", "") + group(order_set(), "8"))
    ends = [event for event in read(text.encode()) if isinstance(event, GroupEnd)]
    assert [(end.received, end.declared) for end in ends] == [(1, None), (1, 1)]


def test_an_interchange_cut_off_in_a_set_is_closed_before_the_next_one_begins() -> None:
    cut = order()[: order().index("*EA")]
    for text in (cut + "~" + order("0002"), cut + "\r\n" + order("0002"), cut + order("0002")):
        events = read(text.encode())
        assert shape(events) == WHOLE * 2
        assert [po.ended for po in sets(events)] == [False, True]
        assert kinds(events) == ["set.trailer_missing", "group.trailer_missing", "interchange.trailer_missing"]


def test_a_cut_off_interchange_is_closed_by_one_with_other_delimiters() -> None:
    cut = order()[: order().index("*EA")]
    other = order("0002").translate(str.maketrans("*>~", "|^'"))
    events = read((cut + other).encode())
    assert [po.ended for po in sets(events)] == [False, True]


def test_what_has_no_place_in_a_group_is_skipped_and_the_sets_around_it_are_read() -> None:
    junk = "ZZZ*what is this~YYY~"
    text = interchange(group(order_set("0001") + junk + order_set("0002")))
    events = read(text.encode())
    skipped = next(event for event in events if isinstance(event, Skipped))
    assert text[skipped.start : skipped.end] == junk
    assert len(sets(events)) == 2
    end = events[-1]
    assert isinstance(end, InterchangeEnd)
    assert end.findings == (skipped.finding,)


def test_a_stray_trailer_is_skipped() -> None:
    events = read(interchange(group(order_set() + "SE*3*0009~")).encode())
    assert kinds(events) == ["interchange.content", "interchange.content"]
    assert len(sets(events)) == 1


def test_junk_between_interchanges_is_skipped_up_to_the_next_header() -> None:
    text = "Dear partner, see ISAAC's orders below.\n" + order() + "-- \nsent from my mainframe\n" + order("0002") + "bye"
    events = read(text.encode())
    assert [text[e.start : e.end] for e in events if isinstance(e, Skipped)] == [
        "Dear partner, see ISAAC's orders below.\n",
        "-- \nsent from my mainframe\n",
        "bye",
    ]
    assert len(sets(events)) == 2


@pytest.mark.parametrize(
    "payload", [b"", b"\r\n \n", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, b"ISA", b"ISA*00*", b"hello"]
)
def test_what_holds_no_interchange_is_skipped_whole_and_says_so(payload: bytes) -> None:
    (skipped,) = read(payload)
    assert isinstance(skipped, Skipped)
    assert (skipped.start, skipped.end, skipped.finding.kind) == (0, len(payload), "interchange.no_header")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf16_is_refused_with_a_reason(encoding: str) -> None:
    payload = order().encode(encoding)
    (skipped,) = read(payload)
    assert isinstance(skipped, Skipped)
    assert (skipped.finding.kind, skipped.end) == ("interchange.encoding", len(payload))
    assert "UTF-16" in skipped.finding.message


def test_a_set_without_end_is_given_up_at_the_limit() -> None:
    from edi_gateway.x12.reader import Reader

    text = interchange(group(order_set(lines=20_000).replace("SE*20005", "SX*20005")))
    events = list(Reader(text.encode(), largest_set=100_000))
    assert "set.too_large" in kinds(events)
    assert len(sets(events)[0].text) < 400_000
    assert shape(events)[-1] == "InterchangeEnd"
