"""A stretch of a buffer: parts of a message refer to where they stand, and nothing is copied."""

from __future__ import annotations

from mmap import mmap
from typing import NamedTuple


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
