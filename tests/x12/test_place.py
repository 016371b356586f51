"""Places as EDI people write them."""

from __future__ import annotations

import pytest

from edi_gateway.errors import WrongInput
from edi_gateway.x12.place import SegmentRef, parse

PLACES = (
    *("BEG03", "N104", "PO101", "REF*DP", "PO1*UP", "PO1*", "SDQ03*", "PID*F/05", "N1*ST/N301", "HL*S/HL*O/REF*BM"),
    *("REF04-2", "TD5**2", "MEA*PD*G", "PER03*TE", "CTP**RTL/03", "N9/MSG01", "N1*ST", "HL*S", "REF*DP/04-2"),
)


@pytest.mark.parametrize(
    "text",
    PLACES,
)
def test_a_place_is_written_as_it_was_read(text: str) -> None:
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    ("text", "element"), [("BEG03", 3), ("REF*DP", 2), ("TD5**2", 3), ("MEA*PD*G", 3), ("PID*F/05", 5), ("HL*S", 4)]
)
def test_a_value_is_the_element_named_or_the_one_after_the_last_qualifier(text: str, element: int) -> None:
    assert parse(text).value_element == element


def test_a_level_is_known_by_its_third_element() -> None:
    assert parse("HL*S").segment == SegmentRef("HL", ((3, ("S",)),))


def test_pairs_begin_where_the_segment_has_them_or_where_it_is_said() -> None:
    assert (parse("PO1*UP").pairs_from, parse("LIN*UP").pairs_from, parse("PER03*TE").pairs_from) == (6, 2, 3)


@pytest.mark.parametrize(
    "text", ["", "BEG", "05", "beg03", "REF9", "BEG03/N1", "/BEG03", "PO1*UP*IN", "N1*ST//N104", "TOOLONG01"]
)
def test_what_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(WrongInput):
        _ = parse(text).value_element


def test_a_segment_reference_knows_its_segments() -> None:
    ship_to = parse("N1*ST").segment

    assert ship_to.holds(["N1", "ST", "STORE"])
    assert not ship_to.holds(["N1", "BT"])
    assert not ship_to.holds(["N1"])
    assert not ship_to.holds(["N2", "ST"])
    assert SegmentRef("DTM", ((2, ()),)).holds(["DTM", "010", "20260105"])
    assert not SegmentRef("DTM", ((2, ()),)).holds(["DTM", "010", ""])
