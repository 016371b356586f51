"""A buyer's own control numbers, counted up from where it stopped."""

from __future__ import annotations

from collections import defaultdict


class Counters:
    """Numbers by what they count: ``interchange``, a group code, ``trace`` …; each starts at ``first`` and is given once."""

    def __init__(self, first: int = 1) -> None:
        self._next: defaultdict[str, int] = defaultdict(lambda: first)

    def take(self, what: str) -> int:
        """The next number, as a number; writers fill it with zeros."""
        number = self._next[what]
        self._next[what] = number + 1
        return number

    def pass_over(self, what: str, number: str) -> None:
        """Never gives ``number`` nor one below it: it went out in a file that was written elsewhere."""
        if number.isascii() and number.isdigit():
            self._next[what] = max(self._next[what], int(number) + 1)
