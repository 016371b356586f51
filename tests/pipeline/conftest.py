from __future__ import annotations

from collections.abc import Callable

import pytest
from billing_scenes import AGREED
from change_scenes import AGREED as CHANGES_AGREED
from change_scenes import Made
from desk import Desk, Profiles
from desk_fixtures import any_desk, desk, goes_on_with_it, left, make_desk, profiles, replacing
from partner_says import northwind, order

__all__ = ["any_desk", "desk", "goes_on_with_it", "left", "make_desk", "profiles", "replacing"]


@pytest.fixture
def billing(profiles: Profiles, make_desk: Callable[..., Desk]) -> Callable[[str], Desk]:
    """A desk on which Northwind's invoices are made as the words say; one order of it was taken up."""

    def begin(words: str) -> Desk:
        said = AGREED.replace("awaits", f"billing: {words}\n    awaits")
        profiles.replace("northwind", AGREED, said)
        desk = make_desk()
        desk.drop(northwind(1, order("PO-1")))
        desk.later(minutes=10)
        desk.erps.clear()  # from here on it is told by hand what leaves and is billed
        return desk

    return begin


@pytest.fixture
def made(profiles: Profiles, make_desk: Made) -> Made:
    """A gateway whose Northwind changes its orders; ``more`` are lines of its profile."""
    profiles.replace("northwind", "agreements:\n", f"agreements:\n{CHANGES_AGREED.strip(chr(10))}\n")

    def make(more: str = "") -> Desk:
        if more:
            profiles.add("northwind", more)
        return make_desk()

    return make
