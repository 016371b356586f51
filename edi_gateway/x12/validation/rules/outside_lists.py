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


def _glance(marks: Delimiters, ids: frozenset[str]) -> Glance:
    """One search for all three lists, in two thirds of the time that three take. ``_ways`` says what it looks at."""
    ways = [(way, good) for name, way, good in _ways(re.escape(marks.element), re.escape(marks.segment)) if name in ids]
    goods = [good for _, good in ways]
    find = re.compile(f"{re.escape(marks.segment + marks.line_end)}(?:{'|'.join(way for way, _ in ways)})").finditer

    def clear(text: str) -> bool:
        for found in find(text):
            which = found.lastindex or 0
            if not goods[which - 1](found[which]):
                return False
        return True

    return clear


def _ways(element: str, end: str) -> Iterator[tuple[str, str, Callable[[str], bool]]]:
    """A pattern for each segment, with the value in its only group, and what it has to be. Where several places of a segment are
    looked at, only the first may be there, and it may not be in two lists.
    """
    value = f"[^{element}{end}]"
    yield "TD5", f"(TD5)(?:{element}{value}*){{{COUNTRIES_AT['TD5'][0]}}}", _never
    yield "TD5", f"TD5{element}{value}*{element}{_SCAC_QUALIFIER}{element}({value}+)", _is_scac
    lists = ((CARRIERS_AT, _is_scac), (CURRENCIES_AT, CURRENCIES.__contains__), (COUNTRIES_AT, _is_country))
    for places, good in lists:
        for segment_id, (first, *others) in places.items():
            if segment_id == "V1":
                yield "V1", f"(V1){element}", _never
            elif segment_id != "TD5":
                shown = f"[^{end}]+" if others else f"{value}+"
                yield segment_id, f"{segment_id}(?:{element}{value}*){{{first - 1}}}{element}({shown})", good


def _never(value: str) -> bool:
    return False


def _is_scac(value: str) -> bool:
    return _SCAC.fullmatch(value) is not None


def _is_country(value: str) -> bool:
    return value in COUNTRIES or (len(value) == 3 and value.isascii() and value.isalpha())


_CARRIER_IDS, _CURRENCY_IDS, _COUNTRY_IDS = frozenset({"TD5", *CARRIERS_AT}), frozenset(CURRENCIES_AT), frozenset(COUNTRIES_AT)
RULES = (
    Rule("external.scac", carriers, _CARRIER_IDS, _CARRIER_IDS, glance=_glance),
    Rule("external.currency", currencies, _CURRENCY_IDS, _CURRENCY_IDS, glance=_glance),
    Rule("external.country", countries, _COUNTRY_IDS, _COUNTRY_IDS, glance=_glance),
)
