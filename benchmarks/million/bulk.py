"""Rows into a database as fast as it takes them: COPY on PostgreSQL, prepared inserts without syncs on SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

import psycopg
import sqlalchemy as sa

from edi_gateway.operations.gather_counts import gather_counts
from edi_gateway.store.database import Database
from edi_gateway.store.statistics import refresh_statistics
from edi_gateway.store.tables import metadata
from edi_gateway.store.types import Exact, Instant

Row = tuple[Any, ...]
TABLES = [table.name for table in metadata.sorted_tables]  # whatever is pointed at comes first


class Bulk(Protocol):
    """Takes rows of a table; ``columns`` names what their values are."""

    def put(self, table: str, columns: tuple[str, ...], rows: list[Row]) -> None: ...


@contextmanager
def bulk(store: Database) -> Iterator[Bulk]:
    """Indexes are taken away while it lasts and made again at its end; then the database looks at what it holds."""
    indexes = [index for table in metadata.sorted_tables for index in table.indexes]
    with store.engine.begin() as connection:
        for index in indexes:
            index.drop(connection)
    with _sqlite(store) if store.is_sqlite else _postgres(store) as taking:
        yield taking
    for index in indexes:
        with store.engine.begin() as connection:
            index.create(connection)
    gather_counts(store)  # as the jobs of a gateway that runs do
    refresh_statistics(store)
    if not store.is_sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


@contextmanager
def _sqlite(store: Database) -> Iterator[Bulk]:
    connection = sqlite3.connect(store.engine.url.database or "", isolation_level=None)
    for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    yield _Sqlite(connection)
    connection.execute("COMMIT")
    connection.close()


@contextmanager
def _postgres(store: Database) -> Iterator[Bulk]:
    plain = store.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        yield _Postgres(connection)
        for table in metadata.sorted_tables:
            if "id" in table.c and table.c.id.autoincrement is True:
                name = table.name
                after = f"(SELECT coalesce(max(id), 0) + 1 FROM {name})"
                connection.execute(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {after}, false)".encode())


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, table: str, columns: tuple[str, ...], rows: list[Row]) -> None:
        kept = [_for_sqlite(metadata.tables[table].c[name].type) for name in columns]
        changed = [(at, change) for at, change in enumerate(kept) if change]
        if changed:
            rows = [_with(row, changed) for row in rows]
        names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        self._connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)


class _Postgres:
    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection

    def put(self, table: str, columns: tuple[str, ...], rows: list[Row]) -> None:
        names = ", ".join(f'"{name}"' for name in columns)
        with self._connection.cursor().copy(f'COPY "{table}" ({names}) FROM STDIN'.encode()) as copy:
            for row in rows:
                copy.write_row(row)


def _with(row: Row, changed: list[tuple[int, Callable[[Any], Any]]]) -> Row:
    values = list(row)
    for at, change in changed:
        if values[at] is not None:
            values[at] = change(values[at])
    return tuple(values)


def _for_sqlite(type_: sa.types.TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """How SQLite keeps a value of that type, as the store writes it."""
    if isinstance(type_, Instant):
        return _moment
    return _scaled if isinstance(type_, Exact) else None


def _moment(value: datetime) -> str:
    return value.replace(tzinfo=None).isoformat(" ", "microseconds")


def _scaled(value: Decimal) -> int:
    return int(value * 1_000_000)
