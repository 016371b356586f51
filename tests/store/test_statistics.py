"""What the database knows of its tables is renewed where it does not do so by itself."""

from __future__ import annotations

import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.statistics import refresh_statistics
from edi_gateway.store.tables import control_counter


def _counters(store: Database, count: int) -> None:
    with store.engine.begin() as connection:
        connection.execute(control_counter.insert(), [{"scope": f"scope {each}", "n": each} for each in range(count)])


def _rows_known(store: Database) -> int:
    """How many rows the database believes the table of counters has."""
    query = (
        "SELECT CAST(stat AS INTEGER) FROM sqlite_stat1 WHERE tbl = 'control_counter'"
        if store.is_sqlite
        else "SELECT CAST(reltuples AS INTEGER) FROM pg_class WHERE relname = 'control_counter'"
    )
    with store.reading() as connection:
        return int(connection.execute(sa.text(query)).scalar_one())


def test_the_database_looks_again_at_what_grew(store: Database) -> None:
    _counters(store, 1500)
    if not store.is_sqlite:
        _until_counted(store)
    assert refresh_statistics(store) >= 1
    assert 1200 < _rows_known(store) < 2000  # it estimates


def test_postgres_is_left_alone_where_it_looked_by_itself(store: Database) -> None:
    _counters(store, 20)
    looked = refresh_statistics(store)
    assert looked >= 1 if store.is_sqlite else looked == 0


def _until_counted(store: Database) -> None:
    """PostgreSQL's own count of changes is written when a session has been idle; asked for, it is written now."""
    with store.engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_stat_force_next_flush()")
        connection.commit()
    store.engine.dispose()
