"""A store of each kind, empty and migrated; one on PostgreSQL by the real clock, for what sessions there do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import new_postgres
from desk_fixtures import store

from edi_gateway.clock import MovableClock, SystemClock
from edi_gateway.store.database import Database

__all__ = ["store"]


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def on_postgres(postgres_url: str, tmp_path: Path) -> Iterator[Database]:
    database = Database(new_postgres(postgres_url), SystemClock(), tmp_path)
    yield database
    database.close()
