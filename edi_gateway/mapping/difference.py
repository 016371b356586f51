"""How two documents, or two runs of segments, differ in what they mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from edi_gateway.documents.base import Value
from edi_gateway.mapping.types import fields
from edi_gateway.x12.envelope import Segment

_AFTER_ST = 2


class Telling(NamedTuple):
    """In which words a difference is told: another value, none any more, and one where there was none."""

    other: str
    missing: str
    more: str


EXPECTED = Telling("expected {was}, is {now}", "expected {was}, is missing", "{now} was not expected")
CHANGED = Telling("was {was}, is {now} now", "was {was}, is missing now", "{now} is new")


class Changed(NamedTuple):
    """A field that differs, by its path: ``lines[0].quantity``; None on the side that does not have it."""

    path: str
    was: Any
    now: Any


def changed_fields(one: Value, other: Value) -> Iterator[Changed]:
    """The fields that differ, those of the first document first."""
    before, after = (dict(_flat(each, "")) for each in (one, other))
    for path in [*before, *(path for path in after if path not in before)]:
        was, now = before.get(path), after.get(path)
        if was != now:
            yield Changed(path, was, now)


def between_documents(was: Value, now: Value, telling: Telling) -> list[str]:
    """One line a field that differs: ``lines[0].quantity: expected 12, is 13``."""
    return [f"{each.path}: " + _said(each.was, each.now, telling) for each in changed_fields(was, now)]


def between_segments(was: list[Segment], now: list[Segment], telling: Telling) -> list[str]:
    """One line an element that differs, or a segment that is missing or too many; positions count ST as 1."""
    told: list[str] = []
    for kind, first, last, start, end in _blocks(["*".join(one) for one in was], ["*".join(one) for one in now]):
        if kind != "equal":
            told += _unlike(was[first:last], now[start:end], first, start, telling)
    return told


def _unlike(was: list[Segment], now: list[Segment], first: int, start: int, telling: Telling) -> Iterator[str]:
    """Segments of the same id are held against each other, the others are missing or too many."""
    for kind, one, last, other, end in _blocks([segment[0] for segment in was], [segment[0] for segment in now]):
        if kind == "equal":
            for offset in range(last - one):
                yield from _elements(start + other + offset + _AFTER_ST, was[one + offset], now[other + offset], telling)
            continue
        for at in range(one, last):
            yield f"segment {first + at + _AFTER_ST}: " + _said("*".join(was[at]), None, telling)
        for at in range(other, end):
            yield f"segment {start + at + _AFTER_ST}: " + _said(None, "*".join(now[at]), telling)


def _blocks(was: list[str], now: list[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, was, now, autojunk=False).get_opcodes()


def _elements(position: int, was: Segment, now: Segment, telling: Telling) -> Iterator[str]:
    for element in range(1, max(len(was), len(now))):
        one, other = ("".join(segment[element : element + 1]) for segment in (was, now))
        if one != other:
            yield f"segment {position}, {was[0]}{element:02d}: " + _said(one or None, other or None, telling)


def _said(was: Any, now: Any, telling: Telling) -> str:
    words = telling.more if was is None else telling.missing if now is None else telling.other
    return words.format(was=was, now=now)


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every plain value by its path; what a field has by default says nothing."""
    if isinstance(value, Value):
        for name, found in fields(type(value)).items():
            content = getattr(value, name)
            if content != found.default:
                yield from _flat(content, f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from _flat(inner, f"{path}[{number}]")
    else:
        yield path, value
