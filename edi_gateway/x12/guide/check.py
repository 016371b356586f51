"""Holds a guide against the definitions it is laid over, when it is loaded: everything wrong is told, each with its line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.wording import did_you_mean
from edi_gateway.x12.guide.aim import Aim, What, aim, covers
from edi_gateway.x12.guide.model import Codes, Guide, Rule
from edi_gateway.x12.guide.read import Draft
from edi_gateway.x12.place import SegmentRef
from edi_gateway.x12.standard import ElementUse, LoopUse, TransactionSetDefinition, codes, load

_WORDS = {
    What.ITEM: ("required", "unused", "repeat"),
    What.ELEMENT: ("required", "unused", "length", "codes"),
    What.PAIR: ("required", "unused"),
    What.LIST: ("codes",),
}
_LEVELS = "735"  # the data element of HL03


def checked(draft: Draft) -> Guide:
    """A guide that can be laid over each of its releases. Raises Collected with every mistake, in order of lines."""
    guide = draft.guide
    found = {str(mistake): mistake for mistake in draft.mistakes}
    for release in guide.releases if guide.set else ():
        for mistake in _in_release(guide, release):
            found.setdefault(str(mistake), mistake)
    if found:
        raise Collected(sorted(found.values(), key=lambda mistake: _line(mistake.where)))
    return guide


def aims(guide: Guide, definition: TransactionSetDefinition) -> tuple[Aim, ...]:
    """The rules of a guide at their places. Raises WrongInput where one has none."""
    return tuple(aim(definition, rule) for rule in guide.rules)


def _line(where: str | None) -> tuple[str, int]:
    file, _, line = (where or "").rpartition(":")
    return (file, int(line)) if line.isdecimal() else (where or "", 0)


def _in_release(guide: Guide, release: str) -> Iterator[WrongInput]:
    try:
        definition = load(guide.set, release)
    except WrongInput as error:
        yield WrongInput(error.what, where=guide.at("set" if "set" in error.what else "releases"), do=error.do)
        return
    found: list[Aim] = []
    for rule in guide.rules:
        try:
            found.append(aim(definition, rule))
        except WrongInput as error:
            yield error
    for one in found:
        yield from _check_words(one)
        yield from _check_qualifiers(one, found)
        yield from _check_inside_unused(one, found)
    for one, other in combinations(found, 2):
        yield from _check_two(one, other)
    yield from _check_hierarchies(guide, definition)


def _wrong(rule: Rule, what: str, do: str | None = None) -> WrongInput:
    return WrongInput(f"{rule.written}: {what}", where=rule.where, do=do)


# --- one rule -----------------------------------------------------------------------------------------------------------------


def _check_words(found: Aim) -> Iterator[WrongInput]:
    rule, allowed = found.rule, _WORDS[found.what]
    for word in rule.words:
        if word not in allowed:
            subject = "segments and loops" if word == "repeat" else "elements"
            yield _wrong(rule, f"'{word}' is said of {subject}", f"here {', '.join(allowed)} may stand")
    if found.what is What.ITEM:
        yield from _check_item(found)
    elif found.what is What.ELEMENT:
        yield from _check_element(found, found.element)
    if rule.codes is not None and found.what in (What.ELEMENT, What.LIST):
        yield from _check_codes(found, found.element, rule.codes)


def _check_item(found: Aim) -> Iterator[WrongInput]:
    rule, item = found.rule, found.item
    if rule.unused and item.required and not found.ref.conditions:
        yield _wrong(rule, "is mandatory by the standard and cannot be unused")
    most = rule.repeat.most if rule.repeat else None
    if most is not None and item.max is not None and most > item.max:
        yield _wrong(rule, f"may stand {item.max} times by the standard, not {most}")
    least = rule.repeat.least if rule.repeat else 0
    if item.max is not None and least > item.max:
        yield _wrong(rule, f"may stand {item.max} times by the standard, not {least}")


def _check_element(found: Aim, use: ElementUse) -> Iterator[WrongInput]:
    rule = found.rule
    if rule.unused and use.requirement == "M":
        yield _wrong(rule, f"{use.name} is mandatory by the standard and cannot be unused")
    elif rule.unused and found.rule.place.element in {position for position, _ in found.ref.conditions}:
        yield _wrong(rule, f"is what {found.ref} is known by and cannot be unused")
    if rule.length is None:
        return
    if use.composite is not None:
        yield _wrong(rule, "has components; say the length of one of them", f"write {rule.written}-1")
        return
    most = rule.length.most if rule.length.most is not None else use.max
    if rule.length.least < use.min or most > use.max:
        yield _wrong(rule, f"{use.name} is {use.min} to {use.max} long by the standard ({use.type}), not {rule.length}")


def _check_codes(found: Aim, use: ElementUse, given: Codes) -> Iterator[WrongInput]:
    rule = found.rule
    if use.composite is not None or use.type not in ("ID", "AN"):
        yield _wrong(rule, f"{use.name} (type {use.type}) has no codes")
        return
    for code in sorted(given.add | (given.only or frozenset())):
        if not use.min <= len(code) <= use.max:
            yield _wrong(rule, f"code '{code}' is not {use.min} to {use.max} characters long")
    if use.codes is None:
        if given.add or given.remove:
            yield _wrong(rule, f"there is no list of {use.name} to add to or remove from", "write codes: only")
        return
    for code in sorted((given.only or frozenset()) - use.codes - given.add):
        do = f"{did_you_mean(code, use.codes)}; a code of the partner's own is written under add as well"
        yield _wrong(rule, f"'{code}' is no code of {use.name}", do)
    for code in sorted(given.remove - use.codes):
        yield _wrong(rule, f"'{code}' is no code of {use.name}", did_you_mean(code, use.codes))
    allowed = given.over(use.codes)
    if not allowed or (rule.length and not any(rule.length.holds(len(code)) for code in allowed)):
        yield _wrong(rule, "no code is left")


# --- qualifiers ---------------------------------------------------------------------------------------------------------------


def _check_qualifiers(found: Aim, every: list[Aim]) -> Iterator[WrongInput]:
    """Codes a segment is known by are codes of the standard, or added; and not taken away by the guide itself."""
    for depth, (ref, head) in enumerate(zip(found.loops, found.heads, strict=True)):
        for position, (value, *_) in ref.conditions:
            yield from _check_qualifier(found, every, found.loops[: depth + 1], head.elements[position - 1], ref, value)
    for position, (value, *_) in found.ref.conditions:
        use = found.head.segment.elements[position - 1]
        inside = (*found.loops, found.ref) if isinstance(found.item, LoopUse) else found.loops
        yield from _check_qualifier(found, every, inside, use, found.ref, value)
    if found.what is What.PAIR:
        yield from _check_qualifier(found, every, found.loops, found.element, found.ref, found.rule.place.pair)


def _check_qualifier(
    found: Aim, every: list[Aim], loops: tuple[SegmentRef, ...], use: ElementUse, ref: SegmentRef, value: str
) -> Iterator[WrongInput]:
    if use.codes is None:
        return
    allowed = use.codes
    for other in every:
        if other.rule.codes and _speaks_of(other, loops, ref, use.position):
            allowed = other.rule.codes.over(allowed) or frozenset()
    if value in allowed or (found.rule.unused and value in use.codes):
        return
    if value in use.codes:
        yield _wrong(found.rule, f"'{value}' is no code that this guide leaves to {ref.id}{use.position:02d}")
    else:
        add = f"write {ref.id}{use.position:02d}: {{codes: {{add: [{value}]}}}}, or did you mean another code?"
        yield _wrong(found.rule, f"'{value}' is no code of {ref.id}{use.position:02d} ({use.name})", add)


def _speaks_of(other: Aim, loops: tuple[SegmentRef, ...], ref: SegmentRef, position: int) -> bool:
    """Whether a rule says which codes this element may have, wherever the segment is qualified so."""
    if other.head.id != ref.id or len(other.loops) != len(loops) or not covers(other.loops, loops):
        return False
    if other.ref.conditions not in ((), ref.conditions):
        return False
    if other.what is What.LIST:
        return position in other.qualifiers
    return other.what is What.ELEMENT and other.rule.place.element == position


# --- rules beside each other --------------------------------------------------------------------------------------------------


def _check_inside_unused(found: Aim, every: list[Aim]) -> Iterator[WrongInput]:
    """Nothing is asked of what may not be there."""
    for other in every:
        if not other.rule.unused or other.what is not What.ITEM or other is found:
            continue
        whole = (*other.loops, other.ref)
        if isinstance(other.item, LoopUse):
            inside = len(found.loops) >= len(whole) and covers(whole, found.loops)
        else:
            same = found.ref.id == other.ref.id and other.ref.conditions in ((), found.ref.conditions)
            inside = same and len(found.loops) == len(other.loops) and covers(other.loops, found.loops)
        beside = found.what is What.ITEM and _same_item(found, other) and other.ref.conditions in ((), found.ref.conditions)
        if (inside or beside) and not found.rule.unused:
            yield _wrong(found.rule, f"lies in what is unused by line {_line(other.rule.where)[1]}", "keep one of them")


def _check_two(one: Aim, other: Aim) -> Iterator[WrongInput]:
    if _same_item(one, other) and one.ref == other.ref and one.what is other.what is What.ITEM:
        yield _said_twice(one, other)
    elif one.what is other.what is not What.ITEM and _same_value(one, other):
        if one.ref == other.ref and one.loops == other.loops:
            yield _said_twice(one, other)
        elif (one.rule.unused and not other.rule.unused) or (other.rule.unused and one.rule.required):
            yield _wrong(other.rule, f"is against line {_line(one.rule.where)[1]}, which holds here too", "keep one of them")
        elif not _codes_left(one, other):
            yield _wrong(other.rule, f"leaves no code that line {_line(one.rule.where)[1]} allows")
    ways = zip((*one.loops, one.ref), (*other.loops, other.ref), strict=False)
    mine, its = next(((mine, its) for mine, its in ways if mine != its), (one.ref, one.ref))
    if _overlap(mine, its):
        yield _wrong(other.rule, f"{its} and {mine} (line {_line(one.rule.where)[1]}) may be the same segment")


def _said_twice(one: Aim, other: Aim) -> WrongInput:
    return _wrong(other.rule, f"is spoken of already on line {_line(one.rule.where)[1]}", "keep one of them")


def _same_item(one: Aim, other: Aim) -> bool:
    return one.ref.id == other.ref.id and one.loops == other.loops


def _same_value(one: Aim, other: Aim) -> bool:
    """Whether two rules speak of one value, in segments that can be the same."""
    mine, its = one.rule.place, other.rule.place
    same = (mine.element, mine.component, mine.pairs_from, mine.pair) == (its.element, its.component, its.pairs_from, its.pair)
    either = one.ref.conditions in ((), other.ref.conditions) or not other.ref.conditions
    if not same or not either or one.ref.id != other.ref.id or len(one.loops) != len(other.loops):
        return False
    return covers(one.loops, other.loops) or covers(other.loops, one.loops)


def _codes_left(one: Aim, other: Aim) -> bool:
    mine, its = one.rule.codes, other.rule.codes
    return mine is None or its is None or mine.only is None or its.only is None or bool(mine.only & its.only)


def _overlap(one: SegmentRef, other: SegmentRef) -> bool:
    """Whether two different ways to know a segment can hold of the same one: no element tells them apart."""
    if one.id != other.id or one == other or not one.conditions or not other.conditions:
        return False
    mine = dict(one.conditions)
    return all(position not in mine or set(mine[position]) & set(values) for position, values in other.conditions)


def _check_hierarchies(guide: Guide, definition: TransactionSetDefinition) -> Iterator[WrongInput]:
    if not guide.hierarchies:
        return
    where = guide.at("hierarchies")
    if not any(isinstance(item, LoopUse) and item.hierarchical for item in definition.items):
        yield WrongInput(f"{definition} has no levels (HL)", where=where)
    known = codes(definition.release, _LEVELS) or frozenset()
    for chain in guide.hierarchies:
        for level in chain:
            if level not in known:
                yield WrongInput(f"hierarchies: '{level}' is no level code (HL03)", where=where, do=did_you_mean(level, known))
