"""A definition narrowed by a guide: what the fast path is compiled from.

It holds all that can be said by counting, by qualifiers and by elements. What it allows, the standard (with the codes a guide
adds) allows and no rule of the guide finds fault with; hierarchies are looked at beside it.
"""

from __future__ import annotations

from msgspec.structs import replace

from edi_gateway.x12.guide.aim import Aim, What, covers
from edi_gateway.x12.guide.model import Guide, Rule
from edi_gateway.x12.place import SegmentRef
from edi_gateway.x12.standard import ElementUse, LoopUse, SegmentDefinition, SegmentUse, TransactionSetDefinition
from edi_gateway.x12.standard.model import Count, PairUse

Path = tuple[SegmentRef, ...]


def narrowed(definition: TransactionSetDefinition, guide: Guide, aims: tuple[Aim, ...]) -> TransactionSetDefinition:
    """The definition with a guide laid over it; ``aims`` are the guide's rules at their places."""
    items = _Narrowing(aims).items(definition.items, ())
    return replace(definition, name=f"{definition.name}, {guide}", items=items)


class _Narrowing:
    def __init__(self, aims: tuple[Aim, ...]) -> None:
        self._aims = aims

    def items(self, items: tuple[SegmentUse | LoopUse, ...], path: Path) -> tuple[SegmentUse | LoopUse, ...]:
        """The items of a loop (or the set) reached by ``path``."""
        return tuple(self._item(item, path) for item in items)

    def _item(self, item: SegmentUse | LoopUse, path: Path) -> SegmentUse | LoopUse:
        bare = SegmentRef(item.id)
        is_head = bool(path) and path[-1].id == item.id
        counts = () if is_head else tuple(_count(aim, item) for aim in self._about(item, path) if aim.what is What.ITEM)
        refs = () if is_head else self._qualified(item, path)
        required = item.required or any(count.least for count in counts)
        most = min((count.most for count in counts if count.ref == bare and count.most is not None), default=item.max)
        if isinstance(item, LoopUse):
            turns = tuple((ref, replace(item, items=self.items(item.items, (*path, ref)))) for ref in refs)
            inner = self.items(item.items, (*path, bare))
            return replace(item, required=required, max=most, items=inner, counts=counts, variants=turns)
        variants = tuple((ref, replace(item, segment=self._segment(item.segment, path, ref))) for ref in refs)
        segment = self._segment(item.segment, path, bare)
        return replace(item, segment=segment, required=required, max=most, counts=counts, variants=variants)

    def _about(self, item: SegmentUse | LoopUse, path: Path) -> list[Aim]:
        """The rules about an item as such, whatever its qualifier."""
        return [aim for aim in self._aims if aim.applies_in(path) and aim.item.id == item.id]

    def _qualified(self, item: SegmentUse | LoopUse, path: Path) -> tuple[SegmentRef, ...]:
        """The ways to know some occurrences of an item that rules say something about the inside of."""
        found = [aim.ref for aim in self._about(item, path) if aim.what is not What.ITEM]
        depth = len(path)
        found += [aim.loops[depth] for aim in self._aims if len(aim.loops) > depth and covers(aim.loops[:depth], path)]
        return tuple(dict.fromkeys(ref for ref in found if ref.id == item.id and ref.conditions))

    def _segment(self, segment: SegmentDefinition, path: Path, ref: SegmentRef) -> SegmentDefinition:
        """A segment's elements by the rules for all of its kind, and those for ``ref``."""
        rules: dict[tuple[int, int], list[Rule]] = {}
        pairs: list[PairUse] = []
        for aim in self._aims:
            if aim.head.id != segment.id or not aim.applies_in(path) or aim.ref.conditions not in ((), ref.conditions):
                continue
            if aim.what is What.ELEMENT:
                rules.setdefault((aim.rule.place.element or 1, aim.rule.place.component or 0), []).append(aim.rule)
            elif aim.what is What.LIST:
                for position in aim.qualifiers:
                    rules.setdefault((position, 0), []).append(aim.rule)
            elif aim.what is What.PAIR:
                places = aim.qualifiers
                pairs.append(PairUse(places[0], places[-1], aim.rule.place.pair, aim.rule.required))
        elements = list(segment.elements)
        for (position, component), said in rules.items():
            elements[position - 1] = _element(elements[position - 1], said, component)
        return replace(segment, elements=tuple(elements), pairs=tuple(pairs))


def _count(aim: Aim, item: SegmentUse | LoopUse) -> Count:
    rule = aim.rule
    if rule.unused:
        return Count(aim.ref, 0, 0)
    least = max(int(rule.required), rule.repeat.least if rule.repeat else 0)
    return Count(aim.ref, least, rule.repeat.most if rule.repeat and rule.repeat.most is not None else item.max)


def _element(use: ElementUse, rules: list[Rule], component: int) -> ElementUse:
    if not component or use.composite is None:
        return _simple(use, rules)
    parts = list(use.composite.elements)
    parts[component - 1] = _simple(parts[component - 1], rules)
    return replace(use, composite=replace(use.composite, elements=tuple(parts)))


def _simple(use: ElementUse, rules: list[Rule]) -> ElementUse:
    if any(rule.unused for rule in rules):
        return replace(use, requirement="N")
    least, most, allowed = use.min, use.max, use.codes
    for rule in rules:
        if rule.length is not None:
            least = max(least, rule.length.least)
            most = most if rule.length.most is None else min(most, rule.length.most)
    for codes in (rule.codes for rule in rules if rule.codes):
        allowed = None if allowed is None else allowed | codes.add
    for codes in (rule.codes for rule in rules if rule.codes):
        if codes.only is not None:
            allowed = codes.only if allowed is None else allowed & codes.only
        allowed = None if allowed is None else allowed - codes.remove
    if allowed is not None:
        allowed = frozenset(code for code in allowed if least <= len(code) <= most)
    requirement = "M" if any(rule.required for rule in rules) else use.requirement
    return replace(use, requirement=requirement, min=least, max=most, codes=allowed)
