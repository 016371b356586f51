"""The protocol scp spoke before OpenSSH 9, and speaks still with ``-O``: one file after the other, in the room of one account.

It is there for partners whose scripts call an old ``scp``. It asks for nothing a file transfer session does not give and goes
through the very same doors: ``open``, write, ``complete``. There are no folders in it, no wildcards, and no command is run.

The receiving side answers each message with 0, or with 1 and a line that says why not.
"""

from __future__ import annotations

import os
import posixpath
import re
import shlex
import stat
import threading
from contextlib import suppress
from typing import NamedTuple

import paramiko

from edi_gateway.transports.mailbox.handles import Handle
from edi_gateway.transports.mailbox.refused import Refused, failed, unsupported
from edi_gateway.transports.mailbox.session import Session

_CHUNK = 32_768
_LONGEST_LINE = 1024
_FILE = re.compile(r"C[0-7]{4,5} (\d{1,15}) ([^/]+)")
_WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
_OK, _NO = b"\0", b"\1"


class Asked(NamedTuple):
    """What an old scp wants: to give us files (``takes``), or to get those at ``paths``."""

    takes: bool
    paths: tuple[str, ...]


def read_command(command: bytes) -> Asked | None:
    """The command an old scp has run on the other side, ``scp -t PATH`` or ``scp -f PATH``; None for anything else."""
    try:
        words = shlex.split(command.decode())
    except (UnicodeDecodeError, ValueError):
        return None
    flags = {flag for word in words[1:] if word.startswith("-") and word != "--" for flag in word[1:]}
    paths = tuple(word for word in words[1:] if not word.startswith("-"))
    if words[:1] != ["scp"] or not flags <= set("tfpdvq") or len(flags & set("tf")) != 1 or not paths:
        return None
    takes = "t" in flags
    return Asked(takes, paths) if not takes or len(paths) == 1 else None


class OldScp(threading.Thread):
    """Serves one such command over one channel, in a thread of its own."""

    def __init__(self, channel: paramiko.Channel, session: Session, asked: Asked) -> None:
        super().__init__(name="mailbox scp", daemon=True)
        self._channel, self._session, self._asked = channel, session, asked
        self._open_file: Handle | None = None

    def run(self) -> None:
        """Serves until the client has no more; what is not complete by then is not kept."""
        status = 1
        try:
            self._channel.settimeout(self._session.visit.house.limits.idle_seconds)
            status = self._take() if self._asked.takes else self._give()
        except (EOFError, OSError, paramiko.SSHException):
            status = 1
        finally:
            if self._open_file is not None:
                self._open_file.close()
            self._session.end()
            with suppress(OSError, EOFError, paramiko.SSHException):
                self._channel.send_exit_status(status)
                self._channel.close()

    # -- files that are given to us ----------------------------------------------------------------

    def _take(self) -> int:
        failures = 0
        self._send(_OK)
        while (line := self._line()) is not None:
            try:
                if not line.startswith("T"):  # a time, which we do not keep
                    self._take_file(line)
            except (Refused, OSError) as error:
                if self._channel.closed:
                    raise
                failures += 1
                self._refuse(error)
            else:
                self._send(_OK)
        return 1 if failures else 0

    def _take_file(self, line: str) -> None:
        found = _FILE.fullmatch(line)
        if found is None:
            raise unsupported("Files are taken one by one, no folders")
        handle = self._open_file = self._session.open(self._path_for(found[2]), _WRITE, paramiko.SFTPAttributes())
        self._send(_OK)
        refused = self._fill(handle, int(found[1]))
        if self._read(1) != _OK:
            raise failed("The file was broken off")
        if refused is not None:
            raise refused
        handle.complete()

    def _fill(self, handle: Handle, size: int) -> Refused | OSError | None:
        """Reads all bytes, which are on their way whatever we say; the first refusal of one is returned."""
        refused: Refused | OSError | None = None
        offset = 0
        while offset < size:
            chunk = self._read(min(_CHUNK, size - offset))
            try:
                if refused is None:
                    handle.write(offset, chunk)
            except (Refused, OSError) as error:
                refused = error
            offset += len(chunk)
        return refused

    def _path_for(self, name: str) -> str:
        path = self._asked.paths[0]
        try:
            is_folder = stat.S_ISDIR(self._session.stat(path).st_mode or 0)
        except (Refused, OSError):
            is_folder = False
        return posixpath.join(path, name) if is_folder else path

    # -- files that are taken from us --------------------------------------------------------------

    def _give(self) -> int:
        failures = 0
        self._agreed()
        for path in self._asked.paths:
            try:
                self._give_file(path)
            except Refused as error:
                failures += 1
                self._refuse(error)
        return 1 if failures else 0

    def _give_file(self, path: str) -> None:
        try:
            handle = self._open_file = self._session.open(path, os.O_RDONLY, paramiko.SFTPAttributes())
            size = handle.stat().st_size or 0
        except OSError as error:
            raise failed("No such file") from error
        self._send(f"C0600 {size} {posixpath.basename(path)}\n".encode())
        self._agreed()
        offset = 0
        while offset < size:
            chunk = handle.read(offset, min(_CHUNK, size - offset))
            if not isinstance(chunk, bytes) or not chunk:
                raise EOFError("the file has become shorter")
            self._send(chunk)
            offset += len(chunk)
        self._send(_OK)
        self._agreed()
        handle.complete()

    # -- the wire ------------------------------------------------------------------------------------

    def _agreed(self) -> None:
        if self._read(1) != _OK:
            raise EOFError("the client gave up")

    def _refuse(self, error: Refused | OSError) -> None:
        if self._open_file is not None:
            self._open_file.close()
        self._send(_NO + f"scp: {self._session.refusal(error).words}\n".encode())

    def _send(self, data: bytes) -> None:
        self._channel.sendall(data)

    def _line(self) -> str | None:
        """A message without its line end; None when there are no more."""
        line = b""
        while not line.endswith(b"\n"):
            block = self._channel.recv(1)
            if not block and not line:
                return None
            if not block or len(line) >= _LONGEST_LINE:
                raise EOFError("a message without an end")
            line += block
        self._session.visit.touch()
        return line[:-1].decode(errors="replace")

    def _read(self, size: int) -> bytes:
        block = b""
        while len(block) < size:
            more = self._channel.recv(size - len(block))
            if not more:
                raise EOFError("the connection was closed")
            block += more
        self._session.visit.touch()
        return block
