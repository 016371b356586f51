"""Well-formed payloads, and the ones partners really send."""

from __future__ import annotations

import tracemalloc
from io import BytesIO

import pytest
from scenes import group, in_bytes, interchange, isa, order, order_set

from edi_gateway.x12.envelope import (
    Event,
    FunctionalGroup,
    GroupEnd,
    Identity,
    Interchange,
    InterchangeAcknowledgment,
    Skipped,
    TransactionSet,
)
from edi_gateway.x12.finding import Severity
from edi_gateway.x12.reader import Reader, read


def kinds(events: list[Event]) -> list[str]:
    """Kinds of all findings, in order."""
    found = []
    for event in events:
        found += [event.finding] if isinstance(event, Skipped) else list(getattr(event, "findings", ()))
    return [finding.kind for finding in found]


def sets(events: list[Event]) -> list[TransactionSet]:
    return [event for event in events if isinstance(event, TransactionSet)]


def shape(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


WHOLE = ["Interchange", "FunctionalGroup", "TransactionSet", "GroupEnd", "InterchangeEnd"]


def test_an_interchange_is_told_from_its_header_to_its_end() -> None:
    events = read(order().encode())
    assert shape(events) == WHOLE
    header, gs, po, group_end, _ = events
    assert isinstance(header, Interchange)
    assert header.sender == Identity("ZZ", "NORTHWIND")
    assert header.usage == "T"
    assert isinstance(gs, FunctionalGroup)
    assert (gs.code, gs.control_number, gs.release) == ("PO", "7", "004010")
    assert isinstance(po, TransactionSet)
    assert (po.code, po.control_number, po.ended, po.findings) == ("850", "0001", True, ())
    assert po.segments[2] == ["N1", "ST", "DOCK ISAAC", "92", "0423"]
    assert isinstance(group_end, GroupEnd)
    assert (group_end.received, group_end.declared) == (1, 1)
    assert not kinds(events)


@pytest.mark.parametrize(
    ("terminator", "line_end"),
    [("~", ""), ("~", "\n"), ("~", "\r\n"), ("\n", ""), ("\r", "\n"), ("\r", ""), ("~", "\n    "), ("\x15", ""), ("\x1d", "\n")],
)
def test_line_ends_and_indentation_are_decoration(terminator: str, line_end: str) -> None:
    events = read(in_bytes(order(), terminator=terminator, line_end=line_end))
    assert shape(events) == WHOLE
    assert not kinds(events)
    assert sets(events)[0].segments == sets(read(order().encode()))[0].segments


def test_crlf_as_terminator_is_one_terminator_with_a_line_end() -> None:
    header = read(in_bytes(order(), terminator="\r\n"))[0]
    assert isinstance(header, Interchange)
    assert (header.delimiters.segment, header.delimiters.line_end) == ("\r", "\n")


def test_each_interchange_of_a_payload_has_its_own_delimiters() -> None:
    other = in_bytes(order("0002"), element="|", component="^", terminator="'", line_end="\r\n")
    events = read(order().encode() + b"\n" + other)
    assert shape(events) == WHOLE * 2
    assert [po.segments[0][2] for po in sets(events)] == ["0001", "0002"]
    assert not kinds(events)


def test_isa_inside_a_name_begins_no_interchange() -> None:
    text = interchange(group(order_set().replace("DOCK ISAAC", "LISA*ISA*00")))
    assert shape(read(text.encode())) == WHOLE


@pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b"\r\n\r\n", b"   ", b"\x00\x00"])
def test_a_byte_order_mark_and_blanks_before_the_header_are_padding(before: bytes) -> None:
    events = read(before + order().encode())
    assert shape(events) == WHOLE
    assert events[0].offset == len(before)


@pytest.mark.parametrize(
    ("version", "mark", "expected"),
    [
        ("00401", "U", None),
        ("00401", "^", None),
        ("00501", "U", None),
        ("00402", "^", "^"),
        ("00501", "!", "!"),
        ("00501", " ", None),
    ],
)
def test_isa11_is_a_repetition_separator_from_00402_on(version: str, mark: str, expected: str | None) -> None:
    header = read(interchange(group(order_set()), version=version, repetition=mark).encode())[0]
    assert isinstance(header, Interchange)
    assert header.delimiters.repetition == expected


