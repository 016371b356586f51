"""A partner's SFTP server without a thread or a socket: what paramiko's client offers and we use, over a local folder.

Each request is a point. A request may fail before it reaches the server, or after the server did it; then the connection is gone.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import paramiko
from crash.points import Points
from paramiko.sftp import CMD_DATA, CMD_STATUS, SFTP_EOF, int64

from edi_gateway.transports.sftp import wire


@contextmanager
def in_place_of_servers(points: Points, root: Path) -> Iterator[None]:
    """Connections made inside the block lead to ``root``."""

    def dial(_config: object) -> _Line:
        return points.passes("network", "connect", _Line)

    def shake_hands(_config: object, line: _Line, *_: object) -> _Line:
        return line

    def log_in(*_: object) -> str:
        return points.passes("network", "log in", lambda: "key")

    def start_sftp(_config: object, line: _Line) -> Client:
        return Client(points, line, root)

    with ExitStack() as patched:
        for step in (dial, shake_hands, log_in, start_sftp):
            patched.enter_context(mock.patch.object(wire, step.__name__, step))
        yield


class _Line:
    """A connection that is there until something breaks it."""

    local_cipher = remote_cipher = "aes256-gcm@openssh.com"
    local_mac = remote_mac = "hmac-sha2-256"

    def __init__(self) -> None:
        self._open = True

    def is_active(self) -> bool:
        return self._open

    def close(self) -> None:
        self._open = False


class Client:
    """An SFTP session."""

    def __init__(self, points: Points, line: _Line, root: Path) -> None:
        self._points, self._line, self._root = points, line, root
        self._asked: list[tuple[Any, int, bytes, int, int]] = []
        self._numbers = count()

    def listdir_attr(self, path: str) -> list[paramiko.SFTPAttributes]:
        def listed() -> list[paramiko.SFTPAttributes]:
            return [paramiko.SFTPAttributes.from_stat(os.lstat(each), each.name) for each in sorted(self._at(path).iterdir())]

        return self._ask(f"list {path}", listed)

    def stat(self, path: str) -> paramiko.SFTPAttributes:
        return self._ask(f"stat {path}", lambda: paramiko.SFTPAttributes.from_stat(os.stat(self._at(path))))

    def rename(self, path: str, target: str) -> None:
        def renamed() -> None:
            if self._at(target).exists():
                raise OSError(errno.EEXIST, "Failure")
            self._at(path).rename(self._at(target))

        self._ask(f"rename {path} {target}", renamed)

    def remove(self, path: str) -> None:
        self._ask(f"remove {path}", self._at(path).unlink)

    def open(self, path: str, mode: str) -> _Remote:
        flags = mode if mode.startswith("r") else f"{mode}+"
        return self._ask(f"open {path} {mode}", lambda: _Remote(self, path, open(self._at(path), flags.replace("wx", "x"))))

    def _ask(self, what: str, answer: Any, *args: Any) -> Any:
        if not self._line.is_active():
            raise EOFError
        try:
            return self._points.passes("network", what, self._quietly, answer, *args)
        except (EOFError, ConnectionError, TimeoutError):
            self._line.close()
            raise

    def _quietly(self, answer: Any, *args: Any) -> Any:
        with self._points.quietly():  # the server's files are not ours
            return answer(*args)

    def _at(self, path: str) -> Path:
        return self._root / path.lstrip("/")

    # -- reading ahead, as edi_gateway.transports.sftp.reader does it by paramiko's own means ------

    def _async_request(self, whose: Any, _command: int, handle: bytes, offset: int64, length: int) -> int:
        number = next(self._numbers)
        self._asked.append((whose, number, handle, int(offset), length))
        return number

    def _read_response(self) -> None:
        whose, number, handle, offset, length = self._asked.pop(0)
        block = self._ask("read", lambda: self._block(handle, offset, length))
        message = paramiko.Message()
        if block:
            message.add_string(block)
        else:
            message.add_int(SFTP_EOF)
        message.rewind()
        whose._async_response(CMD_DATA if block else CMD_STATUS, message, number)

    def _block(self, handle: bytes, offset: int, length: int) -> bytes:
        with open(self._at(handle.decode()), "rb") as file:
            file.seek(offset)
            return file.read(length)

    def _convert_status(self, _message: paramiko.Message) -> None:
        raise EOFError


class _Remote:
    """An open file over there."""

    def __init__(self, client: Client, path: str, file: Any) -> None:
        self._client, self._path, self._file = client, path, file
        self.handle = path.encode()

    def set_pipelined(self, _on: bool) -> None: ...

    def write(self, block: bytes) -> None:
        self._client._ask(f"write {self._path}", self._written, block)

    def _written(self, block: bytes) -> None:
        self._file.write(block)
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> _Remote:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
