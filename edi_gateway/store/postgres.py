"""Connections to PostgreSQL: which are asked whether they still work; and what it cannot keep and SQLite can, a NUL in a text."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
import sqlalchemy as sa

IDLE_SECONDS = 5.0
"""A connection that was used since is taken to work: to ask each time is one answer in four that a short question waits for."""
_AS_USUAL = (
    # whoever has a row locked for longer hangs, and an engine that waited for it would, too
    "SET lock_timeout = '5s';"
    # the locks of a process that hangs are let go, and of a machine that is gone without a word
    "SET idle_in_transaction_session_timeout = '60s';"
    "SET tcp_keepalives_idle = 4; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3"
)
_PATIENT = "SET {0} lock_timeout = 0; SET {0} idle_in_transaction_session_timeout = 0"
_MOST_PREPARED = 1000  # statements that stand; the driver's own hundred are fewer than a document passes

_INSTEAD = "?"  # stands in every character set of X12: what is kept may be said to a partner again


class Cursor(psycopg.Cursor[Any]):
    """A cursor to which a text may hold NUL, as anything from outside may: it is written down as a question mark.

    The driver refuses such a text before it sends anything, so the same can be said once more; no other statement is slower.
    """

    def execute(self, query: Any, params: Any = None, **how: Any) -> Any:
        try:
            return super().execute(query, params, **how)
        except psycopg.DataError as error:
            if error.sqlstate is not None or params is None:  # the server refused it
                raise
            return super().execute(query, _without_nul(params), **how)

    def executemany(self, query: Any, params_seq: Iterable[Any], **how: Any) -> None:
        """Of several at once some may be with the server before one is refused: each is looked at first."""
        super().executemany(query, (_without_nul(params) for params in params_seq), **how)


def _without_nul(given: Any) -> Any:
    if isinstance(given, str):
        return given.replace("\0", _INSTEAD)
    if isinstance(given, Mapping):
        return {name: _without_nul(value) for name, value in given.items()}
    return [_without_nul(value) for value in given] if isinstance(given, list | tuple) else given


def engine(url: sa.URL) -> sa.Engine:
    """Connections of this process, the one used last first; one that was idle is asked whether it works before it is used."""
    made = sa.create_engine(url, connect_args={"cursor_factory": Cursor}, pool_size=16, max_overflow=16, pool_use_lifo=True)

    def connected(connection: Any, _record: Any) -> None:
        connection.prepared_max = _MOST_PREPARED
        connection.execute(_AS_USUAL)
        connection.commit()

    def came_back(_connection: Any, record: Any) -> None:
        record.info["idle since"] = time.monotonic()

    def goes_out(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get("idle since")
        if since is not None and time.monotonic() - since > IDLE_SECONDS and not _works(made.dialect, connection):
            raise sa.exc.DisconnectionError("it was closed while nobody used it")  # the pool makes another one

    sa.event.listen(made, "connect", connected)
    sa.event.listen(made, "checkin", came_back)
    sa.event.listen(made, "checkout", goes_out)
    return made


def wait_patiently(connection: sa.Connection) -> None:
    """This transaction waits for whoever is at work already, as long as it takes, and may itself stand for as long."""
    connection.exec_driver_sql(_PATIENT.format("LOCAL"))


@contextmanager
def patient(connection: sa.Connection) -> Iterator[None]:
    """The same for all transactions of a connection, for as long as it lasts."""
    connection.exec_driver_sql(_PATIENT.format("SESSION"))
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.exec_driver_sql(_AS_USUAL)
        connection.commit()


def is_held_too_long(error: BaseException) -> bool:
    """Whether somebody else had a row locked for longer than a transaction waits: at once it is no use to try again."""
    told = (getattr(each, "orig", None) for each in (error, error.__cause__))
    return any(isinstance(each, psycopg.errors.LockNotAvailable) for each in told)


def _works(dialect: sa.Dialect, connection: Any) -> bool:
    try:
        return dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error:
        return False
