"""Connections that PostgreSQL closed: nobody is told of those that were idle, and nobody is told twice."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from edi_gateway.errors import TryAgain
from edi_gateway.store import postgres
from edi_gateway.store.database import Database
from edi_gateway.store.prepared import rows_by
from edi_gateway.store.tables import event_chain


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


def test_one_that_was_idle_is_asked_first_and_nobody_is_told(on_postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    look(on_postgres)
    cut(on_postgres)
    monkeypatch.setattr(postgres, "IDLE_SECONDS", 0.0)
    look(on_postgres)


def test_of_those_in_use_just_now_one_is_told_and_the_others_are_new(on_postgres: Database) -> None:
    with on_postgres.read(), on_postgres.read(), on_postgres.read():
        pass  # three connections
    cut(on_postgres)
    with pytest.raises(TryAgain, match="the database did not answer"):
        look(on_postgres)
    for _ in range(3):
        look(on_postgres)


def test_a_statement_that_stands_tells_of_it_too(on_postgres: Database) -> None:
    for _ in range(3):
        look(on_postgres)
    cut(on_postgres)
    with pytest.raises(TryAgain):
        look(on_postgres)
    look(on_postgres)
