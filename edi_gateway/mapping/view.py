"""A map looked at in one direction: which of its rules hold, between which types, and by which conversion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from edi_gateway.documents.base import Value
from edi_gateway.errors import Defect, WrongInput
from edi_gateway.mapping.codes import CodeList
from edi_gateway.mapping.conversions import CONVERSIONS, Conversion, ListConversion, inferred
from edi_gateway.mapping.packing import LIST_CONVERSIONS
from edi_gateway.mapping.rules import READING, FieldPath, Rule, Scope, Tap
from edi_gateway.mapping.shape import Shape, element_at, shape
from edi_gateway.mapping.types import FieldType
from edi_gateway.mapping.types import field as field_type
from edi_gateway.x12.place import Place, SegmentRef


@dataclass(frozen=True)
class Ignored:
    """What a map says it ignores: elements of segments when read, fields of the document when written; with file and line."""

    places: tuple[tuple[Place, str], ...] = ()
    fields: tuple[tuple[FieldPath, str], ...] = ()


@dataclass(eq=False)
class View:
    """One direction of a map, for the releases given.

    A rule written for this direction comes before one for the same target that was only turned round. ``counted`` are segments
    written to hold counts of others, and the element up to which there is nothing to keep of them when read; ``ignored`` is what
    the map knowingly does not carry.
    """

    direction: str
    top: Scope
    document: type[Value]
    set_code: str
    releases: tuple[str, ...]
    codes: dict[str, CodeList]
    counted: dict[str, int] = field(default_factory=dict)
    ignored: Ignored = Ignored()
    _parts: dict[int, type[Value]] = field(default_factory=dict)
    _hidden: set[int] = field(default_factory=set)
    _hanging: dict[int, list[tuple[Scope, Tap]]] = field(init=False)

    def __post_init__(self) -> None:
        self._hanging = {}
        for scope in self.top.walk():
            for tap in scope.taps:
                self._hanging.setdefault(id(tap.rule), []).append((scope, tap))
            if scope.makes:
                self._hide(scope)

    def _hide(self, maker: Scope) -> None:
        """Hides what does not hold in this direction among the rules that fill one document part."""
        own: set[object] = set()
        rules = [(target, rule) for scope in maker.made_here() for target, rule in self._targets(scope)]
        own = {target for target, rule in rules if rule.form == self.direction}
        for target, rule in rules:
            turned = rule.form != self.direction
            if turned and (target in own or (self.direction == READING and not rule.fields)):
                self._hidden.add(id(rule))

    def _targets(self, scope: Scope) -> Iterable[tuple[object, Rule]]:
        reading = self.direction == READING
        for tap in scope.taps:
            target = tap.rule.fields[:1] if reading else (id(scope), tap.place)
            yield target, tap.rule
        for rule in scope.fixed:
            yield rule.fields[:1], rule

    def taps(self, scope: Scope) -> list[Tap]:
        """The taps of a scope that hold in this direction."""
        return [tap for tap in scope.taps if id(tap.rule) not in self._hidden and (tap.rule.fields or self.direction != READING)]

    def all_taps(self, rule: Rule) -> list[tuple[Scope, Tap]]:
        """Where a rule hangs, whether or not it holds in this direction."""
        return self._hanging.get(id(rule), [])

    def fixed(self, scope: Scope) -> list[Rule]:
        """The rules without a place that hold in this direction."""
        return [rule for rule in scope.fixed if rule.form == self.direction and self.direction == READING]

    def default(self, rule: Rule) -> str | None:
        """The rule's default, if it was written for this direction."""
        return rule.default if rule.form == self.direction else None

    def count(self, rule: Rule) -> str | None:
        """What the rule counts, if it was written for this direction."""
        return rule.count if rule.form == self.direction else None

    def part(self, scope: Scope) -> type[Value]:
        """The document part that a scope's rules fill. Raises WrongInput where its field holds none."""
        maker = scope.maker
        if maker.parent is None:
            return self.document
        if id(maker) not in self._parts:
            self._parts[id(maker)] = self._part_of(maker)
        return self._parts[id(maker)]

    def _part_of(self, maker: Scope) -> type[Value]:
        if (converted := self.list_conversion(maker)) is not None:
            return converted.inner
        found = self.target(maker)
        if found.part is None:
            raise WrongInput(f"'{found.name}' is a plain value and has no fields", where=maker.where)
        return found.part

    def target(self, maker: Scope) -> FieldType:
        """The field a scope makes."""
        if maker.parent is None:
            raise Defect("the document itself is no field")
        return field_type(self.part(maker.parent), maker.field)

    def list_conversion(self, scope: Scope) -> ListConversion | None:
        """The conversion of a whole ``each``, if it names one. Raises WrongInput for a name that is none."""
        if scope.conversion is None:
            return None
        if scope.conversion not in LIST_CONVERSIONS:
            known = ", ".join(LIST_CONVERSIONS)
            raise WrongInput(f"there is no conversion of lists '{scope.conversion}'", where=scope.where, do=f"one of: {known}")
        return LIST_CONVERSIONS[scope.conversion]

    def conversion(self, scope: Scope, tap: Tap, path: FieldPath) -> Conversion:
        """How the element of ``tap`` and the field ``path`` become one another. Raises WrongInput where they cannot."""
        found = field_type(self.part(scope), path)
        place = tap.place
        use = element_at(place, self.releases)
        kind = use.type if use is not None else "AN"
        named = tap.rule.conversion
        if named is not None and named not in CONVERSIONS:
            raise WrongInput(f"there is no conversion '{named}'", where=tap.rule.where, do="one of: " + ", ".join(CONVERSIONS))
        conversion = CONVERSIONS[named] if named is not None else inferred(found.base, kind)
        if conversion is not None and conversion.joins and not tap.rule.many:
            raise WrongInput(f"'{conversion.name}' makes one text of many", where=tap.rule.where, do="say 'each'")
        if conversion is None or conversion.type is not found.base:
            raise WrongInput(
                f"{place} ({kind}) does not become '{found.name}' ({found.base.__name__})",
                where=tap.rule.where,
                do="name a conversion that makes one of the other with 'as'",
            )
        return conversion

    def scope_of(self, tap: Tap) -> Scope:
        """The scope a tap hangs on; in a list of pairs that list."""
        for scope in self.top.walk():
            if tap in scope.taps:
                return scope
        raise Defect(f"no scope holds the rule at {tap.rule.where}")

    def known(self, segment: SegmentRef) -> frozenset[int]:
        """Elements of a segment that hold nothing to carry: its qualifiers, counts, and what the map ignores."""
        known = {element for element, values in segment.conditions if values}
        known |= set(range(1, self.counted.get(segment.id, 0) + 1))
        for place, _ in self.ignored.places:
            if place.segment.id == segment.id and set(place.segment.conditions) <= set(segment.conditions):
                known.add(place.value_element)
        return frozenset(known)

    def lines(self) -> dict[str, str]:
        """The lines of the map that carry values in this direction: what each makes, by file and line."""
        reading = self.direction == READING
        taps = [tap for scope in self.top.walk() for tap in self.taps(scope) if self.possible(scope)]
        carrying = [tap for tap in taps if (tap.rule.fields or tap.rule.count) and not self._is_constant(tap.place)]
        return {tap.rule.where: ".".join(tap.rule.fields[0]) if reading else str(tap.place) for tap in carrying}

    def _is_constant(self, place: Place) -> bool:
        """Whether a place is a qualifier of its own segment, and so always the same."""
        return place.pairs_from is None and len(dict(place.segment.conditions).get(place.value_element, ())) == 1

    def shape(self, scope: Scope) -> Shape | None:
        """The loop a scope is, or None where it is a plain segment or stands where no release has it."""
        if scope.parent is None:
            return shape(self.set_code, self.releases)
        outer = self.shape(scope.parent)
        if outer is None or scope.pairs_from is not None or scope.segment is None:
            return None
        if outer.hierarchical and scope.segment.id == "HL":
            return outer
        return outer.loops.get(scope.segment.id)

    def possible(self, scope: Scope) -> bool:
        """Whether any of the releases has the scope's segment where the map has it."""
        if scope.parent is None:
            return True
        return self.possible(scope.parent) and self.has(scope.parent, scope.segment)

    def has(self, scope: Scope, segment: SegmentRef | None) -> bool:
        """Whether a segment may stand in a scope: its own head, a child of the loop, or a level below a level."""
        if segment is None or segment == scope.segment:
            return True
        found = self.shape(scope)
        if found is None:
            return False
        return found.holds(segment.id) or (found.hierarchical and segment.id == "HL")
