"""Proves that the data of a release hold together: every reference resolves and every number makes sense."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from edi_gateway.x12.standard.load import load, releases, segment, segment_ids, sets
from edi_gateway.x12.standard.model import CompositeDefinition, ElementUse, LoopUse, SegmentDefinition, SegmentUse

_FEWEST = {"P": 2, "R": 2, "E": 2, "C": 2, "L": 3}
_TYPES = {"AN", "ID", "DT", "TM", "R", "B", *(f"N{places}" for places in range(10))}


def mistakes(release: str) -> list[str]:
    """Everything wrong with the data of a release, empty when nothing is. A reference that leads nowhere raises KeyError."""
    found = [mistake for name in sorted(segment_ids(release)) for mistake in _in_parts(segment(release, name))]
    for set_code in sets(release):
        definition = load(set_code, release)
        found += [f"{definition}: {mistake}" for mistake in _in_items(definition.items)]
        ends = [item.id for item in (definition.items[0], definition.items[-1])]
        if ends != ["ST", "SE"]:
            found.append(f"{definition}: begins and ends with {ends}")
    return found


def _in_items(items: tuple[SegmentUse | LoopUse, ...]) -> Iterator[str]:
    """The reader of structure leans on this: no id twice in one container, and a loop's head mandatory and once."""
    ids = [item.id for item in items]
    yield from (f"{name} stands twice in one loop" for name in set(ids) if ids.count(name) > 1)
    for item in items:
        if item.max is not None and item.max < 1:
            yield f"{item.id} has a maximum of {item.max}"
        if isinstance(item, LoopUse):
            head = item.items[0]
            if not isinstance(head, SegmentUse) or (head.id, head.required, head.max) != (item.id, True, 1):
                yield f"loop {item.path} does not begin with its head"
            if item.bounded and (item.items[0].id, item.items[-1].id) != ("LS", "LE"):
                yield f"loop {item.path} is not bounded by LS and LE"
            yield from _in_items(item.items)


def _in_parts(of: SegmentDefinition | CompositeDefinition) -> Iterator[str]:
    for use in of.elements:
        yield from (f"{of.id}{use.position:02d}: {mistake}" for mistake in _in_element(use))
        if use.composite:
            yield from _in_parts(use.composite)
    for note in of.notes:
        if note.kind not in _FEWEST or len(note.positions) < _FEWEST[note.kind]:
            yield f"{of.id}: {note} is no syntax note"
        if max(note.positions) > len(of.elements) or min(note.positions) < 1:
            yield f"{of.id}: {note} names a position that is not there"


def _in_element(use: ElementUse) -> Iterator[str]:
    if use.composite:
        return
    if use.type not in _TYPES:
        yield f"type {use.type}"
    if not 0 < use.min <= use.max:
        yield f"lengths {use.min} to {use.max}"
    for code in use.codes or ():
        if not use.min <= len(code) <= use.max:
            yield f"code {code} is not {use.min} to {use.max} long"
    if use.codes is not None and use.type != "ID":
        yield f"codes for type {use.type}"


def main() -> int:
    """Prints every mistake in the data of every release; 1 if there is one."""
    found = [f"{release} {mistake}" for release in releases() for mistake in mistakes(release)]
    sys.stdout.writelines(f"{line}\n" for line in found)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
