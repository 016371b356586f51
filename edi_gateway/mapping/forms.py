"""The two ways a map is written, read into one tree of rules.

Left is what is made, right is where it comes from: in a map that reads a set, left are fields and right are places; in a map that
writes one, left are places and right are fields.
"""

from __future__ import annotations

from dataclasses import dataclass

from edi_gateway.errors import WrongInput
from edi_gateway.mapping.computed import COMPUTED
from edi_gateway.mapping.errors import Mistakes
from edi_gateway.mapping.rules import READING, Conditions, FieldPath, Rule, Scope
from edi_gateway.plainyaml import Fields, Items, Plain, Text
from edi_gateway.x12.place import Place, SegmentRef, parse

_ANSWER = "say what it becomes or comes from, or take the line out and put the place under 'ignores'"
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
        given = _elsewhere(places, self.when) if self.form == READING else ()
        return Rule(self.form, self.left, self.left.where, fields, places, *words, when, self.many, given)


class Form:
    """Reads the lines of a map, written with places or with fields on the left.

    ``turned`` lines stand under ``turned:``, where an empty right side takes back what the map says in its own direction.
    """

    def __init__(self, form: str, mistakes: Mistakes, *, turned: bool = False) -> None:
        self.form, self.mistakes, self.turned = form, mistakes, turned

    def read(self, body: Fields, top: Scope) -> None:
        """Adds the rules of ``body`` to the tree under ``top``; what is wrong goes to the mistakes."""
        self._lines(body, top, ())

    def _lines(self, body: Fields, scope: Scope, prefix: FieldPath) -> None:
        for left, right in body.items():
            try:
                if left.startswith("?") or right == "?":
                    raise WrongInput(f"'{left}' is an open question", do=_ANSWER)
                if right == "":
                    self._nothing(left, scope, prefix)
                elif self.form == READING:
                    self._field(self._words(left, right), scope, (*prefix, *left.split(".")))
                else:
                    self._place(self._words(left, right), scope)
            except WrongInput as error:
                self.mistakes.take(error, left.where)

    def _nothing(self, left: Text, scope: Scope, prefix: FieldPath) -> None:
        """Nothing on the right: not made. In a map's own direction the line is simply not there."""
        if not self.turned:
            return
        if self.form == READING:
            scope.add(Rule(self.form, left, left.where, fields=((*prefix, *left.split(".")),)))
            return
        place = parse(left)
        if place.element is None:
            raise WrongInput(f"{left} cannot be taken back here", do="only single elements can be, such as PO101")
        scope.add(Rule(self.form, left, left.where, places=(place,), default=""))

    def _field(self, words: Words, scope: Scope, path: FieldPath) -> None:
        if words.fields is not None and not words.source:
            self._lines(words.fields, scope, path)
            return
        places = tuple(_narrowed(parse(text), words.when) for text in words.source)
        if words.fields is None:
            scope.add(words.rule((path,), places))
            return
        self._lines(words.fields, self._block(words, scope, places, path), ())

    def _place(self, words: Words, scope: Scope) -> None:
        places = tuple(parse(text) for text in words.left.split(" or "))
        fields = tuple(tuple(text.split(".")) for text in words.source)
        when = _conditions(words.when)
        if words.fields is None:
            scope.add(words.rule(fields, places, when))
            return
        inner = self._block(words, scope, places, fields[0] if fields else ())
        inner.when = when or inner.when
        self._lines(words.fields, inner, ())

    def _block(self, words: Words, scope: Scope, places: tuple[Place, ...], path: FieldPath) -> Scope:
        """The scope a line with ``fields`` opens."""
        for word in ("codes", "default", "count"):
            if getattr(words, word) is not None:
                self.mistakes.add(f"'{word}' says nothing beside 'fields'", words.left.where)
        place = places[0]
        if len(places) > 1:
            raise WrongInput("'fields' needs one place, not several")
        if place.element is not None or place.pair:
            raise WrongInput(f"{place} is one value and cannot have 'fields'", do="name the segment or loop")
        parent = scope.within(place.loops, words.left.where)
        given = _elsewhere(places, words.when) if self.form == READING else ()
        inner = parent.child(place.segment, path, words.many, words.left.where, place.pairs_from, given)
        inner.conversion = words.conversion or inner.conversion
        return inner

    def _words(self, left: Text, right: Plain) -> Words:
        if not isinstance(right, Fields):
            return Words(left, self.form, _texts(right))
        for word in right:
            if word not in WORDS:
                self.mistakes.add(f"'{word}' is no word of the map language", word.where, "one of: " + ", ".join(WORDS))
        known = {str(word): value for word, value in right.items() if value != "" or word == "default"}
        return _sorted_words(left, self.form, known)


def _sorted_words(left: Text, form: str, known: dict[str, Plain]) -> Words:
    if "from" in known and "each" in known:
        raise WrongInput("'from' and 'each' exclude each other")
    fields = known.get("fields")
    if fields is not None and not isinstance(fields, Fields):
        raise WrongInput("'fields' holds lines of its own")
    computed = form != READING and str(known.get("as")) in COMPUTED
    if not computed and not {"from", "each", "fields", "default", "count"} & set(known):
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
    if place.element is None and place.pairs_from is None and place.segment.conditions and when is not None:
        place = Place(place.segment, place.loops, place.value_element)
    segment = place.segment
    for condition, values in _wanted(when):
        if condition.segment.id == segment.id:
            segment = segment.also(condition.value_element, values)
    return Place(segment, place.loops, place.element, place.component, place.pairs_from, place.pair)


def _elsewhere(places: tuple[Place, ...], when: Plain | None) -> tuple[SegmentRef, ...]:
    """What ``when`` says of other segments of the set than the ones read."""
    own = {place.segment.id for place in places}
    return tuple(
        place.segment.also(place.value_element, values) for place, values in _wanted(when) if place.segment.id not in own
    )


def _wanted(when: Plain | None) -> list[tuple[Place, tuple[str, ...]]]:
    if when is None:
        return []
    wanted = dict(when) if isinstance(when, Fields) else dict.fromkeys(_texts(when))
    found = [(parse(left), () if right is None else tuple(str(one) for one in _texts(right))) for left, right in wanted.items()]
    for place, _ in found:
        if place.loops or (place.element is None and not place.segment.conditions):
            raise WrongInput(f"'when' speaks of {place}, which is no element of a segment", do="name one, such as REF01 or BEG02")
    return found


def _conditions(when: Plain | None) -> Conditions:
    """In a map that writes, ``when`` names fields that must have data, or the words that must stand in them."""
    if when is None:
        return ()
    if isinstance(when, Fields):
        return tuple((tuple(left.split(".")), tuple(str(text) for text in _texts(right))) for left, right in when.items())
    return tuple((tuple(text.split(".")), ()) for text in _texts(when))
