"""Where a rule of a guide points in a definition: the loops around it, the item, and what of the item."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.x12.guide.model import Rule
from edi_gateway.x12.place import PAIRS_FROM, Place, SegmentRef
from edi_gateway.x12.standard import (
    ElementUse,
    LoopUse,
    SegmentDefinition,
    SegmentUse,
    TransactionSetDefinition,
    releases,
    segment_ids,
)


class What(StrEnum):
    """What of an item a rule speaks of."""

    ITEM = "item"  # the segment or loop itself: how often it stands
    ELEMENT = "element"  # one element, or one component of it
    PAIR = "pair"  # the id behind one qualifier in a list of pairs
    LIST = "list"  # the qualifiers of a list of pairs


class Aim(msgspec.Struct, frozen=True):
    """A rule at its place in one definition.

    ``loops`` are the loops from the set down to the one whose item is meant, that loop included, and ``heads`` the segments
    they begin with; ``ref`` says which segments
    with the item's id (for a loop: which of its turns) are meant. ``order`` is where each id stands in that loop.
    """

    rule: Rule
    what: What
    loops: tuple[SegmentRef, ...]
    heads: tuple[SegmentDefinition, ...]
    ref: SegmentRef
    item: SegmentUse | LoopUse
    order: dict[str, int]

    @property
    def head(self) -> SegmentUse:
        """The segment whose elements are meant."""
        return self.item.head if isinstance(self.item, LoopUse) else self.item

    @property
    def element(self) -> ElementUse:
        """The element of an ELEMENT, or the component of it; the first qualifier of a list of pairs."""
        place = self.rule.place
        use = self.head.segment.elements[(place.pairs_from or place.element or 1) - 1]
        return use.composite.elements[place.component - 1] if place.component and use.composite else use

    @property
    def qualifiers(self) -> range:
        """The positions of the qualifiers in a list of pairs: as far as every second element is the same data element."""
        first = self.rule.place.pairs_from or 1
        uses = self.head.segment.elements
        end = first
        while end < len(uses) and uses[end - 1].reference == uses[first - 1].reference:
            end += 2
        return range(first, end, 2)

    def applies_in(self, path: tuple[SegmentRef, ...]) -> bool:
        """Whether the rule holds in the loops of ``path``: what is said of every N1 holds in N1*ST as well."""
        return len(path) == len(self.loops) and covers(self.loops, path)


def covers(wide: tuple[SegmentRef, ...], narrow: tuple[SegmentRef, ...]) -> bool:
    """Whether what is said of the loops ``wide`` is said of ``narrow`` too, as far as both go."""
    return all(one.id == other.id and one.conditions in ((), other.conditions) for one, other in zip(wide, narrow, strict=False))


def aim(definition: TransactionSetDefinition, rule: Rule) -> Aim:
    """Finds the place of a rule in a definition. Raises WrongInput, with the line, where there is no such place."""
    place, way = rule.place, _Way(definition, rule)
    for step in place.loops:
        item = way.find(step)
        if isinstance(item, LoopUse):
            way.enter(step, item)
        elif step is place.loops[-1] and place.segment.id == step.id and not place.segment.conditions:
            return way.aimed(step, item)  # BEG/BEG01, as written inside the braces of BEG
        else:
            raise WrongInput(f"nothing lies inside {step}: it is a segment, no loop", where=rule.where)
    item = way.find(place.segment)
    if isinstance(item, LoopUse) and _what(place) is not What.ITEM:
        way.enter(place.segment, item)
        return way.aimed(SegmentRef(item.id), item.head)
    if way.loops and item is way.items[0] and (_what(place) is What.ITEM or place.segment.conditions):
        raise WrongInput(f"{item.id} begins the loop {way.loops[-1]}: say it of the loop itself", where=rule.where)
    return way.aimed(place.segment, item)


class _Way:
    """The way down from the set to a place, as far as it has gone."""

    def __init__(self, definition: TransactionSetDefinition, rule: Rule) -> None:
        self._definition, self._rule = definition, rule
        self.items = definition.items
        self.loops: list[SegmentRef] = []
        self._heads: list[SegmentDefinition] = []

    def enter(self, ref: SegmentRef, loop: LoopUse) -> None:
        self.loops.append(ref)
        self._heads.append(loop.head.segment)
        self.items = loop.items

    def find(self, ref: SegmentRef) -> SegmentUse | LoopUse:
        """The item with this id where the way has led so far."""
        for item in self.items:
            if item.id == ref.id:
                _check_qualifiers(item, ref, self._rule)
                return item
        raise self._misplaced(ref)

    def aimed(self, ref: SegmentRef, item: SegmentUse | LoopUse) -> Aim:
        order = {each.id: index for index, each in enumerate(self.items)}
        found = Aim(self._rule, _what(self._rule.place), tuple(self.loops), tuple(self._heads), ref, item, order)
        _check_element(found)
        return found

    def _misplaced(self, ref: SegmentRef) -> WrongInput:
        where = self._rule.where
        if not any(ref.id in segment_ids(release) for release in releases()):
            return WrongInput(f"there is no segment {ref.id}", where=where)
        if self.loops and self.loops[-1].id == "HL" == ref.id:
            return WrongInput("levels stand side by side, not inside each other", where=where, do=f"write {ref} by itself")
        around = f"loop {'/'.join(map(str, self.loops))} of {self._definition}" if self.loops else str(self._definition)
        elsewhere = _paths(self._definition.items, ref.id)
        do = f"it stands at {' and '.join(elsewhere[:4])}" if elsewhere else None
        return WrongInput(f"{ref.id} does not stand in {around}", where=where, do=do)


def _what(place: Place) -> What:
    if place.pairs_from is not None:
        return What.PAIR if place.pair else What.LIST
    return What.ITEM if place.element is None else What.ELEMENT


def _paths(items: tuple[SegmentUse | LoopUse, ...], wanted: str, inside: str = "") -> list[str]:
    found = []
    for item in items:
        if item.id == wanted:
            found.append(f"{inside}{wanted}")
        if isinstance(item, LoopUse):
            found += _paths(item.items[1:], wanted, f"{inside}{item.id}/")
    return found


def _check_qualifiers(item: SegmentUse | LoopUse, ref: SegmentRef, rule: Rule) -> None:
    """The elements a qualifier speaks of exist; whether their codes do is for ``check``, which knows what is added."""
    segment = (item.head if isinstance(item, LoopUse) else item).segment
    for position, _ in ref.conditions:
        if position > len(segment.elements):
            raise WrongInput(f"{ref.id} has no element {position:02d}", where=rule.where)
        if segment.elements[position - 1].composite is not None:
            raise WrongInput(f"{ref.id}{position:02d} has components and cannot be a qualifier", where=rule.where)


def _check_element(found: Aim) -> None:
    place, uses, where = found.rule.place, found.head.segment.elements, found.rule.where
    position = place.pairs_from or place.element
    if position is None:
        return
    if position > len(uses):
        raise WrongInput(f"{found.ref.id} has no element {position:02d}", where=where, do=f"it has {len(uses)}")
    use = uses[position - 1]
    if place.component and (use.composite is None or place.component > len(use.composite.elements)):
        raise WrongInput(f"{found.ref.id}{position:02d} has no component {place.component}", where=where)
    if place.pairs_from and (place.segment.id not in PAIRS_FROM and use.type != "ID"):
        raise WrongInput(f"{found.ref.id}{position:02d} begins no list of pairs", where=where)
