"""Small questions to an SFTP server, and an upload that is checked; foreign errors pass through."""

from __future__ import annotations

import errno
import hashlib
import posixpath
from itertools import count
from typing import BinaryIO

import paramiko

from edi_gateway.transports.files import Content, digest
from edi_gateway.transports.sftp.reader import RemoteReader

_CHUNK = 32_768  # bytes a write request; the most every server must take
_CAREFUL_CHUNKS = 8  # answers awaited one by one at first, so that a refusal comes in the server's own words


def size_of(sftp: paramiko.SFTPClient, path: str) -> int | None:
    """How many bytes lie under ``path``; None when nothing does."""
    try:
        return sftp.stat(path).st_size or 0
    except OSError as error:
        if error.errno == errno.ENOENT:
            return None
        raise


def content_of(sftp: paramiko.SFTPClient, path: str, size: int) -> Content:
    """What lies under ``path``, read back."""
    with RemoteReader(sftp.open(path, "rb"), size, path) as remote:
        return digest(remote)


def upload(sftp: paramiko.SFTPClient, path: str, mode: str, payload: BinaryIO) -> Content:
    """Writes a payload under ``path``. What the server made of the close is unknown afterwards: compare the size."""
    size, seen = 0, hashlib.sha256()
    with sftp.open(path, mode) as remote:
        for number in count():
            chunk = payload.read(_CHUNK)
            if not chunk:
                return Content(size, seen.hexdigest())
            remote.set_pipelined(number >= _CAREFUL_CHUNKS)
            remote.write(chunk)
            size += len(chunk)
            seen.update(chunk)
    raise AssertionError("count() never ends")


def move_aside(sftp: paramiko.SFTPClient, source: str, folder: str, name: str) -> None:
    """Moves a file into ``folder`` under ``name``, or ``name-2`` … when that is taken; harmless when already moved."""
    stem, dot, suffix = name.rpartition(".")
    for number in count(1):
        if size_of(sftp, source) is None:
            return None
        other = f"{stem}-{number}{dot}{suffix}" if stem else f"{name}-{number}"
        target = posixpath.join(folder, name if number == 1 else other)
        if size_of(sftp, target) is not None:
            continue
        try:
            return sftp.rename(source, target)
        except OSError:
            if size_of(sftp, target) is None and size_of(sftp, source) is not None:
                raise


def remove(sftp: paramiko.SFTPClient, path: str) -> None:
    """Removes a file; one that is not there is fine."""
    try:
        sftp.remove(path)
    except OSError as error:
        if error.errno != errno.ENOENT:
            raise
