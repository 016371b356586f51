"""A remote file as a stream: a window of requests ahead, every byte accounted for, errors in our words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

import paramiko

from edi_gateway.errors import TryAgain
from edi_gateway.transports.sftp.explain import FOREIGN, explain

_REQUEST = 32_768  # bytes; the most every server must answer
_WINDOW = 32  # requests asked for at once: 1 MiB, which fills a line of 100 Mbit/s at 80 ms


def read_remote(opened: paramiko.SFTPFile, size: int, where: str) -> BinaryIO:
    """The stream over an open remote file of ``size`` bytes; ``where`` names it in messages. Closing it closes the file."""
    return cast(BinaryIO, io.BufferedReader(RemoteReader(opened, size, where), 1 << 18))


class RemoteReader(io.RawIOBase):
    """Reads ``size`` bytes of an open remote file and fails when there are fewer or more.

    ``readv`` asks for a bounded window; prefetching a whole file would leave a thread behind when a reader stops early.
    """

    def __init__(self, remote: paramiko.SFTPFile, size: int, where: str) -> None:
        self._remote, self._size, self._where = remote, size, where
        self._asked_to = 0
        self._blocks: Iterator[bytes] = iter(())
        self._block = b""
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills what it can of ``buffer``; 0 at the end of the file."""
        try:
            self._block = self._block or self._next_block()
        except FOREIGN as error:
            raise explain(error, "fetch the file", self._where) from error
        taken = min(len(buffer), len(self._block))
        buffer[:taken] = self._block[:taken]
        self._block = self._block[taken:]
        self._given += taken
        return taken

    def close(self) -> None:
        if not self.closed:
            self._remote.close()
        super().close()

    def _next_block(self) -> bytes:
        if self._given == self._size:
            return self._nothing_after()
        block = next(self._blocks, None)
        if block is None:
            self._blocks = self._next_window()
            block = next(self._blocks)
        if not block:
            raise TryAgain(f"the file ended after {self._given} of {self._size} bytes", where=self._where)
        return block

    def _next_window(self) -> Iterator[bytes]:
        start, end = self._asked_to, min(self._size, self._asked_to + _WINDOW * _REQUEST)
        self._asked_to = end
        return iter(self._remote.readv([(at, min(_REQUEST, end - at)) for at in range(start, end, _REQUEST)]))

    def _nothing_after(self) -> bytes:
        self._remote.seek(self._size)
        if self._remote.read(1):
            raise TryAgain(f"the file has grown beyond the {self._size} bytes it had", where=self._where)
        return b""
