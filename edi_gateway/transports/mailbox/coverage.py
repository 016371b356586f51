"""Which bytes of a file were written or read, so that "all of it" is a fact and not a guess."""

from __future__ import annotations

_MOST_PIECES = 64


class Coverage:
    """Half-open byte ranges, merged as they meet. A client may write ahead a little, not leave a thousand holes."""

    def __init__(self) -> None:
        self._pieces: list[tuple[int, int]] = []

    @property
    def end(self) -> int:
        """The offset after the last byte touched."""
        return self._pieces[-1][1] if self._pieces else 0

    def is_whole(self, size: int) -> bool:
        """Whether every byte from 0 to ``size`` was touched."""
        return size == 0 or (bool(self._pieces) and self._pieces[0][0] == 0 and self._pieces[0][1] >= size)

    def add(self, start: int, end: int) -> bool:
        """Adds a range; False, and nothing added, when that would be too many separate pieces."""
        if start >= end:
            return True
        if self._pieces and self._pieces[-1][0] <= start <= self._pieces[-1][1]:
            first, last = self._pieces[-1]
            self._pieces[-1] = (first, max(last, end))
            return True
        pieces = _merged([*self._pieces, (start, end)])
        if len(pieces) > _MOST_PIECES:
            return False
        self._pieces = pieces
        return True

    def cut(self, size: int) -> None:
        """Forgets everything from ``size`` on."""
        self._pieces = [(start, min(end, size)) for start, end in self._pieces if start < size]


def _merged(pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(pieces):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
