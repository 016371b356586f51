"""The loops of a set as a map sees them: which segments a loop may hold, in which order, over all releases the map is for."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from edi_gateway.x12.place import Place
from edi_gateway.x12.standard import ElementUse, LoopUse, SegmentDefinition, SegmentUse, load, segment, segment_ids


@dataclass
class Shape:
    """A loop (or the whole set): ``order`` is where each child stands, ``loops`` those children that are loops."""

    head: str
    hierarchical: bool = False
    order: dict[str, int] = field(default_factory=dict)
    loops: dict[str, Shape] = field(default_factory=dict)
    required: set[str] = field(default_factory=set)

    def holds(self, segment_id: str) -> bool:
        """Whether a segment of this id may stand in it, its head aside."""
        return segment_id in self.order

    def all_ids(self) -> set[str]:
        """The ids of all segments in it at any depth, its head aside."""
        below = [{head} | loop.all_ids() for head, loop in self.loops.items()]
        return set(self.order).union(*below)

    def find(self, segment_id: str) -> list[str]:
        """The paths at which a segment stands below: for telling where it could be meant."""
        here = [segment_id] if segment_id in self.order else []
        return here + [f"{head}/{path}" for head, loop in self.loops.items() for path in loop.find(segment_id)]


@cache
def shape(set_code: str, releases: tuple[str, ...]) -> Shape:
    """The shape of a set over ``releases``: what any of them allows. Raises WrongInput for a set or release not defined."""
    top = Shape("ST")
    for release in releases:
        _merge(top, load(set_code, release).items)
    return top


def _merge(into: Shape, items: tuple[SegmentUse | LoopUse, ...]) -> None:
    for item in items:
        name = item.head.id if isinstance(item, LoopUse) else item.id
        into.order.setdefault(name, len(into.order))
        if item.required:
            into.required.add(name)
        if isinstance(item, LoopUse):
            loop = into.loops.setdefault(name, Shape(name, item.hierarchical))
            _merge(loop, item.items[1:])


def definition(segment_id: str, releases: tuple[str, ...]) -> SegmentDefinition | None:
    """A segment as the latest of ``releases`` defines it, or None where none does."""
    for release in reversed(releases):
        if segment_id in segment_ids(release):
            return segment(release, segment_id)
    return None


def element(segment_id: str, position: int, releases: tuple[str, ...]) -> ElementUse | None:
    """An element as the latest of ``releases`` defines it, or None where none does."""
    for release in reversed(releases):
        if segment_id in segment_ids(release):
            elements = segment(release, segment_id).elements
            if position <= len(elements):
                return elements[position - 1]
    return None


def element_at(place: Place, releases: tuple[str, ...]) -> ElementUse | None:
    """The element a place's value stands in, or the component; of a pair the one behind its qualifier."""
    position = place.pairs_from + 1 if place.pairs_from and place.pair else place.value_element
    use = element(place.segment.id, position, releases)
    if use is not None and use.composite is not None and place.component:
        return use.composite.elements[place.component - 1]
    return use


def pairs_end(segment_id: str, begin: int, releases: tuple[str, ...]) -> int:
    """The element behind a list of pairs that begins at ``begin``: as far as every second element is the same data element."""
    first = element(segment_id, begin, releases)
    end = begin
    while first is not None and (one := element(segment_id, end, releases)) is not None and one.reference == first.reference:
        end += 2
    return end
