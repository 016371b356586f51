"""Days and places that stand at a line, where most buyers say them of the whole order."""

from __future__ import annotations

from desk import Desk
from partner_says import northwind, order

from edi_gateway.x12.envelope import Segment


def with_line(*more: Segment, without: str = "") -> list[Segment]:
    """PO-1, its one line followed by these segments, and without those of a kind in its header."""
    asked = [segment for segment in order("PO-1") if segment[0] != without]
    return [*asked[:-1], *more, asked[-1]]


def test_an_order_whose_line_was_to_leave_by_last_week_is_held(desk: Desk) -> None:
    desk.drop(northwind(1, with_line(["DTM", "001", "20261110"])))
    (why,) = desk.held()
    assert "the last day to ship was 2026-11-10" in why
    assert desk.codes() == ["997"]


def test_a_line_whose_window_is_told_in_one_segment_has_it(desk: Desk) -> None:
    """After the last day of the order (2026-11-30), by a window of its own."""
    desk.drop(northwind(1, with_line(["SCH", "48", "EA", "", "", "037", "20261205", "", "038", "20261215"])))
    assert desk.held() == []


def test_an_order_whose_last_days_are_told_as_a_period_is_held(desk: Desk) -> None:
    desk.drop(northwind(1, with_line(["DTM", "002", "", "", "", "RD8", "20261101-20261105"], without="DTM")))
    (why,) = desk.held()
    assert "DTM*002****RD8*20261101-20261105" in why


def test_a_day_that_stands_in_both_places_of_its_segment_is_read(desk: Desk) -> None:
    desk.drop(northwind(1, with_line(["DTM", "001", "20261130", "", "", "D8", "20261130"], without="DTM")))
    assert desk.held() == []


def test_an_order_that_names_its_place_by_two_lists_goes_to_one_place(desk: Desk) -> None:
    desk.drop(northwind(1, with_line(["N1", "ST", "NORTHWIND STORES DC 0610", "UL", "0614141000012"])))
    assert desk.held() == []


def test_an_order_of_which_a_line_goes_elsewhere_is_held_before_anybody_is_told_of_it(desk: Desk) -> None:
    elsewhere = [["N1", "ST", "STORE 0620", "92", "0620"], ["N3", "1 ELM"], ["N4", "FARGO", "ND", "58102", "US"]]
    desk.drop(northwind(1, with_line(*elsewhere)))
    (why,) = desk.held()
    assert "line 001 goes to 0620, the order to 0610" in why
    assert desk.codes() == ["997"]
