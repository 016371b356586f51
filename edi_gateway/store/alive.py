"""That a run of the engine is alive, said to the others on PostgreSQL, and what the others say.

One connection, held for as long as the engine runs, carries both: an advisory lock of the run's number and one that all engines
share, which go when the process does, and a LISTEN for lanes that other processes woke. A connection that breaks is made again at
once; whether the run was taken for dead meanwhile is for the engine to look up.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import psycopg

from edi_gateway import log
from edi_gateway.store.runs import ALIVE, AT_WORK

CHANNEL = "edi_gateway_lanes"
_LOOK_SECONDS = 0.2  # how soon a stop is seen
_AGAIN_SECONDS = 0.3
_PREPARE = (
    # a machine that is gone without a word is noticed by both sides in about ten seconds
    "SET tcp_keepalives_idle = 4; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3;"
    f"SET lock_timeout = '2s'; LISTEN {CHANNEL}"
)
_KEEPALIVE = {"keepalives_idle": 4, "keepalives_interval": 2, "keepalives_count": 3, "connect_timeout": 5}

_log = log.logger(__name__)


class Alive:
    """Holds a run's lock and hears its calls on a thread of its own, from when it is made until ``close``."""

    def __init__(self, where: tuple[Sequence[Any], Any], run: int, heard: Callable[[tuple[str, ...]], None]) -> None:
        self._where, self._run, self._heard = where, run, heard
        self._closing = threading.Event()
        self._connection: psycopg.Connection[Any] | None = self._connect()
        self._thread = threading.Thread(target=self._listen, name="calls of other engines", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends it; the others see that the run is no more."""
        self._closing.set()
        self._thread.join()
        if self._connection is not None:
            self._connection.close()

    def _connect(self) -> psycopg.Connection[Any]:
        arguments, options = self._where
        connection = psycopg.connect(*arguments, autocommit=True, **{**_KEEPALIVE, **options})
        try:
            connection.execute(_PREPARE)
            connection.execute("SELECT pg_advisory_lock_shared(%s)", (AT_WORK,))
            connection.execute("SELECT pg_advisory_lock(%s, %s)", (ALIVE, self._run))
        except BaseException:
            connection.close()
            raise
        return connection

    def _listen(self) -> None:
        while not self._closing.is_set():
            try:
                if self._connection is None:
                    self._connection = self._connect()
                    _log.info("the connection that says this engine is alive is back", run=self._run)
                self._hear(self._connection)
            except psycopg.Error as error:
                self._lose(error)
                self._closing.wait(_AGAIN_SECONDS)

    def _hear(self, connection: psycopg.Connection[Any]) -> None:
        for call in connection.notifies(timeout=_LOOK_SECONDS):
            said_by, _, lane = call.payload.partition(" ")
            if said_by != str(self._run):
                self._heard((lane,))
            if self._closing.is_set():
                return

    def _lose(self, error: psycopg.Error) -> None:
        if self._connection is not None:
            _log.warning(
                "the connection that says this engine is alive broke", run=self._run, error=str(error).partition("\n")[0]
            )
            with suppress(psycopg.Error):
                self._connection.close()
            self._connection = None
