"""The simulated ERP's memory: an append-only file of JSON lines, on disk before an answer is given.

A process killed at any moment leaves whole lines and at most one torn one at the end; the torn one was never answered for, and
the next writer cuts it off. A lock on the file lets the server and a command beside it work on one folder, one at a time.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from edi_gateway.erp.simulator.entries import Entry
from edi_gateway.errors import NeedsPerson, TryAgain


class Journal:
    """Entries in the order they happened. Use ``read`` and ``append`` only while ``held``."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held = threading.Lock()
        self._here = threading.local()
        self._offset = 0
        self._lines = 0
        self._unforced = False  # something stands in the file that may not be on the disk
        self._failed = 0  # how often it could not be forced there
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        _sync_folder(path.parent)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else reads or writes meanwhile, in this process or another."""
        with self._held:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._file, fcntl.LOCK_UN)

    def read(self) -> list[Entry]:
        """What was written since the last ``read`` or ``append``, by whomever. Raises NeedsPerson for a line that is no entry."""
        size = os.fstat(self._file).st_size
        if size == self._offset:
            self._make_sure()
            return []
        self._unforced = True  # whoever wrote it may have been killed before it was forced
        written = self._bytes_from(self._offset, size)
        whole, _, torn = written.rpartition(b"\n")
        if torn:
            os.ftruncate(self._file, size - len(torn))
        self._make_sure()
        if not whole:
            return []
        entries = [self._entry(line, self._lines + number) for number, line in enumerate(whole.split(b"\n"), start=1)]
        self._offset += len(whole) + 1
        self._lines += len(entries)
        return entries

    def append(self, entries: Sequence[Entry]) -> None:
        """Puts entries on disk. Raises TryAgain when they cannot be; then none of them counts as answered for."""
        text = b"".join(msgspec.json.encode(entry) + b"\n" for entry in entries)
        try:
            written = os.write(self._file, text)
        except OSError as error:
            raise self._unwritten(error) from error
        if written != len(text):
            raise TryAgain("the disk is full", where=str(self._path), do="make room")
        self._unforced = True
        self._make_sure()
        self._offset += written
        self._lines += len(entries)

    @contextmanager
    def forced_once(self) -> Iterator[None]:
        """What this thread appends within it is forced to the disk at its end, with whatever stands before it in the file.

        A process killed meanwhile loses nothing of it; a machine that loses its power may. Raises TryAgain where it cannot be.
        """
        self._here.forces_once, failed = True, self._failed
        try:
            yield
        finally:
            self._here.forces_once = False
        with self.held():
            self._make_sure()
        if self._failed != failed:  # the system tells each failure once, to whoever forces first
            raise TryAgain("could not be forced to the disk", where=str(self._path))

    def close(self) -> None:
        """Lets the file go."""
        os.close(self._file)

    def _make_sure(self) -> None:
        if not self._unforced or getattr(self._here, "forces_once", False):
            return
        try:
            os.fsync(self._file)
            self._unforced = False
        except OSError as error:
            self._failed += 1
            raise self._unwritten(error) from error

    def _unwritten(self, error: OSError) -> TryAgain:
        return TryAgain(f"cannot be written: {error.strerror}", where=str(self._path))

    def _bytes_from(self, offset: int, end: int) -> bytes:
        pieces = []
        while offset < end and (piece := os.pread(self._file, end - offset, offset)):
            pieces.append(piece)
            offset += len(piece)
        return b"".join(pieces)

    def _entry(self, line: bytes, number: int) -> Entry:
        try:
            return msgspec.json.decode(line, type=Entry)  # type: ignore[no-any-return]  # msgspec types no unions
        except msgspec.DecodeError as error:
            raise NeedsPerson(
                f"is no journal entry: {error}",
                where=f"{self._path}:{number}",
                do="restore the file from a copy, or move it away to begin anew",
            ) from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
