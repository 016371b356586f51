"""Syntax notes: which elements a condition finds missing or too many (X12.6; rules §7)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from edi_gateway.x12.standard import SyntaxNote

KIND_OF_NOTE = {
    "P": "note.paired",
    "R": "note.required",
    "E": "note.exclusive",
    "C": "note.conditional",
    "L": "note.list_conditional",
}


class Breach(NamedTuple):
    """A note that does not hold: the position it is reported at, and why."""

    kind: str
    position: int
    because: str


def breaches(notes: tuple[SyntaxNote, ...], values: list[str], name: str) -> Iterator[Breach]:
    """The notes that ``values`` (element 1 first) do not keep; ``name`` is the id of the segment or composite."""
    for note in notes:
        present = [position for position in note.positions if position <= len(values) and values[position - 1]]
        for position, because in _BROKEN[note.kind](note.positions, present):
            yield Breach(
                KIND_OF_NOTE[note.kind], position, because.format(*(f"{name}{at:02d}" for at in (position, *present[:1])))
            )


def keeps(note: SyntaxNote, values: list[str]) -> bool:
    """Whether a note holds."""
    present = [position for position in note.positions if position <= len(values) and values[position - 1]]
    return not any(True for _ in _BROKEN[note.kind](note.positions, present))


_Found = Iterator[tuple[int, str]]


def _paired(positions: tuple[int, ...], present: list[int]) -> _Found:
    if present:
        yield from ((position, "{0} is missing beside {1}") for position in positions if position not in present)


def _required(positions: tuple[int, ...], present: list[int]) -> _Found:
    if not present:
        yield positions[0], f"{{0}} is missing: at least one of elements {_listed(positions)} is needed"


def _exclusive(positions: tuple[int, ...], present: list[int]) -> _Found:
    yield from ((position, "{0} may not stand beside {1}") for position in present[1:])


def _conditional(positions: tuple[int, ...], present: list[int]) -> _Found:
    if present and present[0] == positions[0]:
        yield from ((position, "{0} is missing: {1} needs it") for position in positions[1:] if position not in present)


def _list_conditional(positions: tuple[int, ...], present: list[int]) -> _Found:
    if present == [positions[0]]:
        yield positions[1], f"{{0}} is missing: {{1}} needs at least one of elements {_listed(positions[1:])}"


def _listed(positions: tuple[int, ...]) -> str:
    return ", ".join(f"{position:02d}" for position in positions)


_BROKEN = {"P": _paired, "R": _required, "E": _exclusive, "C": _conditional, "L": _list_conditional}
