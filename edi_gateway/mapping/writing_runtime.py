"""What compiled writing functions call."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from edi_gateway.mapping.conversions import Unconvertible, write_decimal
from edi_gateway.x12.envelope import Segment


class Missing(Exception):
    """A required element was not made; the traced run says which."""


def put(out: list[Segment], segment: Segment) -> None:
    """Adds a segment, trailing empty elements dropped."""
    while not segment[-1]:
        segment.pop()
    out.append(segment)


def add_pairs(segment: Segment, begin: int, pairs: Iterable[tuple[str, str]]) -> None:
    """Puts pairs of qualifier and value from element ``begin`` on, leaving out those without a value."""
    at = begin
    for qualifier, value in pairs:
        if value:
            segment += [""] * (at + 2 - len(segment))
            segment[at : at + 2] = (qualifier, value)
            at += 2


def level(out: list[Segment], parent: Segment | None, code: str) -> Segment:
    """Adds an HL below ``parent``: numbered 1, 2, 3 …, HL02 the parent's number, HL04 whether it has children."""
    number = sum(1 for segment in out if segment[0] == "HL") + 1 if parent is None else int(_last_level(out)) + 1
    if parent is not None:
        parent[4] = "1"
    segment = ["HL", str(number), parent[1] if parent is not None else "", code, "0"]
    out.append(segment)
    return segment


def _last_level(out: list[Segment]) -> str:
    return next(segment[1] for segment in reversed(out) if segment[0] == "HL")


def count(out: list[Segment], segment_id: str) -> int:
    """How many segments of an id have been written (CTT01)."""
    return sum(1 for segment in out if segment[0] == segment_id)


def total(out: list[Segment], segment_id: str, element: int) -> str:
    """What stands in an element of all segments of an id, added up (CTT02, the hash total)."""
    values = [Decimal(segment[element]) for segment in out if segment[0] == segment_id and element < len(segment)]
    return write_decimal(sum(values, Decimal(0)))


def composite(separator: str, *components: str) -> str:
    """An element of components, trailing empty ones dropped."""
    return separator.join(components).rstrip(separator)


def repeated(separator: str | None, texts: list[str]) -> str:
    """An element of repetitions. Raises Unconvertible where the release has no separator for them."""
    if separator is None and len(texts) > 1:
        raise Unconvertible("repeats, and there is no repetition separator")
    return (separator or "").join(texts)


def has(value: object) -> bool:
    """Whether a field has data: zero is data, nothing and the empty text are not."""
    return value is not None and value != "" and value != ()
