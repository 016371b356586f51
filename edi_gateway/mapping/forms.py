"""The two ways a map is written, read into one tree of rules.

Left is what is made, right is where it comes from: in a map that reads a set, left are fields and right are places; in a map that
writes one, left are places and right are fields.
"""

from __future__ import annotations

from dataclasses import dataclass

from edi_gateway.errors import WrongInput
from edi_gateway.mapping.errors import Mistakes
from edi_gateway.mapping.rules import READING, WRITING, Conditions, FieldPath, Rule, Scope
from edi_gateway.plainyaml import Fields, Items, Plain, Text
from edi_gateway.x12.place import Place, parse

WORDS = ("from", "each", "fields", "as", "codes", "default", "when", "count")


@dataclass(frozen=True)
class Words:
    """The words of one line: a bare value is the same as ``from``."""

    left: Text
    form: str
    source: tuple[Text, ...] = ()
    many: bool = False
    fields: Fields | None = None
    conversion: Text | None = None
    codes: Text | None = None
    default: Text | None = None
    when: Plain | None = None
    count: Text | None = None

    def rule(self, fields: tuple[FieldPath, ...], places: tuple[Place, ...], when: Conditions = ()) -> Rule:
        """These words as a rule between ``fields`` and ``places``."""
        words = (self.conversion, self.codes, self.default, self.count)
        return Rule(self.form, self.left, self.left.where, fields, places, *words, when, self.many)


def read_body(body: Fields, form: str, top: Scope, mistakes: Mistakes) -> None:
    """Adds the rules of ``body``, written in ``form``, to the tree under ``top``; what is wrong goes to ``mistakes``."""
    if form == READING:
        _fields_left(body, top, (), mistakes)
    else:
        _places_left(body, top, mistakes)


def _fields_left(body: Fields, scope: Scope, prefix: FieldPath, mistakes: Mistakes) -> None:
    for left, right in body.items():
        if right == "":
            continue
        try:
            words = _words(left, right, READING, mistakes)
            _field_line(words, scope, (*prefix, *left.split(".")), mistakes)
        except WrongInput as error:
            mistakes.take(error, left.where)


def _field_line(words: Words, scope: Scope, path: FieldPath, mistakes: Mistakes) -> None:
    if words.fields is not None and not words.source:
        _fields_left(words.fields, scope, path, mistakes)
        return
    places = tuple(_narrowed(parse(text), words.when) for text in words.source)
    if words.fields is None:
        scope.add(words.rule((path,), places))
        return
    inner = _block(words, scope, places, path, mistakes)
    _fields_left(words.fields, inner, (), mistakes)


def _places_left(body: Fields, scope: Scope, mistakes: Mistakes) -> None:
    for left, right in body.items():
        if right == "":
            continue
        try:
            words = _words(left, right, WRITING, mistakes)
            _place_line(words, scope, mistakes)
        except WrongInput as error:
            mistakes.take(error, left.where)


def _place_line(words: Words, scope: Scope, mistakes: Mistakes) -> None:
    place = parse(words.left)
    fields = tuple(tuple(text.split(".")) for text in words.source)
    when = _conditions(words.when)
    if words.fields is None:
        scope.add(words.rule(fields, (place,), when))
        return
    inner = _block(words, scope, (place,), fields[0] if fields else (), mistakes)
    inner.when = when or inner.when
    _places_left(words.fields, inner, mistakes)


def _block(words: Words, scope: Scope, places: tuple[Place, ...], path: FieldPath, mistakes: Mistakes) -> Scope:
    """The scope a line with ``fields`` opens."""
    for word in ("codes", "default", "count"):
        if getattr(words, word) is not None:
            mistakes.add(f"'{word}' says nothing beside 'fields'", words.left.where)
    place = places[0]
    if len(places) > 1:
        raise WrongInput("'fields' needs one place, not several")
    if place.element is not None or place.pair:
        raise WrongInput(f"{place} is one value and cannot have 'fields'", do="name the segment or loop")
    parent = scope.within(place.loops, words.left.where)
    inner = parent.child(place.segment, path, words.many, words.left.where, place.pairs_from)
    inner.conversion = words.conversion or inner.conversion
    return inner


def _words(left: Text, right: Plain, form: str, mistakes: Mistakes) -> Words:
    if not isinstance(right, Fields):
        return Words(left, form, _texts(right))
    for word in right:
        if word not in WORDS:
            mistakes.add(f"'{word}' is no word of the map language", word.where, "one of: " + ", ".join(WORDS))
    known = {str(word): value for word, value in right.items() if value != "" or word == "default"}
    if "from" in known and "each" in known:
        raise WrongInput("'from' and 'each' exclude each other")
    fields = known.get("fields")
    if fields is not None and not isinstance(fields, Fields):
        raise WrongInput("'fields' holds lines of its own")
    if not {"from", "each", "fields", "default", "count"} & set(known):
        raise WrongInput("says nothing of where it comes from", do="give it 'from', 'each', 'default' or 'count'")
    source = known.get("from", known.get("each"))
    return Words(
        left,
        form,
        _texts(source) if source is not None else (),
        "each" in known,
        fields,
        _text(known, "as"),
        _text(known, "codes"),
        _text(known, "default"),
        known.get("when"),
        _text(known, "count"),
    )


def _text(known: dict[str, Plain], word: str) -> Text | None:
    value = known.get(word)
    if value is not None and not isinstance(value, Text):
        raise WrongInput(f"'{word}' has one plain value")
    return value


def _texts(value: Plain) -> tuple[Text, ...]:
    if isinstance(value, Text):
        return (value,)
    if isinstance(value, Items) and value and all(isinstance(one, Text) for one in value):
        return tuple(value)
    raise WrongInput("is neither a name nor a list of names")


def _narrowed(place: Place, when: Plain | None) -> Place:
    """In a map that reads, ``when`` says what else must stand in the segment: elements, or elements and what is in them."""
    if when is None:
        return place
    wanted = dict(when) if isinstance(when, Fields) else dict.fromkeys(_texts(when))
    if place.element is None and place.pairs_from is None and place.segment.conditions:
        place = Place(place.segment, place.loops, place.value_element)
    segment = place.segment
    for left, right in wanted.items():
        condition = parse(left)
        if condition.element is None or condition.segment.id != segment.id:
            raise WrongInput(f"'when' speaks of {left}, which is no element of {segment.id}")
        values = () if right is None else tuple(str(text) for text in _texts(right))
        segment = segment.also(condition.element, values)
    return Place(segment, place.loops, place.element, place.component, place.pairs_from, place.pair)


def _conditions(when: Plain | None) -> Conditions:
    """In a map that writes, ``when`` names fields that must have data, or the words that must stand in them."""
    if when is None:
        return ()
    if isinstance(when, Fields):
        return tuple((tuple(left.split(".")), tuple(str(text) for text in _texts(right))) for left, right in when.items())
    return tuple((tuple(text.split(".")), ()) for text in _texts(when))
