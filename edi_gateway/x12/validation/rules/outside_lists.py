"""Codes whose lists are kept elsewhere: carriers (SCAC), currencies (ISO 4217), countries (ISO 3166)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Segment
from edi_gateway.x12.validation.rules.iso import COUNTRIES, CURRENCIES
from edi_gateway.x12.validation.rules.rule import Glance, Rule
from edi_gateway.x12.validation.scene import Scene, Trouble

_SCAC = re.compile(r"[A-Z]{2,4}")
# Where data elements 140, 100 and 26 stand in the segments of our sets (a test holds this against the definitions).
CARRIERS_AT = {"CAD": (4,), "SHD": (11,), "V1": (5,)}
CURRENCIES_AT = {"CUR": (2, 5)}
COUNTRIES_AT = {"DMG": (7,), "N4": (4,), "R4": (5,), "TD5": (15,), "V1": (3,), "VEH": (17, 19)}
_SCAC_QUALIFIER = "2"
MOST_KNOWN = 4096  # segments that are remembered
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


def _glance(marks: Delimiters, ids: frozenset[str], codes: frozenset[str] | None = None) -> Glance:
    """At the segments that have codes of the three lists; those that were good once, word by word, are good again."""
    looked_at = "|".join(sorted(ids & _ALL_IDS))
    element, end, before = re.escape(marks.element), re.escape(marks.segment), re.escape(marks.segment + marks.line_end)
    find = re.compile(f"{before}((?:{looked_at}){element}[^{end}]*)").findall
    known: set[str] = set()

    def is_good(text: str) -> bool:
        good = _has_good_codes(text.split(marks.element))
        if good and len(known) < MOST_KNOWN:
            known.add(text)
        return good

    return lambda text: known.issuperset(found := find(text)) or all(map(is_good, found))


def _has_good_codes(segment: Segment) -> bool:
    """Whether nothing is wrong with the codes of one segment."""
    if segment[0] == "TD5" and segment[2:3] == [_SCAC_QUALIFIER] and segment[3:4] and segment[3] and not _is_scac(segment[3]):
        return False
    values = (
        (segment[element], good) for places, good in _LISTS for element in places.get(segment[0], ()) if element < len(segment)
    )
    return all(not value or good(value) for value, good in values)


def _is_scac(value: str) -> bool:
    return _SCAC.fullmatch(value) is not None


def _is_country(value: str) -> bool:
    return value in COUNTRIES or (len(value) == 3 and value.isascii() and value.isalpha())


_LISTS = ((CARRIERS_AT, _is_scac), (CURRENCIES_AT, CURRENCIES.__contains__), (COUNTRIES_AT, _is_country))
_CARRIER_IDS, _CURRENCY_IDS, _COUNTRY_IDS = frozenset({"TD5", *CARRIERS_AT}), frozenset(CURRENCIES_AT), frozenset(COUNTRIES_AT)
_ALL_IDS = _CARRIER_IDS | _CURRENCY_IDS | _COUNTRY_IDS
RULES = (
    Rule("external.scac", carriers, _CARRIER_IDS, _CARRIER_IDS, glance=_glance),
    Rule("external.currency", currencies, _CURRENCY_IDS, _CURRENCY_IDS, glance=_glance),
    Rule("external.country", countries, _COUNTRY_IDS, _COUNTRY_IDS, glance=_glance),
)
