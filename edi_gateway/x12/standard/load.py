"""Definitions read from the data beside this file, when first asked for and then kept."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.x12.standard.model import (
    CompositeDefinition,
    ElementUse,
    LoopUse,
    Requirement,
    SegmentDefinition,
    SegmentUse,
    SyntaxNote,
    TransactionSetDefinition,
)

_HERE = Path(__file__).parent
_REQUIREMENTS: dict[str, Requirement] = {"!": "M", "?": "X"}


@cache
def releases() -> tuple[str, ...]:
    """The releases there are definitions for, oldest first."""
    return tuple(sorted(folder.parent.name for folder in _HERE.glob("*/sets")))


@cache
def sets(release: str) -> tuple[str, ...]:
    """The sets defined in a release; empty for a release that is not there."""
    return tuple(sorted(path.stem for path in (_HERE / release / "sets").glob("*.json")))


@cache
def load(set_code: str, release: str) -> TransactionSetDefinition:
    """The definition of a set in a release: ``load("850", "004010")``. Raises WrongInput, saying what there is."""
    if release not in releases():
        raise WrongInput(f"no definitions for release {release!r}", do=f"use one of {', '.join(releases())}")
    if set_code not in sets(release):
        raise WrongInput(f"no definition of set {set_code!r} in release {release}", do=f"use one of {', '.join(sets(release))}")
    raw = msgspec.json.decode((_HERE / release / "sets" / f"{set_code}.json").read_bytes())
    areas = [(area, raw[area]) for area in ("heading", "detail", "summary") if area in raw]
    items = tuple(_item(release, area, item, "") for area, found in areas for item in found)
    return TransactionSetDefinition(set_code, release, raw["name"], raw["group_code"], items)


@cache
def group_code(set_code: str) -> str:
    """GS01 for a set: ``PO`` for 850. Raises WrongInput for a set that is in no release."""
    found = [release for release in releases() if set_code in sets(release)]
    if not found:
        raise WrongInput(f"no definition of set {set_code!r}", do=f"use one of {', '.join(sets(releases()[-1]))}")
    return load(set_code, found[0]).group_code


@cache
def segment(release: str, segment_id: str) -> SegmentDefinition:
    """A segment of a release, those of the envelope included. Raises WrongInput when it is not there."""
    if segment_id not in segment_ids(release):
        raise WrongInput(f"no definition of segment {segment_id!r} in release {release!r}")
    name, elements, notes = _table(release, "segments")[segment_id]
    return SegmentDefinition(segment_id, name, _element_uses(release, elements), _notes(notes))


@cache
def segment_ids(release: str) -> frozenset[str]:
    """Ids of all segments known in a release: what is not among them is an unrecognized segment id (AK304 1)."""
    return frozenset(_table(release, "segments")) if release in releases() else frozenset()


def code_name(release: str, element: str, code: str) -> str | None:
    """A short name for a common code: ``code_name("004010", "355", "EA")`` is Each; None for a code without one."""
    if release not in releases():
        return None
    name: str | None = _table(release, "code-names").get(element, {}).get(code)
    return name


@cache
def codes(release: str, element: str) -> frozenset[str] | None:
    """The code values of a data element; None where it has no list or the list is kept elsewhere."""
    found = _table(release, "codes").get(element)
    return None if found is None else frozenset(found.split())


@cache
def _table(release: str, name: str) -> dict[str, Any]:
    table: dict[str, Any] = msgspec.json.decode((_HERE / release / f"{name}.json").read_bytes())
    return table


def _item(release: str, area: str, item: str | list[Any], inside: str) -> SegmentUse | LoopUse:
    if isinstance(item, str):
        words = item.split()
        place = words[2][1:] if len(words) > 2 else None
        name, requirement = _marked(words[0])
        return SegmentUse(segment(release, name), requirement == "M", _limit(words[1]), area, place)
    words = item[0].split()
    name, requirement = _marked(words[0])
    path = f"{inside}/{name}" if inside else name
    items = tuple(_item(release, area, inner, path) for inner in item[1:])
    bounded, hierarchical = "bounded" in words, "hierarchical" in words
    return LoopUse(name, path, requirement == "M", _limit(words[1]), area, items, bounded, hierarchical)


def _limit(word: str) -> int | None:
    return None if word == ">1" else int(word)


def _marked(word: str) -> tuple[str, Requirement]:
    requirement = _REQUIREMENTS.get(word[-1], "O")
    return (word if requirement == "O" else word[:-1]), requirement


def _notes(text: str) -> tuple[SyntaxNote, ...]:
    return tuple(
        SyntaxNote(word[0], tuple(int(word[start : start + 2]) for start in range(1, len(word), 2))) for word in text.split()
    )


def _element_uses(release: str, text: str) -> tuple[ElementUse, ...]:
    return tuple(_element_use(release, position, word) for position, word in enumerate(text.split(), 1))


def _element_use(release: str, position: int, word: str) -> ElementUse:
    word, _, repeat = word.partition("*")
    reference, requirement = _marked(word)
    often = int(repeat or 1)
    if reference in _table(release, "composites"):
        composite = _composite(release, reference)
        return ElementUse(position, reference, composite.name, requirement, "composite", 0, 0, often, None, composite)
    kind, shortest, longest, name = _table(release, "elements")[reference].split(" ", 3)
    values = codes(release, reference)
    return ElementUse(position, reference, name, requirement, kind, int(shortest), int(longest), often, values)


@cache
def _composite(release: str, composite_id: str) -> CompositeDefinition:
    name, elements, notes = _table(release, "composites")[composite_id]
    return CompositeDefinition(composite_id, name, _element_uses(release, elements), _notes(notes))
