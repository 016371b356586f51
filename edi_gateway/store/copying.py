"""A copy of the database while others write to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from edi_gateway.errors import WrongInput
from edi_gateway.store.database import Database

_PAGES = 2000  # copied at a time; writers get their turn in between


def copy_database(database: Database, to: Path) -> None:
    """Copies a SQLite database, as of one moment, to a new file. Raises WrongInput for PostgreSQL, which has its own tool."""
    if not database.is_sqlite:
        raise WrongInput("PostgreSQL is backed up by its own tool", do="see docs/how-to/backup-and-restore.md: pg_dump")
    connection = database.engine.raw_connection()
    try:
        source = connection.driver_connection
        assert isinstance(source, sqlite3.Connection)  # noqa: S101  # the engine's driver for SQLite
        with closing(sqlite3.connect(to)) as target:
            source.backup(target, pages=_PAGES, sleep=0.01)
    finally:
        connection.close()
