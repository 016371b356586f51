"""Which control numbers have been seen: exact, and small however many there are, because they mostly count up."""

from __future__ import annotations

from bisect import bisect_right

import msgspec


class SeenNumbers(msgspec.Struct):
    """A set of control numbers that keeps runs instead of members.

    ``0001``, ``0002`` … ``9999`` of one width are one run ``[1, 9999]``; anything that is not plain digits is kept as it is.
    Control numbers are strings (``0001`` and ``001`` differ), hence a list of runs for each width.
    """

    runs: dict[str, list[tuple[int, int]]] = {}
    others: set[str] = set()

    def add(self, number: str) -> bool:
        """Remember a number; False if it had been seen already."""
        if not (number.isascii() and number.isdigit() and len(number) <= 18):
            known = number in self.others
            if not known:
                self.others.add(number)
            return not known
        return _add(self.runs.setdefault(str(len(number)), []), int(number))

    def copy(self) -> SeenNumbers:
        return SeenNumbers({width: list(runs) for width, runs in self.runs.items()}, set(self.others))


def _add(runs: list[tuple[int, int]], n: int) -> bool:
    if runs and runs[-1][1] == n - 1:  # the usual case: one more than the last
        runs[-1] = (runs[-1][0], n)
        return True
    at = bisect_right(runs, (n, n))  # the first run that begins behind n
    if at < len(runs) and runs[at][0] == n:
        return False
    before = runs[at - 1] if at else None
    if before and before[0] <= n <= before[1]:
        return False
    joins_before = before is not None and before[1] == n - 1
    joins_after = at < len(runs) and runs[at][0] == n + 1
    start = runs[at - 1][0] if joins_before else n
    end = runs[at][1] if joins_after else n
    runs[at - joins_before : at + joins_after] = [(start, end)]
    return True
