"""Whatever stands in a set, a map answers with a document or a problem that names a place; never with anything else."""

from __future__ import annotations

import threading
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from map_scenes import BASE, a_set, around, library

from edi_gateway.documents.order import Order
from edi_gateway.mapping.errors import MapProblem
from edi_gateway.x12.envelope import Segment

PIECES = {
    "850": "BEG*00*SA*77**20260105 CUR*BY*USD REF*DP*042 N9*L1*X MSG*HELLO N1*ST*A*92*1 N3*B N4*C PO1*1*5*EA*2**UP*1 PID*F****X "
    "SDQ*EA*92*1*5 SLN*1**I SAC*C*D240***500 CTP**RTL*5 SCH*5*EA***010*20260105 CTT*1 AMT*TT*5",
    "855": "BAK*00*AD*77*20260105*****20260105 REF*DP*042 N1*ST*A*92*1 PO1*1*5*EA*2**UP*1 "
    "ACK*IA*5*EA*068*20260105 DTM*002*20260105",
    "856": "BSN*00*S1*20260105*1200 HL*1**S TD1*CTN25*1 DTM*011*20260105 HL*2*1*O PRF*77 HL*3*2*P MAN*GM*00112345678000000011 "
    "HL*4*3*I LIN*1*UP*5 SN1**5*EA HL*5*2*T HL*6*5*Q PID*F****X CTT*4",
    "810": "BIG*20260105*1**77 N1*ST*A*92*1 IT1*1*5*EA*2**UP*1 SAC*A*D240***5 TXI*ST*5 TDS*500 CAD*M***RDWY*X**BM*1 CTT*1",
    "820": "BPR*C*5*C*ACH TRN*1*5 N1*PR*A ENT*1 ADX*-5*01*CM*1 REF*CM*1 DTM*003*20260105 RMR*IV*1*PI*5 REF*PO*1 NM1*BW*1*X IT1*1",
    "860": "BCH*04*SA*77**1*20260105*****20260106 REF*DP*042 N1*ST*A*92*1 POC*1*QI*5*5*EA*2**UP*1 PID*F****X SLN*1**I N9*L1*X "
    "MSG*HELLO CTT*1",
    "865": "BCA*00*AT*77**1*20260105 DTM*010*20260105 N1*ST*A POC*1*QI*5*5*EA*2**UP*1 ACK*IA*5*EA*068*20260105 TD5**2*RDWY CTT*1",
    "846": "BIA*00*SI*1*20260105 N1*SU*A LIN*1*UP*5 PID*F****X QTY*33*5*EA SCH*1*EA*WH*X*018*20260105 "
    "LS*REF REF*WS*1*5 LE*REF UIT*EA*5",
    "824": "BGN*11*1*20260105*1200 N1*SU*A OTI*TR*IV*1****1*0001*810 REF*PO*5 DTM*011*20260105 TED*024*BAD*IT1*5 NTE*LIN*X "
    "AMT*1*5",
    "812": "BCD*20260105*1*C*5*C**7 CUR*BY*USD N9*IV*1 N1*RE*A CDD*01*C*1*5 LIN**UP*5 SAC*A*D240***5 N11*1*2 AMT*1*5 SHD*1",
    "864": "BMG*00*X DTM*011*20260105 N1*SU*A MIT*1*X N1*ST*B MSG*HELLO MSG*THERE",
}
values = st.sampled_from(["", " ", "0", "5", "-5", "X", "ST", "20260105", "99999999", "UP", "²", "é", "00112345678000000011"])


@st.composite
def mixed(draw: st.DrawFn, code: str) -> list[Segment]:
    """The usual segments of a set in any number and order, some with elements changed, cut or added."""
    pieces = [piece.split("*") for piece in PIECES[code].split(" ")]
    segments = draw(st.lists(st.sampled_from(pieces), max_size=14))
    if draw(st.booleans()):
        segments = [pieces[0], *segments]
    changed = []
    for segment in segments:
        copy = list(segment)
        if draw(st.integers(0, 4)) == 0 and len(copy) > 1:
            at = draw(st.integers(1, len(copy) - 1))
            copy[at:] = draw(st.lists(values, max_size=4)) if draw(st.booleans()) else [draw(values), *copy[at + 1 :]]
        changed.append(copy)
    return changed


def problem_of(code: str, segments: list[Segment]) -> MapProblem | None:
    try:
        library().reading(BASE[code]).read(around(code, segments))
    except MapProblem as problem:
        return problem
    return None


@pytest.mark.parametrize("code", BASE)
def test_any_segments_make_a_document_or_a_problem_with_a_place(code: str) -> None:
    @settings(max_examples=100, deadline=None)
    @given(segments=mixed(code))
    def holds(segments: list[Segment]) -> None:
        problem = problem_of(code, segments)
        assert problem is None or problem.place

    holds()


@pytest.mark.parametrize("code", BASE)
def test_every_element_with_data_is_in_the_document_or_its_segment_is_kept(code: str) -> None:
    """But for qualifiers, levels and counts, which say nothing beside what they stand with."""

    @settings(max_examples=100, deadline=None)
    @given(segments=mixed(code))
    def holds(segments: list[Segment]) -> None:
        if problem_of(code, segments):
            return
        reading = library().reading(BASE[code])
        kept = {extra.position for extra in reading.read(around(code, segments)).extras}  # type: ignore[attr-defined]
        for one in reading.unread(around(code, segments)):
            assert one.position in kept, one

    holds()


def test_two_threads_that_explain_at_once_do_not_mix_their_problems() -> None:
    reading = library().reading("850-order")
    told: dict[str, set[str | None]] = {"A1": set(), "B2": set()}

    def explain(value: str) -> None:
        for _ in range(30):
            with pytest.raises(MapProblem) as caught:
                reading.read(a_set(f"ST*850*1~BEG*00*SA*77**20260105~PO1*1*{value}*EA~"))
            told[value].add(caught.value.value)

    threads = [threading.Thread(target=explain, args=(value,)) for value in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == {"A1": {"A1"}, "B2": {"B2"}}


def test_an_order_of_many_lines_is_read_to_the_last() -> None:
    lines = "".join(f"PO1*{number}*{number}*EA~PID*F****ITEM {number}~" for number in range(1, 2001))

    order = library().reading("850-order").read(a_set("ST*850*1~BEG*00*SA*77**20260105~" + lines))

    assert isinstance(order, Order)
    assert sum(line.quantity for line in order.lines) == Decimal(2001000)
