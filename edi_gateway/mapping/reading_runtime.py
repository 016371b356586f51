"""What compiled reading functions call."""

from __future__ import annotations

from collections.abc import Container

from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.place import SegmentRef


class Missing(Exception):
    """A required field was not made; the traced run says which."""


def pair(segment: Segment, begin: int, end: int, qualifier: str) -> str:
    """The id behind ``qualifier`` in the pairs from ``begin``, or nothing."""
    for position in range(begin, min(end, len(segment) - 1), 2):
        if segment[position] == qualifier:
            return segment[position + 1].rstrip()
    return ""


def pair_at(segment: Segment, begin: int, end: int, qualifier: str) -> int:
    """Where the id behind ``qualifier`` stands; 0 if it is not there."""
    for position in range(begin, min(end, len(segment) - 1), 2):
        if segment[position] == qualifier:
            return position + 1
    return 0


def other_pairs(segment: Segment, begin: int, end: int, named: Container[str]) -> bool:
    """Whether a pair from ``begin`` has data and a qualifier that is not named, or one that stood there already."""
    seen = set()
    for position in range(begin, min(end, len(segment) - 1), 2):
        if segment[position + 1].strip():
            if segment[position] not in named or segment[position] in seen:
                return True
            seen.add(segment[position])
    return False


def hollow(segment: Segment, begin: int, end: int) -> tuple[int, ...]:
    """Where qualifiers stand in a list of pairs that have nothing behind them."""
    return tuple(at for at in range(begin, min(end, len(segment)), 2) if not "".join(segment[at + 1 : at + 2]).strip())


def unread(segment: Segment, read: Container[int]) -> bool:
    """Whether an element that is not among those read has data."""
    for position in range(1, len(segment)):  # noqa: SIM110 - a generator takes three times as long, and every line asks this
        if position not in read and segment[position].strip():
            return True
    return False


def stands(segments: list[Segment], wanted: SegmentRef) -> bool:
    """Whether the first segment with the id of ``wanted`` is as it wants it."""
    return next((wanted.holds(segment) for segment in segments if segment[0] == wanted.id), False)


def repeated(text: str, separator: str | None) -> list[str]:
    """The repetitions of an element that have data."""
    return [one for one in text.split(separator) if one.strip()] if separator else [text]


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
