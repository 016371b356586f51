"""Numbers that check themselves: GTIN (UPC, EAN), GLN and SSCC end with a digit modulo 10 (GS1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.place import PAIRS_FROM
from edi_gateway.x12.validation.rules.rule import Glance, Rule
from edi_gateway.x12.validation.scene import Scene, Trouble

# Product id qualifiers (235) whose ids are GTINs, and the lengths that are sent under them: leading zeros are common.
GTIN_LENGTHS = {"UP": (8, 12, 13, 14), "EN": (8, 13, 14), "UK": (14,)}
_LOCATIONS = {"N1": (3, 4), "NM1": (8, 9)}
_GLN, _SSCC = 13, 18
_USUAL = {"UP": 12, "EN": 13}
MOST_KNOWN = 16384  # ids that are remembered for a qualifier: the same items come every day
_SSCC_QUALIFIERS = ("GM", "AA")
_APPLICATION_IDENTIFIER = "00"
_LENGTHS = {**GTIN_LENGTHS, "UL": (_GLN,), **dict.fromkeys(_SSCC_QUALIFIERS, (_SSCC,))}
IDS_FROM = {**PAIRS_FROM, "ACK": 7}


def has_check_digit(number: str) -> bool:
    """Whether the last digit is right: weights 1 and 3 from the right, modulo 10."""
    if not (number.isascii() and number.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(number)]
    return (sum(digits[::2]) + 3 * sum(digits[1::2])) % 10 == 0


def _is_good(qualifier: str, value: str) -> bool:
    """Whether a qualifier and the value behind it belong together wherever they stand."""
    if qualifier in _SSCC_QUALIFIERS and len(value) == _SSCC + 2:
        value = value.removeprefix(_APPLICATION_IDENTIFIER)
    return len(value) in _LENGTHS[qualifier] and has_check_digit(value)


def _glance(marks: Delimiters, ids: frozenset[str], codes: frozenset[str] | None = None) -> Glance:
    """At whatever stands behind one of the qualifiers anywhere, for three rules; few partners use more than one or two."""
    glances = [_behind(qualifier, marks) for qualifier in _LENGTHS if codes is None or qualifier in codes]
    return lambda text: all(clear(text) for clear in glances)


def _behind(qualifier: str, marks: Delimiters) -> Glance:
    """What was good once, as many characters as such an id usually has and the separator behind it, is good again."""
    head, width = marks.element + qualifier + marks.element, _USUAL.get(qualifier, max(_LENGTHS[qualifier])) + 1
    value_of = re.compile(f"[^{re.escape(marks.element)}{re.escape(marks.segment)}]*").match
    known: set[str] = set()

    def is_good(piece: str) -> bool:
        found = value_of(piece)
        value = found[0] if found else ""
        if value and not _is_good(qualifier, value):
            return False
        if len(value) < width and len(known) < MOST_KNOWN:
            known.add(piece[:width])
        return True

    def clear(text: str) -> bool:
        pieces = text.split(head)[1:]
        return known.issuperset([piece[:width] for piece in pieces]) or all(map(is_good, pieces))

    return clear


def gtins(scene: Scene) -> Iterator[Trouble]:
    for segment_id, first in IDS_FROM.items():
        for found in scene.all(segment_id):
            segment = found.segment
            for element in range(first, len(segment) - 1, 2):
                lengths = GTIN_LENGTHS.get(segment[element])
                value = segment[element + 1]
                if lengths and value and not (len(value) in lengths and has_check_digit(value)):
                    yield Trouble(_because(value, lengths, segment[element]), found, element + 1)


def glns(scene: Scene) -> Iterator[Trouble]:
    for segment_id, (qualifier, element) in _LOCATIONS.items():
        for found in scene.all(segment_id):
            value = found.at(element)
            if found.at(qualifier) == "UL" and value and not (len(value) == _GLN and has_check_digit(value)):
                yield Trouble(_because(value, (_GLN,), "GLN"), found, element)


def ssccs(scene: Scene) -> Iterator[Trouble]:
    """MAN02 and MAN05; an application identifier 00 before the 18 digits is taken for what it is."""
    for man in scene.all("MAN"):
        for qualifier, element in ((1, 2), (4, 5)):
            value = man.at(element)
            bare = value.removeprefix(_APPLICATION_IDENTIFIER) if len(value) == _SSCC + 2 else value
            if man.at(qualifier) in _SSCC_QUALIFIERS and bare and not (len(bare) == _SSCC and has_check_digit(bare)):
                yield Trouble(_because(bare, (_SSCC,), "SSCC"), man, element)


def _because(value: str, lengths: tuple[int, ...], name: str) -> str:
    if not (value.isascii() and value.isdigit()):
        return f"{value!r} is no {name}: it has other characters than digits"
    if len(value) not in lengths:
        return f"{value!r} has {len(value)} digits, a {name} has {' or '.join(map(str, lengths))}"
    return f"the check digit of {name} {value} is wrong"


_ITEMS, _PLACES, _MARKS = frozenset(IDS_FROM), frozenset(_LOCATIONS), frozenset({"MAN"})
RULES = (
    Rule("external.gtin", gtins, _ITEMS, _ITEMS, glance=_glance),
    Rule("external.gln", glns, _PLACES, _PLACES, glance=_glance),
    Rule("external.sscc", ssccs, _MARKS, _MARKS, glance=_glance),
)
