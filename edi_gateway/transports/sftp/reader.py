"""A remote file as a stream: several requests under way at once, every byte accounted for, errors in our words."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable
from typing import Any, BinaryIO, NamedTuple, cast

import paramiko
from paramiko.sftp import CMD_DATA, CMD_READ, int64

from edi_gateway.errors import GatewayError, TryAgain
from edi_gateway.transports.sftp.explain import FOREIGN, explain

_REQUEST = 32_768  # bytes; the most every server must answer
_AHEAD = 32  # requests under way: 1 MiB, which fills a line of 100 Mbit/s at 80 ms

_BUFFER = 1 << 18
_MOST_RESUMED = 3  # times a file; then it is begun anew at the next look


class _Asked(NamedTuple):
    number: int
    offset: int
    length: int


def read_remote(sftp: paramiko.SFTPClient, path: str, size: int, where: str) -> BinaryIO:
    """Opens the remote file ``path`` of ``size`` bytes as a stream; ``where`` names it in messages. Raises OSError."""
    return cast(BinaryIO, io.BufferedReader(RemoteReader(sftp, sftp.open(path, "rb"), size, where), _BUFFER))


def read_resuming(open_at: Callable[[int], RemoteReader]) -> BinaryIO:
    """A stream that goes on where it was when the connection breaks; ``open_at`` opens the file at an offset, on a new one."""
    return cast(BinaryIO, io.BufferedReader(_Resuming(open_at), _BUFFER))


class _Resuming(io.RawIOBase):
    """Opens the file anew, a few times at most, when reading it was ended by a broken connection."""

    def __init__(self, open_at: Callable[[int], RemoteReader]) -> None:
        self._open_at = open_at
        self._given = self._resumed = 0
        self._reader = open_at(0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        """Fills what it can of ``buffer``; 0 at the end of the file."""
        try:
            taken = self._reader.readinto(buffer)
        except TryAgain as error:
            if error.__cause__ is None or self._resumed >= _MOST_RESUMED:  # without a cause, the file is not as it was announced
                raise
            self._resume(error)
            return self.readinto(buffer)
        self._given += taken
        return taken

    def close(self) -> None:
        if not self.closed:
            self._reader.close()
        super().close()

    def _resume(self, error: TryAgain) -> None:
        self._resumed += 1
        try:
            self._reader = self._open_at(self._given)
        except GatewayError:
            raise error from error.__cause__


class RemoteReader(io.RawIOBase):
    """Reads an open remote file and fails when it has fewer or more than ``size`` bytes.

    paramiko's own reading ahead runs in a thread that prints a traceback when the line breaks, and that never ends when a
    reader stops early. So this asks ahead itself, by the two methods paramiko's read-ahead is made of.
    """

    def __init__(self, sftp: paramiko.SFTPClient, remote: paramiko.SFTPFile, size: int, where: str, start: int = 0) -> None:
        self._sftp: Any = sftp  # its stubs leave out _async_request and _read_response
        self._remote, self._size, self._where = remote, size, where
        self._next = start
        self._asked: deque[_Asked] = deque()
        self._answers: dict[int, bytes | Exception] = {}
        self._block = b""

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
        return taken

    def close(self) -> None:
        if not self.closed:
            self._remote.close()
        super().close()

    def _next_block(self) -> bytes:
        """The next bytes of the file; the last answer must be that there are no more."""
        self._ask_ahead()
        if not self._asked:
            return b""
        asked = self._asked.popleft()
        block = self._answer(asked)
        if asked.offset >= self._size:
            if block:
                raise TryAgain(f"the file has grown beyond the {self._size} bytes it had", where=self._where)
        elif len(block) < asked.length:
            raise TryAgain(f"the file ended after {asked.offset + len(block)} of {self._size} bytes", where=self._where)
        return block

    def _ask_ahead(self) -> None:
        while len(self._asked) < _AHEAD and self._next <= self._size:
            length = min(_REQUEST, self._size - self._next) or 1
            number = self._sftp._async_request(self, CMD_READ, self._remote.handle, int64(self._next), length)
            self._asked.append(_Asked(number, self._next, length))
            self._next += length

    def _answer(self, asked: _Asked) -> bytes:
        """What came back for one request; what a server held back of it is asked for again."""
        while asked.number not in self._answers:
            self._sftp._read_response()
        answer = self._answers.pop(asked.number)
        if isinstance(answer, EOFError):
            return b""
        if isinstance(answer, Exception):
            raise answer
        if 0 < len(answer) < asked.length:
            self._remote.seek(asked.offset + len(answer))
            answer += self._remote.read(asked.length - len(answer))
        return answer

    def _async_response(self, kind: int, message: paramiko.Message, number: int) -> None:
        """Called by paramiko's client for each answer to a request of ours, in whatever order they come."""
        try:
            if kind != CMD_DATA:
                self._sftp._convert_status(message)
                raise paramiko.SFTPError("a read was answered with success and no data")
            self._answers[number] = message.get_binary()
        except FOREIGN as error:
            self._answers[number] = error
