"""Laid out otherwise, a document says what it said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scenes import group, in_bytes, interchange, isa, order, order_set
from test_reader_properties import any_payload

from edi_gateway.errors import WrongInput
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import FunctionalGroup, GroupEnd, Interchange, InterchangeEnd, TransactionSet
from edi_gateway.x12.layout import Layout, laid_out
from edi_gateway.x12.reader import read

PIPES = Delimiters("|", "^", "'")
LAYOUTS = [Layout(), Layout(line_end=""), Layout(line_end="\r\n"), Layout(line_end="", delimiters=PIPES)]


def lay(text, layout=Layout()):  # noqa: B008 - frozen
    return b"".join(laid_out(text if isinstance(text, bytes) else text.encode("latin-1"), layout))


def said(payload):
    """What a payload says, whatever its delimiters and line ends."""
    for event in read(payload):
        if isinstance(event, TransactionSet):
            marks = event.delimiters
            swap = {ord(mark): at for at, mark in enumerate((marks.component, marks.repetition or ""), 0xE000) if mark}
            yield [[value.translate(swap) for value in segment] for segment in event.segments]
        elif isinstance(event, Interchange):
            yield event.isa[:11] + event.isa[12:16]
        elif isinstance(event, FunctionalGroup):
            yield event.gs
        elif isinstance(event, GroupEnd | InterchangeEnd):
            yield [finding.kind for finding in event.findings]


def test_a_segment_stands_on_each_line():
    lines = lay(order()).decode().splitlines()
    assert lines[0].endswith("*T*>~")
    assert lines[2:4] == ["ST*850*0001~", "BEG*00*SA*4711**20260301~"]


def test_everything_stands_on_one_line():
    assert lay(in_bytes(order(), line_end="\r\n"), Layout(line_end="")) == order().encode()


def test_lines_are_cut_at_a_width():
    lines = lay(order(), Layout(line_end="", width=80)).split(b"\n")
    assert {len(line) for line in lines[:-2]} == {80}
    assert b"".join(lines) == order().encode()


def test_delimiters_are_changed_in_every_place_they_stand():
    text = interchange(group(order_set().replace("PO1*1*", "REF*DP*042**ZZ>1~PO1*1*").replace("SE*7", "SE*8")))
    assert b"'REF|DP|042||ZZ^1'" in lay(text, LAYOUTS[3])
    assert lay(lay(text, LAYOUTS[3]), Layout(line_end="", delimiters=Delimiters())) == text.encode()


def test_the_repetition_separator_is_changed_with_isa11():
    text = interchange(group(order_set(), release="005010"), version="00501", repetition="^")
    told = lay(text, Layout(line_end="", delimiters=Delimiters("|", ">", "'", "!")))
    assert b"|!|00501|" in told
    assert read(told)[0].delimiters.repetition == "!"


def test_a_delimiter_that_stands_in_the_data_is_refused_with_its_place():
    with pytest.raises(WrongInput, match=r"850 0001: '\|' stands in the data"):
        lay(order().replace("DOCK ISAAC", "DOCK | 4"), LAYOUTS[3])


def test_mistakes_stay_as_they_are():
    wrong = order().replace("SE*7*0001", "SE*99*0002").replace("BEG*00*", "BEG*QQ**~~").replace("GE*1", "GE*5")
    assert lay(wrong, Layout(line_end="")) == wrong.encode()


def test_a_missing_terminator_is_not_added():
    assert lay(order()[:-1], Layout(line_end="")) == order()[:-1].encode()


@pytest.mark.parametrize("layout", LAYOUTS[:3])
def test_no_line_end_makes_a_component_separator_of_a_terminator(layout):
    without_isa16 = isa(marks="|^'")[:-1].encode() + b"ISA*00*'\r\nGS|PO|A|B|20260301|1405|7|X|004010'\r\n"
    once = lay(without_isa16, layout)
    assert lay(once, layout) == once


def test_what_stands_outside_interchanges_is_passed_on():
    assert lay("From: somebody\r\n" + order(), Layout(line_end="")).startswith(b"From: somebody")
    assert lay(b"hello\n\xff", Layout()) == b"hello\n\xff"


def test_binary_data_is_not_changed():
    binary = isa() + "GS*PO*A*B*20260301*1405*7*X*004010~ST*841*0001~BIN*5*a~b*c~SE*3*0001~GE*1*7~IEA*1*000000101~"
    with pytest.raises(WrongInput, match="binary data"):
        lay(binary, LAYOUTS[3])


def test_widths_and_line_ends_do_not_go_together():
    with pytest.raises(WrongInput):
        lay(order(), Layout(width=80))


@given(any_payload, st.sampled_from(LAYOUTS[:3]))
def test_any_payload_can_be_laid_out_and_then_stays_as_it_is(payload, layout):
    once = lay(payload, layout)
    assert lay(once, layout) == once


def test_every_sample_says_the_same_in_every_layout(samples):
    for path in sorted(samples.glob("*.edi")):
        payload = path.read_bytes()
        for layout in LAYOUTS[:3]:
            assert list(said(lay(payload, layout))) == list(said(payload)), (path.name, layout)
