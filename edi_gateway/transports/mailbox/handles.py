"""Open files of a session: an upload that only counts when it is closed whole, a download that knows when all was read."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING

import paramiko

from edi_gateway.transports.mailbox.accounts import Account
from edi_gateway.transports.mailbox.coverage import Coverage
from edi_gateway.transports.mailbox.limits import Limits
from edi_gateway.transports.mailbox.quota import Meter
from edi_gateway.transports.mailbox.refused import DONE, Refused, Status, denied, failed, unsupported
from edi_gateway.transports.mailbox.room import Place, Room, attributes

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer


class Handle(paramiko.SFTPHandle):
    """An open file. ``complete`` is the client's CLOSE; ``close`` is what happens to handles left over, and keeps nothing."""

    def __init__(self, fd: int) -> None:
        super().__init__()
        self._fd = fd

    def complete(self) -> Status:
        """The client has closed it."""
        self.close()
        return DONE

    def stat(self) -> paramiko.SFTPAttributes:
        return attributes(os.fstat(self._fd))

    def chattr(self, attr: paramiko.SFTPAttributes) -> int:
        """Takes note of times and rights, which stay ours."""
        if attr.st_size is not None:
            raise unsupported("This file is open for reading")
        return DONE

    def sync(self) -> Status:
        """Makes what was written so far durable."""
        os.fsync(self._fd)
        return DONE

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


class Download(Handle):
    """A file being read; ``on_whole`` is called when it is closed after every byte was asked for and given."""

    def __init__(self, fd: int, limits: Limits, on_whole: Callable[[], None]) -> None:
        super().__init__(fd)
        self._limits, self._on_whole = limits, on_whole
        self._size = os.fstat(fd).st_size
        self._given = Coverage()

    def read(self, offset: int, length: int) -> bytes:
        if offset >= self._size:
            return b""
        data = os.pread(self._fd, min(length, self._limits.read), offset)
        self._given.add(offset, offset + len(data))
        return data

    def complete(self) -> Status:
        self.close()
        if self._given.is_whole(self._size):
            self._on_whole()
        return DONE


class Upload(Handle):
    """A file being written, out of sight; ``on_kept`` is told its place, its attributes and whether it is a new document."""

    def __init__(
        self,
        room: Room,
        place: Place,
        account: Account,
        meter: Meter,
        limits: Limits,
        on_kept: Callable[[Place, os.stat_result, bool], None],
    ) -> None:
        self._name, fd = room.new_upload()
        super().__init__(fd)
        self._room, self._place, self._account, self._meter, self._limits = room, place, account, meter, limits
        self._on_kept = on_kept
        self._written = Coverage()
        self._spoiled = False
        try:
            meter.start(account, self._name, room.stored)
        except BaseException:
            self.close()
            raise

    def write(self, offset: int, data: Buffer) -> Status:
        """Takes bytes; once any were refused the upload cannot come to a good end, whatever the client does next."""
        try:
            return self._write(offset, data)
        except (Refused, OSError):
            self._spoiled = True
            raise

    def _write(self, offset: int, data: Buffer) -> Status:
        left = memoryview(data)
        end = offset + len(left)
        if end > self._limits.file:
            raise failed(f"A file may have {self._limits.file} bytes")
        if not self._written.add(offset, end):
            raise failed("The file is written in too many separate pieces")
        self._meter.grow(self._account, self._name, end, self._room.stored)
        while left:
            left = left[os.pwrite(self._fd, left, end - len(left)) :]
        return DONE

    def read(self, offset: int, length: int) -> bytes:
        raise denied("A file is not read while it is being written")

    def chattr(self, attr: paramiko.SFTPAttributes) -> int:
        """Takes a size no larger than what was written (scp sends one); rights and times are ours."""
        if attr.st_size is not None:
            if attr.st_size > self._written.end:
                raise unsupported("A file is as long as what was written to it")
            os.ftruncate(self._fd, attr.st_size)
            self._written.cut(attr.st_size)
        return DONE

    def complete(self) -> Status:
        size = self._written.end
        try:
            if self._spoiled or not self._written.is_whole(size):
                raise failed("Parts of the file are missing; nothing was kept")
            os.fsync(self._fd)
            found = os.fstat(self._fd)  # before the name exists: from then on the gateway may take the file away at any moment
            is_new = self._room.keep_upload(self._name, self._place)
        finally:
            self.close()
        self._meter.end(self._name, size)
        self._on_kept(self._place, found, is_new)
        return DONE

    def close(self) -> None:
        if self._fd < 0:
            return
        super().close()
        self._meter.end(self._name)
        try:
            self._room.drop_upload(self._name)
        except FileNotFoundError:
            return
