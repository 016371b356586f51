"""A definition made ready for placing: for the set and each loop, where an id stands and what may not be passed over."""

from __future__ import annotations

from functools import lru_cache
from itertools import accumulate

from edi_gateway.x12.standard import LoopUse, SegmentUse, TransactionSetDefinition

NO_LIMIT = 1 << 62


class Container:
    """The items of a set or a loop. ``required_before[n]`` counts the mandatory items among the first n."""

    __slots__ = ("index", "inner", "items", "limits", "path", "required_before", "use")

    def __init__(self, items: tuple[SegmentUse | LoopUse, ...], use: LoopUse | None = None) -> None:
        self.items, self.use, self.path = items, use, use.path if use else ""
        self.index = {item.id: index for index, item in enumerate(items)}
        self.limits = [NO_LIMIT if item.max is None else item.max for item in items]
        self.required_before = [0, *accumulate(item.required for item in items)]
        self.inner = [Container(item.items, item) if isinstance(item, LoopUse) else None for item in items]


@lru_cache(maxsize=64)
def container(definition: TransactionSetDefinition) -> Container:
    """The set as a container of its items, made once for a definition."""
    return Container(definition.items)


@lru_cache(maxsize=64)
def ids_of(definition: TransactionSetDefinition) -> frozenset[str]:
    """Ids of all segments that have some place in the set."""
    return frozenset(_ids(definition.items))


def _ids(items: tuple[SegmentUse | LoopUse, ...]) -> set[str]:
    found: set[str] = set()
    for item in items:
        found |= _ids(item.items) if isinstance(item, LoopUse) else {item.id}
    return found
