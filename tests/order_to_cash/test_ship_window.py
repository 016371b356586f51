from __future__ import annotations

from datetime import date

from trade import dated, order

from edi_gateway.order_to_cash.window import ShipWindow, ship_window

FIRST, SECOND, THIRD = date(2026, 1, 12), date(2026, 1, 16), date(2026, 1, 20)


def test_not_before_and_cancel_after_make_the_window() -> None:
    assert ship_window(order(dates=dated(q037=FIRST, q001=SECOND))) == ShipWindow(FIRST, SECOND)


def test_of_several_last_days_the_strictest_holds() -> None:
    assert ship_window(order(dates=dated(q001=THIRD, q038=SECOND))).not_after == SECOND


def test_a_requested_ship_date_closes_the_window_only_where_no_last_day_is_stated() -> None:
    assert ship_window(order(dates=dated(q010=FIRST))).not_after == FIRST
    assert ship_window(order(dates=dated(q010=FIRST, q001=THIRD))).not_after == THIRD


def test_an_order_without_dates_may_ship_any_day() -> None:
    window = ship_window(order())
    assert window.holds(date.min)
    assert window.holds(date.max)


def test_both_ends_of_the_window_are_inside() -> None:
    window = ShipWindow(FIRST, SECOND)
    assert window.holds(FIRST)
    assert window.holds(SECOND)
    assert not window.holds(THIRD)
