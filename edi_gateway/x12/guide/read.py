"""Reads a guide's file: words are in lower case, places in capitals, and a place may hold further places.

What can be told from the file alone is told here; ``check`` holds the guide against the definitions.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

from edi_gateway.errors import WrongInput
from edi_gateway.plainyaml import Fields, Items, Plain, Text, load, loads
from edi_gateway.wording import did_you_mean
from edi_gateway.x12.guide.model import Codes, Guide, Rule, Span, canonical
from edi_gateway.x12.place import parse

TOP = ("guide", "set", "releases", "title", "version", "source", "segments", "levels", "hierarchies")
WORDS = ("required", "unused", "repeat", "length", "codes")
CODES = ("only", "add", "remove")
_SPAN = re.compile(r"(\d{1,9})(?:(-)(\d{1,9})?)?")
_PLACE = re.compile(r"[A-Z0-9]")


class Draft(NamedTuple):
    """A guide as far as it could be read, and what is wrong in its file."""

    guide: Guide
    mistakes: list[WrongInput]


def read_file(path: Path) -> Draft:
    """The guide in a file, which bears its name. Raises WrongInput where the file is no YAML of ours."""
    return _Reading(load(path), str(path), path.stem).draft()


def read_text(text: str, file: str = "?") -> Draft:
    """The guide in a text; ``file`` is only the name to show. Raises like ``read_file``."""
    return _Reading(loads(text, file), file).draft()


class _Reading:
    """One file being read, and the mistakes met on the way."""

    def __init__(self, plain: Plain, file: str, stem: str = "") -> None:
        if not isinstance(plain, Fields):
            raise WrongInput("is no guide: words with values are wanted", where=plain.where, do="begin with guide: and its name")
        self._plain, self._file, self._stem = plain, file, stem
        self._mistakes: list[WrongInput] = []
        self._rules: list[Rule] = []

    def draft(self) -> Draft:
        for word in self._plain:
            if word not in TOP:
                self._wrong(f"'{word}' is no word of a guide", word, did_you_mean(word, TOP))
        self._named()
        releases = self._releases()
        self._places(self._mapping("segments"), "")
        for level, places in self._mapping("levels").items():
            self._place(Text(f"HL*{level}", level.file, level.line), places, "")
        hierarchies = self._hierarchies()
        guide = Guide(
            name=self._text("guide"),
            set=self._text("set"),
            releases=releases,
            rules=tuple(self._rules),
            hierarchies=hierarchies,
            title=self._text("title"),
            version=self._text("version"),
            source=self._text("source"),
            canonical=canonical(self._plain),
            file=self._file,
            line_of={str(word): word.where for word in self._plain},
        )
        return Draft(guide, self._mistakes)

    def _wrong(self, what: str, at: Text | Fields | Items, do: str | None = None) -> None:
        self._mistakes.append(WrongInput(what, where=at.where, do=do))

    def _text(self, word: str) -> str:
        value = self._plain.get(Text(word), "")
        if not isinstance(value, str):
            self._wrong(f"{word}: one value is wanted", value)
            return ""
        return str(value)

    def _named(self) -> None:
        for word in ("guide", "set", "releases"):
            if not self._plain.get(Text(word)):
                self._wrong(f"'{word}' is missing", self._plain)
        name = self._text("guide")
        if self._stem and name and name != self._stem:
            self._wrong(f"is called '{name}', but its file is called '{self._stem}'", self._plain[Text("guide")])

    def _releases(self) -> tuple[str, ...]:
        given = self._plain.get(Text("releases"), Items())
        if isinstance(given, Text):
            return (str(given),)
        return self._texts(given, "releases")

    def _mapping(self, word: str) -> Fields:
        given = self._plain.get(Text(word), Fields())
        if isinstance(given, Fields):
            return given
        self._wrong(f"{word}: places with what is said of them are wanted", given)
        return Fields()

    def _hierarchies(self) -> tuple[tuple[str, ...], ...]:
        given = self._plain.get(Text("hierarchies"), Items())
        return tuple(tuple(chain.split()) for chain in self._texts(given, "hierarchies"))

    def _texts(self, given: Plain, word: str) -> tuple[str, ...]:
        if not isinstance(given, Items) or not all(isinstance(each, Text) and each for each in given):
            self._wrong(f"{word}: a list is wanted", given, "write [one, other]")
            return ()
        return tuple(str(each) for each in given)

    # --- places -----------------------------------------------------------------------------------------------------------

    def _places(self, places: Fields, inside: str) -> None:
        for left, right in places.items():
            if _PLACE.match(left):
                self._place(left, right, inside)
            else:
                self._wrong(f"'{left}' is no place", left, "write it like BEG03, REF*DP, PO1*UP or N1*ST/N104")

    def _place(self, left: Text, right: Plain, inside: str) -> None:
        written = f"{inside}/{left}" if inside else str(left)
        said = _said(right)
        if said is None:
            self._wrong(f"{left}: a word is wanted, or words in braces", right, f"one of {', '.join(WORDS)}")
            return
        inner = Fields(left.file, left.line)
        inner.update({word: value for word, value in said.items() if _PLACE.match(word)})
        words = {word: value for word, value in said.items() if word not in inner}
        try:
            place = parse(written)
        except WrongInput as error:
            self._mistakes.append(WrongInput(error.what, where=left.where, do=error.do))
            return
        rule = self._rule(left, Rule(written, place, left.where), words)
        if rule.words:
            self._rules.append(rule)
        if inner and (place.element is not None or place.pairs_from is not None):
            self._wrong(f"nothing lies inside {written}: it is a value", left)
        else:
            self._places(inner, written)

    def _rule(self, left: Text, rule: Rule, words: dict[Text, Plain]) -> Rule:
        """The rule with its words; mistakes in them are noted, and the words left out."""
        repeat = length = codes = None
        for word, value in words.items():
            if word not in WORDS:
                self._wrong(f"{left}: '{word}' is not known", word, did_you_mean(word, WORDS))
            elif word in ("required", "unused"):
                if value != "":
                    self._wrong(f"{left}: '{word}' takes no value", word, f"write {word} alone")
            elif word == "repeat":
                repeat = self._span(word, value)
            elif word == "length":
                length = self._span(word, value)
            else:
                codes = self._codes(value, left)
        required, unused = ("required" in words, "unused" in words)
        if unused and len(words) > 1:
            self._wrong(f"{left}: what is unused cannot be anything else", left, "keep unused, or the other words")
        return Rule(rule.written, rule.place, rule.where, required, unused, repeat, length, codes)

    def _span(self, word: Text, value: Plain) -> Span | None:
        """``3``: exactly 3 characters, but at most 3 times; ``1-22``; ``2-``."""
        found = _SPAN.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            self._wrong(f"{word}: '{value}' is no span", word, "write it like 3, 1-22 or 2-")
            return None
        first = int(found[1])
        most = None if found[2] and not found[3] else int(found[3] or first)
        least = first if found[2] or word == "length" else 0
        if most is not None and (most < least or most == 0):
            self._wrong(f"{word}: '{value}' allows nothing", word, "write unused where nothing may stand")
            return None
        return Span(least, most)

    def _codes(self, value: Plain, left: Text) -> Codes | None:
        if isinstance(value, Items):
            return Codes(only=frozenset(self._texts(value, "codes")))
        if not isinstance(value, Fields):
            self._wrong(f"{left}: codes are a list, or lists under only, add and remove", value)
            return None
        lists: dict[str, frozenset[str]] = {}
        for word, codes in value.items():
            if word in CODES:
                lists[word] = frozenset(self._texts(codes, f"{left}: {word}"))
            else:
                self._wrong(f"{left}: '{word}' is not known", word, did_you_mean(word, CODES))
        if "only" in lists and "remove" in lists:
            self._wrong(f"{left}: 'only' and 'remove' exclude each other", left, "keep one of them")
        return Codes(lists.get("only"), lists.get("add", frozenset()), lists.get("remove", frozenset()))


def _said(right: Plain) -> dict[Text, Plain] | None:
    """What stands behind a place: one word, or words and further places."""
    if isinstance(right, Fields):
        return dict(right)
    if isinstance(right, Text) and right:
        return {right: Text("", right.file, right.line)}
    return None
