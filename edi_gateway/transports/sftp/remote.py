"""Small questions to an SFTP server, and an upload that is checked; foreign errors pass through."""

from __future__ import annotations

import errno
import hashlib
import posixpath
from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import BinaryIO

import paramiko

from edi_gateway.files import Content, digest
from edi_gateway.transports.sftp.reader import read_remote

_CHUNK = 32_768  # bytes a write request; the most every server must take
_WORTH_RESUMING = 1 << 20  # bytes that lie there already; fewer are sent again sooner than compared
_CAREFUL_CHUNKS = 8  # answers awaited one by one at first, so that a refusal comes in the server's own words


def size_of(sftp: paramiko.SFTPClient, path: str) -> int | None:
    """How many bytes lie under ``path``; None when nothing does."""
    there = lying_at(sftp, path)
    return (there.st_size or 0) if there else None


def lying_at(sftp: paramiko.SFTPClient, path: str) -> paramiko.SFTPAttributes | None:
    """What the server says of what lies under ``path``; None when nothing does."""
    try:
        return sftp.stat(path)
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
    with sftp.open(path, mode) as there:
        return _write(there, payload, 0, hashlib.sha256())


def resume(sftp: paramiko.SFTPClient, path: str, payload: BinaryIO, least: int = _WORTH_RESUMING) -> Content | None:
    """Writes what is missing of a payload under ``path``, where a try before left its beginning; see ``upload``.

    None, and the payload at its beginning, where nothing, fewer than ``least`` bytes or something else lies there. It is read
    back and compared: a file of the same name need not be the same file.
    """
    left = size_of(sftp, path)
    if left is None or left < least or not payload.seekable():
        return None
    seen = hashlib.sha256()
    with read_remote(sftp, path, left, path) as held:
        for block in iter(partial(held.read, 1 << 18), b""):
            seen.update(block)
            if payload.read(len(block)) != block:
                payload.seek(0)
                return None
    with sftp.open(path, "r+b") as there:
        there.seek(left)
        return _write(there, payload, left, seen)


def _write(there: paramiko.SFTPFile, payload: BinaryIO, size: int, seen: hashlib._Hash) -> Content:
    for number in count():
        chunk = payload.read(_CHUNK)
        if not chunk:
            break
        there.set_pipelined(number >= _CAREFUL_CHUNKS)
        there.write(chunk)
        size += len(chunk)
        seen.update(chunk)
    return Content(size, seen.hexdigest())


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
