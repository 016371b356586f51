"""Windows of repetitions: each level may have one of its own."""

from __future__ import annotations

from collections.abc import Callable

from desk import NORTHWIND, Desk, Profiles
from partner_says import northwind, order

Make = Callable[..., Desk]


def says(profiles: Profiles, old: str, new: str) -> None:
    profiles.replace(NORTHWIND, old, new)


def test_an_interchange_that_came_before_its_window_is_a_new_one(profiles: Profiles, make_desk: Make):
    says(profiles, "duplicates:", "duplicates:\n  interchange_window: 2d")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")), "one.edi")
    desk.later(days=3)
    desk.drop(northwind(1, order("PO-1")), "two.edi")
    assert [one.state for one in desk.interchanges()] == ["read", "read"]


def test_an_order_that_came_before_its_window_is_a_new_one(profiles: Profiles, make_desk: Make):
    says(profiles, "duplicates:", "duplicates:\n  order_window: 1h")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=2)
    desk.drop(northwind(2, order("PO-1")))
    assert desk.posted() == ["PO-1", "PO-1"]
