"""Making our data fit to be sent: characters the partner cannot take and separators inside data, each repair told.

There is no escape in X12: a separator inside data has to go, or another separator has to be chosen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.x12 import standard
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.validation.characters import allowed

CharacterSet: TypeAlias = Literal["basic", "extended"]
_SPELLED = "€ EUR £ GBP ¥ JPY × x ½ 1/2 ¼ 1/4 ¾ 3/4 ° DEG ™ (TM) ® (R) © (C) … ..."
_LETTERS = "ß ss æ ae Æ AE ø o Ø O œ oe Œ OE ł l Ł L đ d Đ D ð d Ð D þ th Þ TH ı i"
_WORDS = f"{_SPELLED} {_LETTERS}".split()
_PLAIN = {
    **dict(zip(_WORDS[::2], _WORDS[1::2], strict=True)),
    **dict.fromkeys("‘’‚", "'"),
    **dict.fromkeys("“”„«»", '"'),
    **dict.fromkeys("‐‑–—−", "-"),
    **dict.fromkeys("\u00a0\t", " "),
}
_USUAL = Delimiters()
_ELEMENT_CANDIDATES = "*|^+!\x1d"
_COMPONENT_CANDIDATES = ">:\\<`\x1f"
_SEGMENT_CANDIDATES = "~'\x15\x1c"
_REPETITION_CANDIDATES = "^!\\`\x1e"


class Repair(msgspec.Struct, frozen=True):
    """One element that was changed: its place, and its text before and after."""

    segment: str
    position: int
    element: int
    before: str
    after: str

    def __str__(self) -> str:
        return f"segment {self.position} {self.segment}{self.element:02d}: {self.before!r} became {self.after!r}"


def repair(
    segments: Iterable[Segment],
    delimiters: Delimiters,
    *,
    characters: CharacterSet = "extended",
    replacement: str = " ",
    release: str = "004010",
    spell: Mapping[str, str] | None = None,
) -> tuple[list[Segment], tuple[Repair, ...]]:
    """The segments as they can be sent, and what was changed in them.

    Accents and typographic marks become plain letters and marks, small letters capitals where the set is basic, and what is
    left, separators among it, becomes ``replacement``. ``spell`` says what is written for a character instead, before anything
    else and whether it could be sent or not. A component separator is left alone in composites of the release.
    """
    if len(replacement) != 1 or replacement not in allowed(characters, _all_marks(delimiters)):
        raise WrongInput(f"{replacement!r} cannot stand for characters that cannot be sent")
    repaired, told = [], []
    spelled = str.maketrans(dict(spell or {}))
    for position, segment in enumerate(segments, 1):
        written = [segment[0]]
        for at, value in enumerate(segment[1:], 1):
            kept = separators_of(segment[0], at, delimiters, release)
            after = repaired_text(value.translate(spelled), delimiters, characters=characters, replacement=replacement, kept=kept)
            if after != value:
                told.append(Repair(segment[0], position, at, value, after))
            written.append(after)
        repaired.append(written)
    return repaired, tuple(told)


def repaired_text(
    value: str, delimiters: Delimiters, *, characters: CharacterSet = "extended", replacement: str = " ", kept: str = ""
) -> str:
    """One value as it can be sent; ``kept`` are separators that have a meaning in it."""
    good = allowed(characters, _all_marks(delimiters)) | frozenset(kept)
    if all(mark in good for mark in value):
        return value
    return "".join(_repaired(mark, good, characters, replacement) for mark in value)


def choose_delimiters(segments: Iterable[Segment], preferred: Delimiters = _USUAL) -> Delimiters:
    """The preferred delimiters, but for those that occur in the data. Raises WrongInput if there is none that does not."""
    taken = {mark for segment in segments for value in segment for mark in value}

    def free(mark: str, candidates: str) -> str:
        found = next((one for one in mark + candidates if one not in taken), None)
        if found is None:
            raise WrongInput("every delimiter there is occurs in the data", do="replace one of them in the data instead")
        taken.add(found)
        return found

    return Delimiters(
        element=free(preferred.element, _ELEMENT_CANDIDATES),
        component=free(preferred.component, _COMPONENT_CANDIDATES),
        segment=free(preferred.segment, _SEGMENT_CANDIDATES),
        repetition=free(preferred.repetition, _REPETITION_CANDIDATES) if preferred.repetition else None,
        line_end=preferred.line_end,
    )


def separators_in_data(segment: Segment, delimiters: Delimiters, release: str) -> Iterator[tuple[int, str]]:
    """Elements that hold a separator which would be read as one: element position and separator."""
    for at, value in enumerate(segment[1:], 1):
        for mark in _all_marks(delimiters) + "\r\n":
            if mark in value and mark not in separators_of(segment[0], at, delimiters, release):
                yield at, mark


def _repaired(mark: str, good: frozenset[str], characters: CharacterSet, replacement: str) -> str:
    if mark in good:
        return mark
    plain = unicodedata.normalize("NFKD", _PLAIN.get(mark, mark))
    letters = "".join(one for one in plain if not unicodedata.combining(one))
    if characters == "basic":
        letters = letters.upper()
    return "".join(one if one in good else replacement for one in letters)


def separators_of(segment_id: str, element: int, delimiters: Delimiters, release: str) -> str:
    """Separators that are no data in this element: those of components in a composite, of repetitions from 005010 on."""
    base = "005010" if release >= "005" else "004010"
    if segment_id not in standard.segment_ids(base):
        return delimiters.component + (delimiters.repetition or "")
    uses = standard.segment(base, segment_id).elements
    use = uses[element - 1] if element <= len(uses) else None
    composite = delimiters.component if use is None or use.composite else ""
    return composite + (delimiters.repetition or "" if use is None or use.repeat > 1 else "")


def _all_marks(delimiters: Delimiters) -> str:
    return delimiters.element + delimiters.component + delimiters.segment + (delimiters.repetition or "")
