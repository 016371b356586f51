"""Writing Python source, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Lines:
    """Source text being written; ``block`` writes an opening line and indents what is written within it."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._depth = 0

    def add(self, *lines: str) -> None:
        """Writes lines at the present depth."""
        self._lines.extend("    " * self._depth + line if line else "" for line in lines)

    @contextmanager
    def block(self, opening: str | None) -> Iterator[None]:
        """Writes ``opening`` and indents; an empty block gets a ``pass``. Without an opening, nothing is indented."""
        if opening is None:
            yield
            return
        self.add(opening)
        before = len(self._lines)
        self._depth += 1
        yield
        if len(self._lines) == before:
            self.add("pass")
        self._depth -= 1

    def mark(self) -> tuple[int, int]:
        """Here, for a line that is known only later."""
        return len(self._lines), self._depth

    def put(self, mark: tuple[int, int], line: str) -> None:
        """Writes a line at an earlier ``mark``. Later marks first."""
        at, depth = mark
        self._lines.insert(at, "    " * depth + line)

    def __str__(self) -> str:
        return "\n".join(self._lines) + "\n"
