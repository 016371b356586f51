"""What our sessions on PostgreSQL wait for, and for how long."""

from __future__ import annotations

import pytest

from edi_gateway.errors import TryAgain
from edi_gateway.store import flows
from edi_gateway.store.database import Database
from edi_gateway.store.lanes import Lease
from edi_gateway.store.postgres import is_held_too_long, patient
from edi_gateway.store.prepared import new_rows
from edi_gateway.store.tables import lane

LIMITS = ("lock_timeout", "idle_in_transaction_session_timeout")


def test_a_migration_waits_as_long_as_it_takes_and_nobody_else_does(on_postgres: Database) -> None:
    def limits() -> list[str]:
        return [str(connection.exec_driver_sql(f"SHOW {each}").scalar()) for each in LIMITS]

    with on_postgres.engine.connect() as connection:
        before = limits()
        with patient(connection):
            meanwhile = limits()
        assert (before, meanwhile, limits()) == (["5s", "1min"], ["0", "0"], ["5s", "1min"])


def test_a_row_that_somebody_holds_too_long_is_told_apart_from_a_database_that_is_gone(on_postgres: Database) -> None:
    with on_postgres.write() as unit:
        unit.connection.execute(new_rows(lane), {"id": "erp:x", "dirty": 0})
        leases = [Lease("erp:x", unit.runs.begin()) for _ in range(2)]
    with on_postgres.write() as holder, pytest.raises(TryAgain) as told:
        holder.lanes.take(leases[0])
        with on_postgres.write() as unit:
            unit.connection._connection.exec_driver_sql("SET LOCAL lock_timeout = '10ms'")  # the usual seconds are for others
            assert not unit.lanes.take(leases[1]), "it waits for nobody"
            unit.lanes.is_free(leases[1])
    assert is_held_too_long(told.value)
    assert not is_held_too_long(TryAgain("the database did not answer"))


def test_no_index_of_states_serves_the_move_of_a_flow(on_postgres: Database) -> None:
    """Where statistics are young PostgreSQL took it, and went through the dead rows of all that had been in that state."""
    said = flows._MOVED.compile(on_postgres.engine, column_keys=["tries"])
    given = {"this": 1, "at": "apply", "being": "ready", "tries": 0}
    with on_postgres.engine.connect() as connection:
        connection.exec_driver_sql("ALTER TABLE flow DROP CONSTRAINT pk_flow CASCADE")  # the index that has to serve
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        plan = "\n".join(str(row[0]) for row in connection.exec_driver_sql(f"EXPLAIN {said}", given))
        connection.rollback()
    assert "Seq Scan on flow" in plan, plan
