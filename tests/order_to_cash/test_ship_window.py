from __future__ import annotations

from datetime import date

from trade import d, dated, line, order

from edi_gateway.documents.order import ScheduledQuantity
from edi_gateway.order_to_cash.window import ShipWindow, line_windows, ship_window

FIRST, SECOND, THIRD = date(2026, 1, 12), date(2026, 1, 16), date(2026, 1, 20)


def test_not_before_and_cancel_after_make_the_window() -> None:
    assert ship_window(order(dates=dated(q037=FIRST, q001=SECOND))) == ShipWindow(FIRST, SECOND)


def test_of_several_last_days_the_strictest_holds() -> None:
    assert ship_window(order(dates=dated(q001=THIRD, q038=SECOND))).not_after == SECOND


def test_a_requested_ship_date_closes_the_window_only_where_no_last_day_is_stated() -> None:
    assert ship_window(order(dates=dated(q010=FIRST))).not_after == FIRST
    assert ship_window(order(dates=dated(q010=FIRST, q001=THIRD))).not_after == THIRD


def test_of_a_line_that_is_wanted_in_parts_the_window_holds_every_day() -> None:
    parts = [ScheduledQuantity(quantity=d(5), unit="EA", qualifier="002", date=day) for day in (SECOND, THIRD, FIRST)]
    asked = order(line(schedule=tuple(parts)), dates=dated(q010=FIRST))
    assert [window for _, window in line_windows(asked)] == [ShipWindow(None, THIRD)]
    assert ship_window(asked, line(schedule=tuple(parts), dates=dated(q002=SECOND))).not_after == SECOND


def test_a_part_of_a_line_may_name_its_first_and_its_last_day() -> None:
    part = ScheduledQuantity(quantity=d(10), unit="EA", qualifier="037", date=SECOND, second_qualifier="038", second_date=THIRD)
    asked = order(line(schedule=(part,)), dates=dated(q037=FIRST, q001=FIRST))
    assert [window for _, window in line_windows(asked)] == [ShipWindow(SECOND, THIRD)]


def test_an_order_without_dates_may_ship_any_day() -> None:
    window = ship_window(order())
    assert window.holds(date.min)
    assert window.holds(date.max)


def test_both_ends_of_the_window_are_inside() -> None:
    window = ShipWindow(FIRST, SECOND)
    assert window.holds(FIRST)
    assert window.holds(SECOND)
    assert not window.holds(THIRD)


def test_a_line_that_names_days_has_a_window_of_its_own() -> None:
    late = line("002", dates=dated(q037=SECOND, q001=THIRD))
    asked = order(line("001"), late, dates=dated(q037=FIRST, q001=SECOND))
    assert [window for _, window in line_windows(asked)] == [ShipWindow(FIRST, SECOND), ShipWindow(SECOND, THIRD)]


def test_what_a_line_leaves_open_is_as_the_order_says() -> None:
    asked = order(dates=dated(q037=FIRST, q001=THIRD))
    assert ship_window(asked, line(dates=dated(q001=SECOND))) == ShipWindow(FIRST, SECOND)
    assert ship_window(asked, line(dates=dated(q010=SECOND))) == ShipWindow(FIRST, THIRD)


def test_a_day_that_a_line_asks_for_is_inside_of_its_window() -> None:
    asked = order(dates=dated(q037=SECOND, q001=SECOND))
    assert ship_window(asked, line(dates=dated(q118=FIRST, q010=THIRD))) == ShipWindow(FIRST, THIRD)
