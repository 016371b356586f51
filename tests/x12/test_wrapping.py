"""Lines cut at a width: found, told, put together, written."""

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import group, in_bytes, interchange, order, order_set

from edi_gateway.errors import WrongInput
from edi_gateway.x12.envelope import InterchangeEnd
from edi_gateway.x12.reader import read
from edi_gateway.x12.wrapping import unwrapped, width_of, wrapped

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


def test_the_reader_says_that_lines_are_cut_and_loses_nothing():
    told = [event for event in read(cut(LONG, 80).encode()) if isinstance(event, InterchangeEnd)]
    assert [finding.kind for finding in told[0].findings] == ["interchange.wrapped"]
    assert "80" in told[0].findings[0].message


@given(st.integers(20, 200), st.sampled_from(["\n", "\r\n"]))
def test_what_is_cut_is_put_together(width, line_end):
    assert b"".join(unwrapped(BytesIO(cut(LONG, width, line_end).encode()), width)) == LONG.encode()


def test_a_line_of_another_width_is_not_passed_over():
    lines = cut(LONG, 80).splitlines(keepends=True)
    with pytest.raises(WrongInput, match="line 3"):
        b"".join(unwrapped(BytesIO("".join([*lines[:2], "short\n", *lines[3:]]).encode()), 80))


@given(st.integers(20, 200), st.integers(1, 50))
def test_what_is_written_in_lines_is_read_again(width, size):
    text = LONG.encode()
    lines = b"".join(wrapped((text[at : at + size] for at in range(0, len(text), size)), width))
    assert {len(line) for line in lines.split(b"\n")[:-2]} == {width}
    assert width_of(lines.decode()) == width
    assert b"".join(unwrapped(BytesIO(lines), width)) == text


def test_a_width_nobody_can_mean_is_refused():
    with pytest.raises(WrongInput):
        list(wrapped([b"ISA"], 5))
