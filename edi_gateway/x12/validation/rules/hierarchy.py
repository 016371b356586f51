"""HL: ids are unique, a parent is a level still open (document order is depth first), HL04 tells the truth (rules §9)."""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.x12.validation.rules.rule import Rule
from edi_gateway.x12.validation.scene import Scene, Trouble


def levels(scene: Scene) -> Iterator[Trouble]:
    """A level whose parent is not open is taken as standing by itself, so that one fault is not told of all below it."""
    open_ids: list[str] = []
    seen: set[str] = set()
    for level in scene.all("HL"):
        own, parent = level.at(1), level.at(2)
        if own in seen:
            yield Trouble(f"HL01 {own!r} was used before in this set", level, 1, "hierarchy.duplicate_id")
        seen.add(own)
        if not parent:
            open_ids = [own]
        elif parent in open_ids:
            open_ids = [*open_ids[: open_ids.index(parent) + 1], own]
        else:
            why = "is no level that is still open here" if parent in seen - {own} else "names no level before this one"
            yield Trouble(f"HL02 {parent!r} {why}", level, 2)
            open_ids = [own]


def child_codes(scene: Scene) -> Iterator[Trouble]:
    parents = {level.at(2) for level in scene.all("HL")}
    for level in scene.all("HL"):
        said, has = level.at(4), level.at(1) in parents
        if said in ("0", "1") and (said == "1") != has:
            yield Trouble(f"HL04 is {said}, but level {level.at(1)} has {'' if has else 'no '}levels below it", level, 4)


_HL = frozenset({"HL"})
RULES = (
    Rule("hierarchy.parent", levels, _HL, _HL, kinds=("hierarchy.duplicate_id",)),
    Rule("hierarchy.child_code", child_codes, _HL, _HL),
)
