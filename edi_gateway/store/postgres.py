"""Connections to PostgreSQL: which are asked whether they still work; and what it cannot keep and SQLite can, a NUL in a text."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from typing import Any

import psycopg
import sqlalchemy as sa

IDLE_SECONDS = 5.0
"""A connection that was used since is taken to work: to ask each time is one answer in four that a short question waits for."""
LOCK_SECONDS = 30
"""How long a transaction waits for a row that another one has: whoever has one for longer hangs, and an engine would, too."""
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
        connection.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
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


def _works(dialect: sa.Dialect, connection: Any) -> bool:
    try:
        return dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error:
        return False
