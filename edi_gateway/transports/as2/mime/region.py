"""A stretch of a buffer: parts of a message refer to where they stand, and nothing is copied."""

from __future__ import annotations

from io import BufferedReader, RawIOBase
from mmap import mmap
from typing import Any, BinaryIO, NamedTuple


class Region(NamedTuple):
    """Bytes ``start`` to ``end`` of a buffer, in memory or in a file."""

    buffer: bytes | mmap
    start: int
    end: int

    @classmethod
    def of(cls, buffer: bytes | mmap) -> Region:
        """All of a buffer."""
        return cls(buffer, 0, len(buffer))

    @property
    def size(self) -> int:
        """How many bytes."""
        return self.end - self.start

    def view(self) -> memoryview:
        """The bytes, not copied."""
        return memoryview(self.buffer)[self.start : self.end]

    def copied(self) -> bytes:
        """The bytes, as a value of their own."""
        return self.buffer[self.start : self.end]

    def find(self, what: bytes, at: int) -> int:
        """Where ``what`` stands at or behind an offset of the buffer; -1 where it does not."""
        return self.buffer.find(what, at, self.end)

    def starts_with(self, what: bytes, at: int) -> bool:
        """Whether ``what`` stands at an offset of the buffer."""
        return at + len(what) <= self.end and self.buffer[at : at + len(what)] == what

    def between(self, start: int, end: int) -> Region:
        """Another stretch of the same buffer."""
        return Region(self.buffer, start, end)

    def stream(self) -> BinaryIO:
        """The bytes as a file, read piece by piece."""
        return BufferedReader(_Reader(self.view()))


class _Reader(RawIOBase):
    """Reads a view."""

    def __init__(self, view: memoryview) -> None:
        self._view, self._at = view, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        into = memoryview(buffer)
        piece = self._view[self._at : self._at + len(into)]
        into[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
