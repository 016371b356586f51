"""A window on a payload: as much of it as is being looked at, as latin-1 text, with the offset it begins at."""

from __future__ import annotations

from io import BytesIO
from typing import BinaryIO

from edi_gateway.x12.cut_lines import CutLines, Joining

CHUNK = 1 << 18  # bytes asked for at a time


class Window:
    """Reads a source forward in chunks. ``text[at]`` is the next character, ``base`` counts those before ``text[0]``.

    Positions in ``text`` stay valid until ``settle`` drops what lies before ``at``; ``fill`` only appends. Where lines are cut at
    a width (``put_together``), the line ends that cut them are not in the text; ``offset_of`` tells where in the payload we are.
    """

    def __init__(self, source: bytes | BinaryIO, offset: int = 0, chunk: int = CHUNK, cut: CutLines | None = None) -> None:
        self._stream: BinaryIO = BytesIO(source) if isinstance(source, bytes | bytearray | memoryview) else source
        self._chunk = chunk
        self.text, self.base, self.at, self.ended = "", offset, 0, False
        self._lines = Joining(cut, offset, offset) if cut else None
        self._behind = 0  # payload offset less count of characters, behind lines that were put together
        if offset:
            _go_to(self._stream, offset)

    def fill(self) -> bool:
        """Append another chunk, at least doubling a long window so that growing it stays linear; False at the end."""
        if not self.ended:
            more = self._stream.read(max(self._chunk, len(self.text))).decode("latin-1")
            self.ended = not more
            self._append(more)
        return not self.ended

    def _append(self, more: str) -> None:
        self.text += self._lines.joined(more, self.base + len(self.text), self.ended) if self._lines else more

    def put_together(self, cut: CutLines) -> None:
        """From ``at`` on, where a line begins, leave out the line ends that cut lines at a width."""
        self.forget()
        rest, self.text = self.text, ""
        self._lines = Joining(cut, self.base, self.offset)
        self._append(rest)

    @property
    def cut(self) -> CutLines | None:
        """How lines are cut at ``at``; None where they are not, or no longer."""
        return self._lines.cut if self._lines and self._lines.has(self.base + self.at) else None

    def passed_break(self) -> int | None:
        """Where cut lines ended before the text did, once, when that lies before ``at``."""
        if self._lines is None or self._lines.breaks_at is None or self.base + self.at <= self._lines.breaks_at:
            return None
        broken = self._lines.offset_of(self._lines.breaks_at)
        self.forget()
        return broken

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
        if self._lines and not self._lines.has(self.base + self.at):
            self._behind, self._lines = self.offset - self.base - self.at, None
        self.text, self.base, self.at = self.text[self.at :], self.base + self.at, 0

    @property
    def offset(self) -> int:
        """The payload offset of ``text[at]``."""
        return self.offset_of(self.at)

    def offset_of(self, position: int) -> int:
        """The payload offset of a position in ``text``."""
        counted = self.base + position
        return counted + self._behind if self._lines is None else self._lines.offset_of(counted)


def _go_to(stream: BinaryIO, offset: int) -> None:
    if stream.seekable():
        stream.seek(offset)
        return
    while offset > 0:
        passed = len(stream.read(min(offset, CHUNK)))
        if not passed:
            return
        offset -= passed
