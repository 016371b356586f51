"""The circuit breaker of a connection that is polled: what sending has, for collecting.

A connection that cannot be looked at three times in a row is out of order: that is told, and until it answers again it is looked
at every few minutes at most. A file that cannot be had while others can says nothing about the connection.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from edi_gateway.errors import GatewayError
from edi_gateway.store.database import Database
from edi_gateway.transports.base import RemoteFile, Source
from edi_gateway.worker import breaker

POLL = "poll:"


def poll(store: Database, connection: str, source: Source, collect: Callable[[Source], int]) -> int:
    """Collects, unless the connection is out of order and no probe is due; returns how many payloads came."""
    lane = f"{POLL}{connection}"
    with store.read() as unit:
        was = unit.breakers.of(lane)
    if was is not None and was.is_open(store.clock.now()):
        return 0
    counted = _Counted(source)
    try:
        received = collect(counted)
    except GatewayError as error:
        if not counted.finished:
            with store.write() as unit:
                breaker.failed(unit, lane, str(error), store.clock.now())
        raise
    if was is not None:
        with store.write() as unit:
            breaker.worked(unit, lane)
    return received


class _Counted:
    """A Source that counts what was brought home."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.finished = 0

    def look(self) -> list[RemoteFile]:
        return self._source.look()

    def claim(self, file: RemoteFile) -> RemoteFile | None:
        return self._source.claim(file)

    def fetch(self, file: RemoteFile) -> BinaryIO:
        return self._source.fetch(file)

    def finish(self, file: RemoteFile) -> None:
        self._source.finish(file)
        self.finished += 1

    def close(self) -> None:
        self._source.close()
