"""What compiled reading functions call."""

from __future__ import annotations

from collections.abc import Container

from edi_gateway.x12.envelope import Segment


class Missing(Exception):
    """A required field was not made; the traced run says which."""


def pair(segment: Segment, begin: int, end: int, qualifier: str) -> str:
    """The id behind ``qualifier`` in the pairs from ``begin``, or nothing."""
    for position in range(begin, min(end, len(segment) - 1), 2):
        if segment[position] == qualifier:
            return segment[position + 1].rstrip()
    return ""


def component(text: str, number: int, separator: str) -> str:
    """A component of a composite, counted from 1, or nothing."""
    parts = text.split(separator)
    return parts[number - 1].rstrip() if number <= len(parts) else ""


def get(segment: Segment, element: int) -> str:
    """An element without trailing blanks, or nothing where the segment is shorter."""
    return segment[element].rstrip() if element < len(segment) else ""


def skip(segments: list[Segment], at: int, end: int, inside: Container[str], extras: list[int]) -> int:
    """Passes a loop no rule speaks of, keeping its segments; gives the position behind it."""
    extras.append(at)
    return skip_rest(segments, at + 1, end, inside, extras)


def skip_rest(segments: list[Segment], at: int, end: int, inside: Container[str], extras: list[int]) -> int:
    """Passes the segments of ``inside`` that stand at ``at``, keeping them; gives the position behind them."""
    while at < end and segments[at][0] in inside:
        extras.append(at)
        at += 1
    return at
