"""Words that depend on a number, and words that were probably meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

_MOST_LISTED = 10


def count(number: int, one: str, many: str = "") -> str:
    """``1 carton``, ``12 cartons``, ``1,204 entries``: ``many`` is given where it is not ``one`` with an s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def did_you_mean(word: str, known: Iterable[str], *, most: int = _MOST_LISTED) -> str | None:
    """Advice for a word that is not known: the nearest one that is, or the first of them; None where there are none."""
    words = sorted(known)
    by_lower = {each.lower(): each for each in words}
    if near := get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6):
        return f"did you mean '{by_lower[near[0]]}'?"
    more = f" and {len(words) - most} more" if len(words) > most else ""
    return f"known are {', '.join(words[:most])}{more}" if words else None
