"""A store of each kind, empty and migrated."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import new_postgres, new_sqlite

from edi_gateway.clock import MovableClock
from edi_gateway.store.database import Database


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: MovableClock) -> Iterator[Database]:
    url = new_sqlite(tmp_path) if request.param == "sqlite" else new_postgres(request.getfixturevalue("postgres_url"))
    database = Database(url, clock, tmp_path / "payloads")
    yield database
    database.close()
