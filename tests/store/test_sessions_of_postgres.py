"""What our sessions on PostgreSQL wait for, and for how long."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import new_postgres

from edi_gateway.clock import MovableClock
from edi_gateway.errors import TryAgain
from edi_gateway.store.database import Database
from edi_gateway.store.lanes import Lease
from edi_gateway.store.postgres import is_held_too_long, patient
from edi_gateway.store.prepared import new_rows
from edi_gateway.store.tables import lane

LIMITS = ("lock_timeout", "idle_in_transaction_session_timeout")


@pytest.fixture
def store(postgres_url: str, tmp_path: Path) -> Iterator[Database]:
    database = Database(new_postgres(postgres_url), MovableClock(), tmp_path)
    yield database
    database.close()


def test_a_migration_waits_as_long_as_it_takes_and_nobody_else_does(store: Database) -> None:
    def limits() -> list[str]:
        return [str(connection.exec_driver_sql(f"SHOW {each}").scalar()) for each in LIMITS]

    with store.engine.connect() as connection:
        before = limits()
        with patient(connection):
            meanwhile = limits()
        assert (before, meanwhile, limits()) == (["5s", "1min"], ["0", "0"], ["5s", "1min"])


def test_a_row_that_somebody_holds_too_long_is_told_apart_from_a_database_that_is_gone(store: Database) -> None:
    with store.write() as unit:
        unit.connection.execute(new_rows(lane), {"id": "erp:x", "dirty": 0})
    with store.write() as holder, pytest.raises(TryAgain) as told:
        holder.lanes.take(Lease("erp:x", 1))
        with store.write() as unit:
            unit.connection._connection.exec_driver_sql("SET LOCAL lock_timeout = '10ms'")  # the usual seconds are for others
            unit.lanes.take(Lease("erp:x", 2))
    assert is_held_too_long(told.value)
    assert not is_held_too_long(TryAgain("the database did not answer"))
