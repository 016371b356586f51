"""A store of each kind and a movable clock, beside the fixtures of desks."""

from __future__ import annotations

import pytest
from desk import NOON
from desk_fixtures import any_desk, desk, make_desk, profiles, store

from edi_gateway.clock import MovableClock

__all__ = ["any_desk", "desk", "make_desk", "profiles", "store"]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOON)
