"""What holds for any payload: no exception, no byte lost, the same events in any chunks and after any interruption."""

from __future__ import annotations

from io import BytesIO

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from scenes import group, in_bytes, interchange, isa, order, order_set

from edi_gateway.x12.boundaries import PADDING
from edi_gateway.x12.envelope import Event, Interchange, TransactionSet
from edi_gateway.x12.reader import Reader, ReadingPoint

SOUND = [
    order(),
    interchange(group(order_set("0001") + order_set("0002")) + group(order_set("0001"), "8")),
    isa() + "TA1*000000850*260904*1000*A*000~IEA*0*000000101~",
    interchange(group(order_set("0001"), release="005010"), version="00501", repetition="^"),
]
ENVELOPE = ["GS*PO*A*B*20260301*1405*1*X*004010~", "ST*850*0001~", "SE*2*0001~", "GE*1*1~", "IEA*1*000000101~", "TA1*~"]
PIECES = ["ISA*00*", isa(), "BIN*9999*~", "BIN*3*~~~~", "BDS*ASC*4*~SE*~", "~", "~~", "*", ">", "\r\n", " ", "\x00", *ENVELOPE]
PIECES += ["ISA", "é", "ST*850", "PO1*1*2~", "ZZ|"]


def sound_payloads() -> st.SearchStrategy[bytes]:
    marks = st.sampled_from([("*", ">", "~", ""), ("|", "^", "'", "\r\n"), ("*", ">", "\n", ""), ("\x1d", "\x1f", "\x1c", "\n")])
    one = st.builds(
        lambda text, m: in_bytes(text, element=m[0], component=m[1], terminator=m[2], line_end=m[3]),
        st.sampled_from(SOUND),
        marks,
    )
    return st.lists(one, min_size=1, max_size=3).map(b"".join)


@st.composite
def broken_payloads(draw: st.DrawFn) -> bytes:
    """Sound payloads with pieces cut out, doubled and thrown in."""
    payload = draw(sound_payloads())
    for _ in range(draw(st.integers(0, 6))):
        start, length = draw(st.integers(0, len(payload))), draw(st.integers(0, 120))
        thrown_in = draw(st.sampled_from(PIECES).map(lambda piece: piece.encode("latin-1")) | st.binary(max_size=8))
        again = payload[start : start + length] if draw(st.booleans()) else b""
        payload = payload[:start] + thrown_in + again + payload[start + draw(st.integers(0, length)) :]
    return payload


any_payload = (
    broken_payloads()
    | st.binary(max_size=600)
    | st.lists(st.sampled_from(PIECES), max_size=30).map(lambda pieces: "".join(pieces).encode("latin-1"))
)


def told(event: Event) -> object:
    """An event in a form that compares."""
    if isinstance(event, TransactionSet):
        return (event.text, event.offset, event.ended, event.findings, event.group, event.delimiters)
    return event


@given(any_payload)
def test_every_byte_belongs_to_one_event_or_is_padding_before_one(payload: bytes) -> None:
    reader, last, padding = Reader(payload), 0, set(PADDING) | set("\xef\xbb\xbf")
    for event in reader:
        begins, ends = reader.span
        assert last <= begins <= ends
        assert set(payload[last:begins].decode("latin-1")) <= padding
        if isinstance(event, Interchange):
            padding |= set(event.delimiters.segment)
        last = ends
    assert set(payload[last:].decode("latin-1")) <= padding


@given(any_payload, st.integers(1, 300))
def test_the_size_of_chunks_changes_nothing(payload: bytes, chunk: int) -> None:
    assert [told(event) for event in Reader(BytesIO(payload), chunk=chunk)] == [told(event) for event in Reader(payload)]


@given(any_payload, st.data())
def test_a_reader_goes_on_where_another_stopped(payload: bytes, data: st.DataObject) -> None:
    reader = Reader(payload)
    points, events = [reader.point], []
    for event in reader:
        events.append(told(event))
        points.append(reader.point)
    stopped = data.draw(st.integers(0, len(events)))
    point = msgspec.json.decode(msgspec.json.encode(points[stopped]), type=ReadingPoint)
    assert [told(event) for event in Reader(BytesIO(payload), start=point)] == events[stopped:]


@given(any_payload)
def test_envelopes_nest_in_what_is_told(payload: bytes) -> None:
    open_now: list[str] = []
    for event in Reader(payload):
        match type(event).__name__:
            case "Interchange":
                assert open_now == []
                open_now.append("interchange")
            case "FunctionalGroup":
                assert open_now == ["interchange"]
                open_now.append("group")
            case "GroupEnd":
                assert open_now.pop() == "group"
            case "InterchangeEnd":
                assert open_now.pop() == "interchange"
            case "TransactionSet":
                assert open_now
    assert open_now == []


@given(sound_payloads())
def test_a_sound_payload_has_no_findings(payload: bytes) -> None:
    assert not [finding for event in Reader(payload) for finding in getattr(event, "findings", ())]
