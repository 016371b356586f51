"""Words that depend on a number."""

from __future__ import annotations


def count(number: int, one: str, many: str = "") -> str:
    """``1 carton``, ``12 cartons``, ``1,204 entries``: ``many`` is given where it is not ``one`` with an s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
