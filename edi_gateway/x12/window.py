"""A window on a payload: as much of it as is being looked at, as latin-1 text, with the offset it begins at."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

CHUNK = 1 << 18  # bytes asked for at a time


class Window:
    """Reads a source forward in chunks. ``text[at]`` is the next character; ``base`` is the payload offset of ``text[0]``.

    Positions in ``text`` stay valid until ``settle`` drops what lies before ``at``; ``fill`` only appends.
    """

    def __init__(self, source: bytes | BinaryIO, offset: int = 0, chunk: int = CHUNK) -> None:
        self._stream: BinaryIO = BytesIO(source) if isinstance(source, bytes | bytearray | memoryview) else source
        self._chunk = chunk
        self.text, self.base, self.at, self.ended = "", offset, 0, False
        if offset:
            _go_to(self._stream, offset)

    def fill(self) -> bool:
        """Append another chunk, at least doubling a long window so that growing it stays linear; False at the end."""
        if not self.ended:
            more = self._stream.read(max(self._chunk, len(self.text)))
            self.text += more.decode("latin-1")
            self.ended = not more
        return not self.ended

    def has(self, position: int) -> bool:
        """Whether there is a character at this position, reading on as far as it takes."""
        while position >= len(self.text):
            if not self.fill():
                return False
        return True

    def settle(self) -> None:
        """Forget what lies before ``at``, once that is worth the copying."""
        if self.at >= self._chunk:
            self.forget()

    def forget(self) -> None:
        """Forget what lies before ``at``."""
        self.text, self.base, self.at = self.text[self.at :], self.base + self.at, 0

    @property
    def offset(self) -> int:
        """The payload offset of ``text[at]``."""
        return self.base + self.at


def _go_to(stream: BinaryIO, offset: int) -> None:
    if stream.seekable():
        stream.seek(offset)
        return
    while offset > 0:
        passed = len(stream.read(min(offset, CHUNK)))
        if not passed:
            return
        offset -= passed
