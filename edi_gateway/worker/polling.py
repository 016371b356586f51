"""Looking into a connection: whether what failed was the connection.

One that cannot be looked at three times in a row is out of order, as one that cannot be sent over. A file that cannot be had
while others can says nothing about the connection.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from edi_gateway.errors import GatewayError
from edi_gateway.transports.base import RemoteFile, Source
from edi_gateway.worker.schedule import Partly


def poll(source: Source, collect: Callable[[Source], int]) -> int:
    """Collects; returns how many payloads came. Raises Partly where some came and some could not be had."""
    counted = _Counted(source)
    try:
        return collect(counted)
    except GatewayError as error:
        if counted.finished:
            raise Partly(str(error)) from error
        raise


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
