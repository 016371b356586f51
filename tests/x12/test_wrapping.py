"""Lines cut at a width: found, told, put together, written."""

from io import BytesIO

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import group, in_bytes, interchange, order, order_set

from edi_gateway.errors import WrongInput
from edi_gateway.x12.envelope import InterchangeEnd, TransactionSet
from edi_gateway.x12.examination import examine
from edi_gateway.x12.layout import Layout, laid_out
from edi_gateway.x12.reader import Reader, read
from edi_gateway.x12.reading_point import ReadingPoint
from edi_gateway.x12.validation import Policy
from edi_gateway.x12.wrapping import width_of, wrapped

LONG = interchange(group(order_set(lines=40)))


def cut(text, width, line_end="\n"):
    return "".join(text[at : at + width] + line_end for at in range(0, len(text), width))


@pytest.mark.parametrize("width", [80, 72, 106, 128, 133])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_width_is_found(width, line_end):
    assert width_of(cut(LONG, width, line_end)) == width


@pytest.mark.parametrize(
    "text",
    [
        order(),
        in_bytes(order(), line_end="\n").decode(),
        in_bytes(order(), terminator="\n").decode(),
        "".join(f"{segment}~".ljust(128) + "\n" for segment in order().split("~")[:-1]),
        "hello\nworld\n" * 9,
    ],
    ids=["one line", "a segment a line", "line feed as terminator", "padded records", "no X12"],
)
def test_no_width_is_found_where_lines_are_not_cut(text):
    assert width_of(text) is None


def told_of(payload, **how):
    """What is told of a payload, and the bytes each event was made of."""
    reader = Reader(BytesIO(payload), **how)
    return [(event, payload[slice(*reader.span)]) for event in reader]


def texts(payload, **how):
    return [event.text for event, _ in told_of(payload, **how) if isinstance(event, TransactionSet)]


def wraps(payload):
    ends = [event for event in read(payload) if isinstance(event, InterchangeEnd)]
    return [finding.message for end in ends for finding in end.findings]


def test_the_reader_puts_cut_lines_together_and_says_so():
    (said,) = wraps(cut(LONG, 80).encode())
    assert said == "its lines are cut at 80 characters, inside segments; they were put together"
    assert [examine(event, Policy()).findings for event in read(cut(LONG, 80).encode()) if isinstance(event, TransactionSet)] == [
        ()
    ]


@given(st.integers(20, 200), st.sampled_from(["\n", "\r\n"]), st.integers(1, 5000), st.integers(1, 4))
def test_cut_lines_say_what_they_said_uncut_and_every_byte_is_told_of(width, line_end, chunk, interchanges):
    text = "".join(interchange(group(order_set(lines=20 * n)), number=f"{n:09}") for n in range(1, interchanges + 1))
    payload = cut(text, width, line_end).encode()
    told = told_of(payload, chunk=chunk)
    assert [event.text for event, _ in told if isinstance(event, TransactionSet)] == texts(text.encode())
    assert b"".join(piece for _, piece in told).rstrip() == payload.rstrip()
    for event, piece in told:
        if isinstance(event, TransactionSet):
            assert event.text == piece.decode().replace(line_end, "")
            header = event.group.interchange
            assert header.cut.without(piece.decode(), event.offset) == event.text


@given(st.integers(20, 200), st.sampled_from(["\n", "\r\n"]), st.data())
def test_reading_goes_on_in_cut_lines_where_it_was_left(width, line_end, data):
    sets = "".join(order_set(f"{n:04}", lines=9) for n in range(1, 9))
    payload = cut(interchange(group(sets)), width, line_end).encode()
    reader = Reader(payload)
    first = [next(reader) for _ in range(data.draw(st.integers(1, 10)))]
    point = msgspec.json.decode(msgspec.json.encode(reader.point), type=ReadingPoint)
    then = list(Reader(payload, start=point))
    assert [getattr(one, "text", one) for one in [*first, *then]] == [getattr(one, "text", one) for one in read(payload)]


def test_files_cut_one_by_one_and_put_behind_each_other_are_read():
    payload = (cut(LONG, 80) + cut(LONG, 72) + LONG + cut(LONG, 80, "\r\n")).encode()
    assert texts(payload) == texts(LONG.encode()) * 4
    assert [said.split(",")[0] for said in wraps(payload)] == [f"its lines are cut at {n} characters" for n in (80, 72, 80)]


@pytest.mark.parametrize("change", [lambda line: line[:30] + "\n", lambda line: line[:-1] + "X\n"], ids=["shorter", "longer"])
def test_behind_a_line_of_another_width_nothing_is_left_out(change):
    lines = cut(LONG, 80).splitlines(keepends=True)
    lines[5] = change(lines[5])
    payload = "".join(lines).encode()
    assert any("not cut as before" in said for said in wraps(payload))
    assert b"".join(piece for _, piece in told_of(payload)).rstrip() == payload.rstrip()
    (text,) = texts(payload)
    assert text.startswith(texts(LONG.encode())[0][:200])
    assert "".join(text.split("\n")) in payload.decode().replace("\n", "")


def test_cut_lines_are_laid_out_as_any_others():
    assert b"".join(laid_out(cut(LONG, 80).encode(), Layout(line_end=""))) == LONG.encode()


@given(st.integers(20, 200), st.integers(1, 50), st.sampled_from([b"\n", b"\r\n"]))
def test_what_is_written_in_lines_is_read_again(width, size, line_end):
    text = LONG.encode()
    lines = b"".join(wrapped((text[at : at + size] for at in range(0, len(text), size)), width, line_end))
    assert {len(line) for line in lines.split(line_end)[:-2]} == {width}
    assert width_of(lines.decode()) == width
    assert texts(lines) == texts(text)


def test_a_width_nobody_can_mean_is_refused():
    with pytest.raises(WrongInput):
        list(wrapped([b"ISA"], 5))
