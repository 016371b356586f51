"""Lines cut at a width, inside segments: which line ends they are, and the text without them."""

from __future__ import annotations

import msgspec


class CutLines(msgspec.Struct, frozen=True):
    """How the lines of a payload are cut: after how many characters, by which line end, and an offset at which one begins."""

    width: int
    line_end: str
    begins: int

    @property
    def whole(self) -> int:
        """Bytes of a line, its end included."""
        return self.width + len(self.line_end)

    def without(self, text: str, offset: int) -> str:
        """A part of the payload, which begins at this offset, without the line ends that cut it."""
        return Joining(self, offset, offset).joined(text, offset, over=True)


class Joining:
    """Puts cut lines together as they are read: characters are counted by the caller as they are left.

    The first line of another width ends it: its line end and all behind stay as they are.
    """

    def __init__(self, cut: CutLines, counted: int, offset: int) -> None:
        self.cut, self._begins, self._offset = cut, counted, offset
        self._first = self._column = (offset - cut.begins) % cut.whole
        self._held = ""  # of a line that is not whole yet
        self._ends: int | None = None  # from here on nothing is left out
        self.breaks_at: int | None = None  # where a line has another width and is not the last

    def joined(self, more: str, counted: int, over: bool) -> str:
        """What there is to read so far; ``counted`` characters were before it, and with ``over`` nothing follows."""
        if self._ends is not None:
            return more
        text, width, end = self._held + more, self.cut.width, self.cut.line_end
        whole: list[str] = []
        at, column = 0, self._column
        while len(text) - at >= width - column + len(end):
            stop = at + width - column
            if not text.startswith(end, stop) or text.find(end, at, stop) >= 0:
                found = text.find(end, at, stop)
                self.breaks_at = counted + sum(map(len, whole)) + (found if found >= 0 else stop) - at
                over = True
                break
            whole.append(text[at:stop])
            at, column = stop + len(end), 0
        lines, self._held, self._column = "".join(whole), text[at:], column
        if not over:
            return lines
        self._ends = counted + len(lines)
        return lines + self._held

    def has(self, counted: int) -> bool:
        """Whether lines are still put together there."""
        return self._ends is None or counted < self._ends

    def offset_of(self, counted: int) -> int:
        """Where in the payload a character stands; behind the last of a line is the beginning of the next."""
        if counted < self._begins:
            return self._offset - (self._begins - counted)
        joined = counted if self._ends is None else min(counted, self._ends)
        left_out = (self._first + joined - self._begins) // self.cut.width
        return self._offset + counted - self._begins + left_out * len(self.cut.line_end)
