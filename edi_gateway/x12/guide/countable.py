"""Whether occurrences of an item can be counted by looking ahead in the text, without placing every segment.

A lookahead counts along the segments that may belong to an item: for a segment those of its id, for a loop all that can stand in
it. That is right as long as no segment on the way can belong to another place that begins with the same id. Where one can, the
guide has no fast path and the tables count.
"""

from __future__ import annotations

from collections.abc import Iterator

from edi_gateway.x12.standard import LoopUse, SegmentUse, TransactionSetDefinition

Way = tuple[tuple[str, int], ...]  # loop ids from the set down, each with its index in the loop around it


def is_countable(definition: TransactionSetDefinition, item: SegmentUse | LoopUse, loops: tuple[str, ...]) -> bool:
    """``loops`` are the ids of the loops around the item."""
    own = _way(definition, loops)
    ids = _ids(item)
    return not any(_confused(item, own, other, index, ids, definition) for other, index in _places(definition.items, item.id))


def _confused(
    item: SegmentUse | LoopUse, own: Way, other: Way, index: int, ids: set[str], definition: TransactionSetDefinition
) -> bool:
    """Whether counting could run on to the item of the same id in the loop reached by ``other``."""
    if other == own:
        return False
    shared = 0
    while shared < min(len(own), len(other)) and own[shared] == other[shared]:
        shared += 1
    if shared == len(other):  # in a loop around this one: reached when this one is full
        return item.max is not None and index >= own[shared][1]
    opened = [loop for loop, _ in other[shared:]]
    if shared == len(own) and opened[0] == item.id:  # inside this one
        return True
    return all(loop in ids for loop in opened)


def _way(definition: TransactionSetDefinition, loops: tuple[str, ...]) -> Way:
    way: list[tuple[str, int]] = []
    items = definition.items
    for loop in loops:
        index = next(index for index, item in enumerate(items) if item.id == loop)
        found = items[index]
        items = found.items if isinstance(found, LoopUse) else ()
        way.append((loop, index))
    return tuple(way)


def _places(items: tuple[SegmentUse | LoopUse, ...], wanted: str, way: Way = ()) -> Iterator[tuple[Way, int]]:
    """Every loop that has an item of this id behind its head, and the item's index there."""
    for index, item in enumerate(items):
        is_head = bool(way) and index == 0
        if item.id == wanted and not is_head:
            yield way, index
        if isinstance(item, LoopUse):
            yield from _places(item.items, wanted, (*way, (item.id, index)))


def _ids(item: SegmentUse | LoopUse) -> set[str]:
    if isinstance(item, SegmentUse):
        return {item.id}
    return {each for inner in item.items for each in _ids(inner)}
