"""Brings a database's schema up to the one this version needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from edi_gateway.errors import TryAgain, WrongInput
from edi_gateway.store.database import Database
from edi_gateway.store.postgres import patient
from edi_gateway.store.tables import metadata


def migrate(database: Database) -> None:
    """Runs what migrations are missing; one process at a time.

    Raises WrongInput for what is no database, and for one of a newer version or from before the first schema; TryAgain for one
    that does not answer.
    """
    with _open(database) as connection, _alone(connection) if connection.dialect.name == "postgresql" else nullcontext():
        settings = config()
        settings.attributes["connection"] = connection
        if not _is_current(MigrationContext.configure(connection), ScriptDirectory.from_config(settings)):
            command.upgrade(settings, "head")
            connection.commit()


@contextmanager
def _alone(connection: sa.Connection) -> Iterator[None]:
    """Waits until no other process migrates, and nobody reads what is to be changed, however long that takes."""
    with patient(connection):
        connection.exec_driver_sql("SELECT pg_advisory_lock(8500)")
        connection.commit()
        yield
        connection.exec_driver_sql("SELECT pg_advisory_unlock(8500)")
        connection.commit()


def _open(database: Database) -> sa.Connection:
    """A connection to a database that was perhaps never opened before: a wrong name or a dead server shows here."""
    try:
        return database.engine.connect()
    except sa.exc.OperationalError as error:
        do = "see that it runs and may be written, and that EDI_GATEWAY_DATABASE names it"
        raise TryAgain(f"the database did not answer: {_first_line(error)}", where=database.where, do=do) from error
    except sa.exc.DatabaseError as error:
        raise WrongInput(
            _first_line(error), where=database.where, do="name a database, or restore a backup of this one"
        ) from error


def _first_line(error: sa.exc.DBAPIError) -> str:
    return str(error.orig).partition("\n")[0]


def differences(database: Database) -> list[object]:
    """What the schema there is lacks or has too much, compared with ``tables``; empty when they are equal."""
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": _is_other_type, "target_metadata": metadata})
        return list(compare_metadata(context, metadata))


def config() -> Config:
    """Where the migrations are."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.set_main_option("path_separator", "os")
    return settings


def _is_other_type(context: MigrationContext, _is: Any, _should: Any, is_type: Any, should_type: Any) -> bool | None:
    """How long a text may be makes no difference on SQLite, which keeps no limits; None: as usual."""
    is_text = isinstance(is_type, sa.String) and isinstance(should_type, sa.String)
    return False if is_text and context.dialect.name == "sqlite" else None


def _is_current(context: MigrationContext, scripts: ScriptDirectory) -> bool:
    """Whether no migration is missing, as nearly always. Raises WrongInput for a database that none leads on from."""
    there = set(context.get_current_heads())
    if there == set(scripts.get_heads()):
        return True
    known = {script.revision for script in scripts.walk_revisions()}
    if unknown := sorted(there - known):
        raise _too_old(unknown[0]) if unknown[0] < min(known) else _too_new(unknown)
    return False


def _too_new(schema: list[str]) -> WrongInput:
    return WrongInput(
        f"the database was made by a newer version (schema {', '.join(schema)})",
        do="run that version, or restore a backup from before",
    )


def _too_old(schema: str) -> WrongInput:
    return WrongInput(
        f"the database was made before the first release (schema {schema}), and nothing leads from there to this version",
        do="begin with a new database; what the old one holds is read by the version that made it",
    )
