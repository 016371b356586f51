"""Codes whose lists are kept elsewhere: carriers (SCAC), currencies (ISO 4217), countries (ISO 3166)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.validation.rules.iso import COUNTRIES, CURRENCIES
from edi_gateway.x12.validation.rules.rule import Glance, Rule
from edi_gateway.x12.validation.scene import Scene, Trouble

_SCAC = re.compile(r"[A-Z]{2,4}")
# Where data elements 140, 100 and 26 stand in the segments of our sets (a test holds this against the definitions).
CARRIERS_AT = {"CAD": (4,), "SHD": (11,), "V1": (5,)}
CURRENCIES_AT = {"CUR": (2, 5)}
COUNTRIES_AT = {"DMG": (7,), "N4": (4,), "R4": (5,), "TD5": (15,), "V1": (3,), "VEH": (17, 19)}
_SCAC_QUALIFIER = "2"
_NO_SCAC = "no SCAC: two to four letters"


def carriers(scene: Scene) -> Iterator[Trouble]:
    """Also TD503 behind the qualifier for a SCAC."""
    for td5 in scene.all("TD5"):
        if td5.at(2) == _SCAC_QUALIFIER and td5.at(3) and not _is_scac(td5.at(3)):
            yield Trouble(f"{td5.at(3)!r} is {_NO_SCAC}", td5, 3)
    yield from _everywhere(scene, CARRIERS_AT, _is_scac, _NO_SCAC)


def currencies(scene: Scene) -> Iterator[Trouble]:
    yield from _everywhere(scene, CURRENCIES_AT, CURRENCIES.__contains__, "no currency of ISO 4217")


def countries(scene: Scene) -> Iterator[Trouble]:
    yield from _everywhere(scene, COUNTRIES_AT, _is_country, "no country of ISO 3166")


def _everywhere(scene: Scene, places: Mapping[str, tuple[int, ...]], good: Callable[[str], bool], why: str) -> Iterator[Trouble]:
    for segment_id, elements in places.items():
        for found in scene.all(segment_id):
            for element in elements:
                value = found.at(element)
                if value and not good(value):
                    yield Trouble(f"{value!r} is {why}", found, element)


def _at(
    places: Mapping[str, tuple[int, ...]], good: Callable[[str], bool], behind: tuple[str, int, str] | None = None
) -> Callable[[Delimiters], Glance]:
    """A glance at these elements; of segments with several, at all from the first one on: only that one may be there.

    ``behind`` is one more: what stands behind an element (segment, position) with this value.
    """

    def glance(marks: Delimiters) -> Glance:
        element, end = re.escape(marks.element), re.escape(marks.segment)
        text = f"[^{element}{end}]"
        ways = []
        for segment_id, (first, *others) in places.items():
            value = f"[^{end}]+" if others else f"{text}+"
            ways.append(f"{segment_id}(?:{element}{text}*){{{first - 1}}}{element}({value})")
        if behind is not None:
            segment_id, position, qualifier = behind
            ways.append(f"{segment_id}(?:{element}{text}*){{{position - 1}}}{element}{qualifier}{element}({text}+)")
        find = re.compile(f"{end}{re.escape(marks.line_end)}(?:{'|'.join(ways)})").findall
        if len(ways) == 1:
            return lambda text: all(map(good, find(text)))
        return lambda text: all(good("".join(found)) for found in find(text))

    return glance


def _is_scac(value: str) -> bool:
    return _SCAC.fullmatch(value) is not None


def _is_country(value: str) -> bool:
    return value in COUNTRIES or (len(value) == 3 and value.isascii() and value.isalpha())


_CARRIER_IDS, _CURRENCY_IDS, _COUNTRY_IDS = frozenset({"TD5", *CARRIERS_AT}), frozenset(CURRENCIES_AT), frozenset(COUNTRIES_AT)
RULES = (
    Rule("external.scac", carriers, _CARRIER_IDS, _CARRIER_IDS, glance=_at(CARRIERS_AT, _is_scac, ("TD5", 2, _SCAC_QUALIFIER))),
    Rule("external.currency", currencies, _CURRENCY_IDS, _CURRENCY_IDS, glance=_at(CURRENCIES_AT, CURRENCIES.__contains__)),
    Rule("external.country", countries, _COUNTRY_IDS, _COUNTRY_IDS, glance=_at(COUNTRIES_AT, _is_country)),
)
