"""A store of each kind and a movable clock, beside the fixtures of desks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import NOON, new_postgres, new_sqlite
from desk_fixtures import any_desk, desk, make_desk, profiles

from edi_gateway.clock import MovableClock
from edi_gateway.store.database import Database

__all__ = ["any_desk", "desk", "make_desk", "profiles"]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(NOON)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: MovableClock) -> Iterator[Database]:
    url = new_sqlite(tmp_path) if request.param == "sqlite" else new_postgres(request.getfixturevalue("postgres_url"))
    database = Database(url, clock, tmp_path / "payloads")
    yield database
    database.close()
