"""Holds a map against both its ends before any document is: the set's definition and the document's fields.

Everything wrong is gathered with file and line, so that one pass of mending is enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from edi_gateway.errors import WrongInput
from edi_gateway.mapping.computed import COMPUTED
from edi_gateway.mapping.conversions import CONVERSIONS
from edi_gateway.mapping.errors import Mistakes
from edi_gateway.mapping.made import Made
from edi_gateway.mapping.rules import READING, WRITING, FieldPath, Rule, Scope, Tap
from edi_gateway.mapping.shape import element, shape
from edi_gateway.mapping.types import field as field_type
from edi_gateway.mapping.types import plain_field
from edi_gateway.mapping.view import View
from edi_gateway.x12.place import Place, SegmentRef, parse
from edi_gateway.x12.standard import codes, releases, segment_ids, sets


def check(view: View, mistakes: Mistakes) -> None:
    """Checks one direction of a map; what is wrong goes to ``mistakes``. Raises WrongInput if there is no such set or release."""
    for release in view.releases:
        try:
            shape(view.set_code, (release,))
        except WrongInput as error:
            mistakes.take(error, view.top.where)
            return
    wide = replace(view, releases=_having(view.set_code), _parts={}, _hidden=set())
    for scope in view.top.walk():
        if _stands(wide, scope, mistakes):
            _check_scope(wide, scope, mistakes)
            _check_releases(view, wide, scope, mistakes)
    _check_ignored(view, wide, mistakes)
    if not mistakes.found:
        Made(view, mistakes).check()


def _check_ignored(view: View, wide: View, mistakes: Mistakes) -> None:
    for place, where in view.ignored.places:
        try:
            _check_element(wide, place)
            if place.loops:
                raise WrongInput(f"{place} lies in a loop", do="name the element alone: it is ignored wherever it stands")
            if not shape(view.set_code, wide.releases).find(place.segment.id):
                raise WrongInput(f"{view.set_code} has no {place.segment.id}")
        except WrongInput as error:
            mistakes.take(error, where)
    for path, where in view.ignored.fields:
        try:
            plain_field(view.document, path)
        except WrongInput as error:
            mistakes.take(error, where)


def _having(set_code: str) -> tuple[str, ...]:
    return tuple(release for release in releases() if set_code in sets(release))


def _check_releases(view: View, wide: View, scope: Scope, mistakes: Mistakes) -> None:
    """What stands in some release must stand in one the map is for; of alternatives, one must."""
    said = ", ".join(view.releases)
    if scope.makes and not view.possible(scope):
        mistakes.add(f"{scope.path} does not stand in {view.set_code} ({said})", scope.where)
    for tap in scope.taps:
        here = wide.has(scope, tap.place.segment) and _element_in(wide, tap.place)
        if here and not any(_place_in(view, one, other.place) for one, other in view.all_taps(tap.rule)):
            mistakes.add(f"{tap.place} does not stand in {view.set_code} ({said})", tap.rule.where)


def _place_in(view: View, scope: Scope, place: Place) -> bool:
    return view.possible(scope) and view.has(scope, place.segment) and _element_in(view, place)


def _element_in(view: View, place: Place) -> bool:
    if place.element is None and place.pairs_from is None and not place.segment.conditions:
        return False
    position = place.pairs_from if place.pairs_from is not None else place.value_element
    return element(place.segment.id, position, view.releases) is not None


def _stands(view: View, scope: Scope, mistakes: Mistakes) -> bool:
    """Whether a scope and all around it are places the set has; only the innermost that is not is told."""
    if scope.parent is None:
        return True
    if not view.possible(scope.parent):
        return False
    if not view.has(scope.parent, scope.segment):
        _misplaced(view, scope.parent, scope.segment, scope.where, mistakes)
        return False
    return True


def _misplaced(view: View, scope: Scope, segment: SegmentRef | None, where: str, mistakes: Mistakes) -> None:
    name = segment.id if segment else "?"
    if not any(name in segment_ids(release) for release in releases()):
        mistakes.add(f"there is no segment {name}", where)
        return
    elsewhere = shape(view.set_code, view.releases).find(name)
    around = f"loop {scope.path} of {view.set_code}" if scope.path else view.set_code
    said = ", ".join(view.releases)
    do = f"it stands at {' and '.join(elsewhere[:4])}" if elsewhere else None
    mistakes.add(f"{name} does not stand in {around} ({said})", where, do)


# --- one scope: its place, its field, its lines -------------------------------------------------------------------------------


def _check_scope(view: View, scope: Scope, mistakes: Mistakes) -> None:
    if scope.segment is not None:
        _check_qualifiers(view, scope.segment, scope.where, mistakes)
        _check_given(view, scope.given, scope.where, mistakes)
    try:
        part = view.part(scope)
        if scope.makes and scope.parent is not None:
            _check_target(view, scope)
    except WrongInput as error:
        mistakes.take(error, scope.where)
        return
    for path, _ in scope.when:
        try:
            field_type(part, path)
        except WrongInput as error:
            mistakes.take(error, scope.where)
    for other in scope.scopes:
        _check_neighbours(scope, other, mistakes)
    for tap in scope.taps:
        _check_tap(view, scope, tap, mistakes)
    for rule in scope.fixed:
        _check_fixed(view, scope, rule, mistakes)
    _check_twice(view, scope, mistakes)


def _check_target(view: View, scope: Scope) -> None:
    target = view.target(scope)
    if target.many and not scope.many:
        raise WrongInput(f"'{target.name}' holds many", where=scope.where, do="say 'each'")
    if scope.many and not target.many:
        raise WrongInput(f"'{target.name}' holds one", where=scope.where, do="say 'from'")
    if scope.pairs_from is not None and not scope.many:
        raise WrongInput("a list of pairs makes many", where=scope.where, do="say 'each'")
    if scope.parent is not None and scope.segment == scope.parent.segment and scope.pairs_from is None:
        raise WrongInput(f"{scope.segment} is where this part is made already", where=scope.where, do="leave 'from' out")
    converted = view.list_conversion(scope)
    if converted is not None and converted.outer is not target.base:
        raise WrongInput(f"'{converted.name}' does not make '{target.name}'", where=scope.where)


def _check_neighbours(scope: Scope, one: Scope, mistakes: Mistakes) -> None:
    for other in scope.scopes:
        if other is one or (other.segment, other.pairs_from, other.given) != (one.segment, one.pairs_from, one.given):
            continue
        if one.where < other.where or one.makes is False:
            continue
        mistakes.add(f"{one.segment} is taken already by the line at {other.where}", one.where)


def _check_qualifiers(view: View, segment: SegmentRef, where: str, mistakes: Mistakes) -> None:
    for position, values in segment.conditions:
        use = element(segment.id, position, view.releases)
        if use is None:
            mistakes.add(f"{segment.id} has no element {position:02d} ({', '.join(view.releases)})", where)
            continue
        known = [found for release in releases() if (found := codes(release, use.reference)) is not None]
        for value in values:
            if known and not any(value in found for found in known):
                mistakes.add(f"'{value}' is no code of {segment.id}{position:02d} ({use.name})", where)


def _check_given(view: View, given: tuple[SegmentRef, ...], where: str, mistakes: Mistakes) -> None:
    """What must stand elsewhere in the set has to be a place of it."""
    for segment in given:
        if not shape(view.set_code, view.releases).find(segment.id):
            mistakes.add(f"'when' speaks of {segment.id}, and {view.set_code} has none", where)
        _check_qualifiers(view, segment, where, mistakes)


def _check_tap(view: View, scope: Scope, tap: Tap, mistakes: Mistakes) -> None:
    rule, place = tap.rule, tap.place
    _check_given(view, rule.given, rule.where, mistakes)
    if not view.has(scope, place.segment) and not (scope.pairs_from and place.segment == scope.segment):
        _misplaced(view, scope, place.segment, rule.where, mistakes)
        return
    if place.segment != scope.segment:
        _check_qualifiers(view, place.segment, rule.where, mistakes)
    try:
        _check_element(view, place)
        _check_rule(view, scope, rule)
        for path in rule.fields:
            _check_value(view, scope, tap, path)
    except WrongInput as error:
        mistakes.take(error, rule.where)


def _check_element(view: View, place: Place) -> None:
    if place.whole_list:
        raise WrongInput(f"{place} is a whole list", do="use it with 'each' and 'fields'")
    position = place.pairs_from if place.pairs_from is not None else place.value_element
    use = element(place.segment.id, position, view.releases)
    if use is None:
        raise WrongInput(f"{place.segment.id} has no element {position:02d} ({', '.join(view.releases)})")
    if place.component is None:
        return
    if use.composite is None or place.component > len(use.composite.elements):
        raise WrongInput(f"{place.segment.id}{position:02d} has no component {place.component}")


def _check_rule(view: View, scope: Scope, rule: Rule) -> None:
    if rule.codes is not None and rule.codes not in view.codes:
        raise WrongInput(f"there is no code list '{rule.codes}'", do="one of: " + ", ".join(sorted(view.codes)))
    if rule.codes is not None and rule.conversion is not None:
        raise WrongInput("'codes' and 'as' exclude each other")
    if rule.count is not None:
        counted = parse(rule.count)
        if not shape(view.set_code, view.releases).find(counted.segment.id):
            raise WrongInput(f"'count' names {rule.count}, and {view.set_code} has no {counted.segment.id}")
        begins = scope.maker.segment.id if scope.maker.segment else None
        if rule.form == READING and counted.segment.id != begins:
            raise WrongInput(f"'count' can only number {begins or 'what an each begins with'} here")
    computed = COMPUTED.get(rule.conversion or "")
    if computed is not None and rule.fields:
        raise WrongInput(f"'{computed.name}' is computed from the whole document", do="leave 'from' out")
    if computed is not None and not issubclass(view.part(scope), computed.of):
        raise WrongInput(f"'{computed.name}' is computed from {computed.of.__name__}, not from {view.part(scope).__name__}")
    for path, _ in rule.when:
        field_type(view.part(scope), path)


def _check_value(view: View, scope: Scope, tap: Tap, path: FieldPath) -> None:
    rule = tap.rule
    found = field_type(view.part(scope), path)
    if found.part is not None:
        raise WrongInput(f"'{found.name}' is a part with fields of its own", do="say 'fields'")
    joined = CONVERSIONS.get(rule.conversion or "")
    if found.many != rule.many and not (joined is not None and joined.joins):
        holds, word = ("many", "each") if found.many else ("one", "from")
        raise WrongInput(f"'{found.name}' holds {holds}", do=f"say '{word}'")
    if rule.codes is not None:
        if found.base is not str:
            raise WrongInput(f"'{found.name}' is no text, and a code list makes words")
        return
    conversion = view.conversion(scope, tap, path)
    if view.direction == WRITING and conversion.write is None and id(rule) in {id(one.rule) for one in view.taps(scope)}:
        raise WrongInput(f"'{conversion.name}' cannot be written")


def _check_fixed(view: View, scope: Scope, rule: Rule, mistakes: Mistakes) -> None:
    try:
        _check_rule(view, scope, rule)
        for path in rule.fields:
            field_type(view.part(scope), path)
    except WrongInput as error:
        mistakes.take(error, rule.where)


def _check_twice(view: View, scope: Scope, mistakes: Mistakes) -> None:
    """Two lines for one place, and (left a field) two lines for one field."""
    places: dict[tuple[object, ...], Rule] = {}
    for tap in scope.taps:
        place = tap.place
        if not _element_in(view, place):
            continue
        at = place.pairs_from if place.pairs_from is not None else place.value_element
        key = (tap.rule.form, place.segment, at, place.component, place.pair, tap.rule.given)
        first = places.setdefault(key, tap.rule)
        if first is not tap.rule:
            mistakes.add(f"{tap.place} is spoken of already at {first.where}", tap.rule.where, "keep one of them")
    if not scope.makes:
        return
    made: dict[FieldPath, Rule] = {}
    for rule in (rule for inner in scope.made_here() for rule in _own_rules(inner) if rule.form == READING):
        first = made.setdefault(rule.fields[0], rule)
        if first is not rule:
            mistakes.add(f"'{'.'.join(rule.fields[0])}' is made already at {first.where}", rule.where, "keep one of them")


def _own_rules(scope: Scope) -> Iterator[Rule]:
    yield from scope.fixed
    seen: set[int] = set()
    for tap in scope.taps:
        if id(tap.rule) not in seen:
            seen.add(id(tap.rule))
            yield tap.rule