def test_a_header_with_collapsed_blanks_is_read_by_counting_separators() -> None:
    collapsed = order().replace("NORTHWIND      *", "NORTHWIND*").replace(" " * 10, "")
    events = read(collapsed.encode())
    assert shape(events) == WHOLE
    assert kinds(events) == ["interchange.header_width"]


def test_non_breaking_spaces_in_a_header_do_not_hide_it() -> None:
    events = read(order().replace(" " * 10, "\u00a0" * 10).encode())
    assert shape(events) == WHOLE
    assert kinds(events) == ["interchange.header_width"]


@pytest.mark.parametrize("terminator", ["~", "~\n"])
def test_a_header_without_isa16_is_read(terminator: str) -> None:
    text = order().replace("*T*>~", "*T*~").replace("~", terminator)
    events = read(text.encode())
    assert shape(events) == WHOLE
    assert "interchange.component_separator" in kinds(events)
    assert events[0].delimiters.segment == "~"


def test_an_isa16_equal_to_the_element_separator_names_no_component_separator() -> None:
    events = read(order().replace("*T*>~", "*T**~").encode())
    assert shape(events) == WHOLE
    assert kinds(events) == ["interchange.component_separator"]


def test_a_terminator_that_utf8_made_several_bytes_of_is_found_whole() -> None:
    events = read(order().replace("~", "…\r\n").encode())
    assert shape(events) == WHOLE
    assert kinds(events) == ["interchange.terminator"]


def test_an_interchange_acknowledgment_stands_before_the_first_group_or_alone() -> None:
    ta1 = "TA1*000000850*260904*1000*A*000~"
    events = read((isa() + ta1 + group(order_set()) + "IEA*1*000000101~" + isa() + ta1 + "IEA*0*000000101~").encode())
    told = [event for event in events if isinstance(event, InterchangeAcknowledgment)]
    assert [one.ta1[4] for one in told] == ["A", "A"]
    assert not kinds(events)


def test_the_last_terminator_may_be_missing() -> None:
    events = read(order().encode().removesuffix(b"~"))
    assert shape(events) == WHOLE
    assert kinds(events) == ["interchange.unterminated"]


def test_empty_segments_are_noted_whether_se01_counts_them_or_not() -> None:
    for count in (7, 8):
        text = order().replace("CTT*2~", "CTT*2~~").replace("SE*7", f"SE*{count}")
        events = read(text.encode())
        assert kinds(events) == ["set.empty_segment"]
        assert sets(events)[0].findings[0].severity is Severity.WARN


def test_trailing_separators_and_lower_case_ids_are_no_matter_for_the_envelope() -> None:
    text = order().replace("CTT*2~", "ctt*2***~")
    assert not kinds(read(text.encode()))


def test_binary_data_is_not_searched_for_segments() -> None:
    data = "~SE*2*0001~GE*1*7~IEA"
    body = f"ST*841*0001~SPI*00~BIN*{len(data)}*{data}~SE*4*0001~"
    events = read(interchange(group(body, code="SP", count=1), count=1).encode())
    assert shape(events) == WHOLE
    assert kinds(events) == ["group.unsupported"]


def test_a_set_larger_than_what_is_looked_at_in_one_step_is_one_set() -> None:
    events = read(interchange(group(order_set(lines=4000))).encode())
    assert shape(events) == WHOLE
    assert not kinds(events)
    assert len(sets(events)[0].segments) == 4005


def test_a_stream_is_read_in_chunks() -> None:
    class Counted(BytesIO):
        asked: list[int] = []

        def read(self, size: int | None = -1, /) -> bytes:
            self.asked.append(size or -1)
            return super().read(size)

    payload = interchange(group("".join(order_set(f"{n:04}") for n in range(1, 3000)))).encode()
    stream = Counted(payload)
    reader = Reader(stream)
    next(reader)
    assert 0 < stream.tell() < len(payload)
    assert len(sets(list(reader))) == 2999
    assert min(stream.asked) > 0


def test_memory_does_not_grow_with_the_payload() -> None:
    one = group(order_set(lines=1000)).encode()

    class Endless(BytesIO):
        sent = 0

        def read(self, size: int | None = -1, /) -> bytes:
            self.sent += 1
            return isa().encode() if self.sent == 1 else one * 8 if self.sent < 60 else b""

        def seekable(self) -> bool:
            return False

    tracemalloc.start()
    try:
        for _ in Reader(Endless()):  # 14 MB of groups with the same control number
            pass
        assert tracemalloc.get_traced_memory()[1] < 3_000_000
    finally:
        tracemalloc.stop()
