"""The SFTP protocol under a session: paramiko's server, with the answers it does not give and the ceilings it does not have.

paramiko answers CLOSE with success whatever came of it, reads as much as a client asks for, keeps handles without number, takes
requests of 16 MB, ends without an exit status, and its check-file extension never ends on a length beyond the file. That is
mended here, which means overriding methods it keeps to itself; the tests against real clients would show if they went away.
"""

from __future__ import annotations

import struct
from contextlib import suppress
from typing import Any

import paramiko
from paramiko.message import Message
from paramiko.sftp import (
    CMD_CLOSE,
    CMD_EXTENDED,
    CMD_INIT,
    CMD_OPEN,
    CMD_OPENDIR,
    CMD_VERSION,
    SFTP_BAD_MESSAGE,
    SFTP_DESC,
    SFTPError,
)

from edi_gateway.transports.mailbox.handles import Handle
from edi_gateway.transports.mailbox.refused import Refused, Status, failed, unsupported
from edi_gateway.transports.mailbox.session import Session

_VERSION = 3
_BAD_HANDLE = Status(SFTP_BAD_MESSAGE, "There is no such handle")
_PARAMIKO: Any = paramiko.SFTPServer  # its stubs leave out what has to be overridden


class Subsystem(_PARAMIKO):  # type: ignore[misc]  # see _PARAMIKO
    """Runs one session over one channel, in a thread of its own."""

    def __init__(self, channel: paramiko.Channel, door: paramiko.ServerInterface, session: Session) -> None:
        super().__init__(channel, "sftp", door, lambda _door: session)
        self.daemon = True
        self._session = session
        self._limits = session.visit.house.limits

    def start_subsystem(self, name: str, transport: paramiko.Transport, channel: paramiko.Channel) -> None:
        """Serves until the client has no more to ask; scp takes a session that ends without an exit status for a failed one."""
        super().start_subsystem(name, transport, channel)
        with suppress(OSError, paramiko.SSHException, EOFError):
            channel.send_exit_status(0)

    def finish_subsystem(self) -> None:
        """Closes what the client left open, which keeps nothing of an unfinished upload, and then the room.

        In this order: closing the channel, with which paramiko begins, may fail when the connection is gone.
        """
        try:
            for handle in self.file_table.values():
                handle.close()
            self._session.end()
        finally:
            super().finish_subsystem()

    def _process(self, kind: int, number: int, message: Message) -> None:
        self._session.visit.touch()
        try:
            self._answer(kind, number, message)
        except (Refused, OSError) as error:
            self._send_status(number, self._session.refusal(error))

    def _answer(self, kind: int, number: int, message: Message) -> None:
        if kind in (CMD_OPEN, CMD_OPENDIR) and len(self.file_table) + len(self.folder_table) >= self._limits.handles:
            raise failed(f"{self._limits.handles} files are open, which is all that may be")
        if kind == CMD_CLOSE:
            self._send_status(number, self._close(message.get_binary()))
        elif kind == CMD_EXTENDED:
            self._send_status(number, self._extended(message))
        else:
            super()._process(kind, number, message)

    def _close(self, handle: bytes) -> Status | int:
        if self.folder_table.pop(handle, None) is not None:
            return 0
        held: Handle | None = self.file_table.pop(handle, None)
        return held.complete() if held is not None else _BAD_HANDLE

    def _extended(self, message: Message) -> Status:
        match message.get_text():
            case "posix-rename@openssh.com":
                return self._session.rename(message.get_text(), message.get_text())
            case "fsync@openssh.com":
                held: Handle | None = self.file_table.get(message.get_binary())
                return held.sync() if held is not None else _BAD_HANDLE
            case _:
                raise unsupported("This extension is not offered")

    def _send_status(self, number: int, code: int, desc: str | None = None) -> None:
        words = desc or (code.words if isinstance(code, Status) else SFTP_DESC[code])
        super()._send_status(number, int(code), words)

    def _read_packet(self) -> tuple[int, bytes]:
        (size,) = struct.unpack(">I", self._read_all(4))
        if not 0 < size <= self._limits.packet:
            raise SFTPError(f"a request of {size} bytes")
        packet: bytes = self._read_all(size)
        return packet[0], packet[1:]

    def _send_server_version(self) -> int:
        kind, _ = self._read_packet()
        if kind != CMD_INIT:
            raise SFTPError("the session does not begin with INIT")
        hello = Message()
        hello.add_int(_VERSION)
        hello.add_string("fsync@openssh.com")
        hello.add_string("1")
        self._send_packet(CMD_VERSION, hello)
        return _VERSION
