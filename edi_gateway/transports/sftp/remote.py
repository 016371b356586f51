"""Small questions to an SFTP server, and an upload that is checked; foreign errors pass through."""

from __future__ import annotations

import errno
import hashlib
import posixpath
from collections.abc import Iterator
from itertools import count
from typing import BinaryIO

import paramiko

from edi_gateway.files import Content, digest
from edi_gateway.transports.sftp.reader import read_remote

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
    with read_remote(sftp, path, size, path) as held:
        return digest(held)


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
    for target in _names(folder, name):
        if size_of(sftp, source) is None:
            return
        if size_of(sftp, target) is not None:
            continue
        try:
            sftp.rename(source, target)
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


def _names(folder: str, name: str) -> Iterator[str]:
    yield posixpath.join(folder, name)
    stem, suffix = posixpath.splitext(name)
    for number in count(2):
        yield posixpath.join(folder, f"{stem}-{number}{suffix}")
