"""Connections that PostgreSQL closed: nobody is told of those that were idle, and nobody is told twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from desk import new_postgres

from edi_gateway.clock import SystemClock
from edi_gateway.errors import TryAgain
from edi_gateway.store import postgres
from edi_gateway.store.database import Database
from edi_gateway.store.prepared import rows_by
from edi_gateway.store.tables import event_chain


@pytest.fixture
def store(postgres_url: str, tmp_path: Path) -> Iterator[Database]:
    store = Database(new_postgres(postgres_url), SystemClock(), tmp_path)
    yield store
    store.close()


def look(store: Database) -> None:
    with store.read() as unit:
        unit.connection.execute(rows_by(event_chain), {})


def cut(store: Database) -> None:
    """PostgreSQL closes every connection of this database, as a restart does."""
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    there = sa.create_engine(store.engine.url)
    with there.connect() as connection:
        connection.execute(sa.text(others))
    there.dispose()


def test_one_that_was_idle_is_asked_first_and_nobody_is_told(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    look(store)
    cut(store)
    monkeypatch.setattr(postgres, "IDLE_SECONDS", 0.0)
    look(store)


def test_of_those_in_use_just_now_one_is_told_and_the_others_are_new(store: Database) -> None:
    with store.read(), store.read(), store.read():
        pass  # three connections
    cut(store)
    with pytest.raises(TryAgain, match="the database did not answer"):
        look(store)
    for _ in range(3):
        look(store)


def test_a_statement_that_stands_tells_of_it_too(store: Database) -> None:
    for _ in range(3):
        look(store)
    cut(store)
    with pytest.raises(TryAgain):
        look(store)
    look(store)
