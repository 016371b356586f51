"""Dates, times and periods as texts (data element 1251), whose form a qualifier before them names (1250): ``D8`` is CCYYMMDD.

The standard's tables say only that 1251 is a text of 1 to 35 characters. The forms here are those in use whose meaning leaves no
doubt; a text of any other form is taken as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.validation.rules.rule import Glance, Rule
from edi_gateway.x12.validation.scene import Found, Scene, Trouble
from edi_gateway.x12.validation.values import is_date, is_time

# Where the qualifier and the text behind it stand (a test holds this against the definitions).
PERIODS_AT = {"DMG": (1, 2), "DTM": (5, 6), "DTP": (2, 3), "YNQ": (3, 4)}
DATE, TIME = "external.date_form", "external.time_form"
_DIGITS = re.compile(r"[0-9]+")


def _month(text: str) -> bool:
    return is_date(f"{text}01")


def _year(text: str) -> bool:
    return len(text) == 4 and _month(f"{text}01")


def _moment(text: str, time: int) -> bool:
    return len(text) == 8 + time and is_date(text[:8]) and is_time(text[8:])


_FORMS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "D6": ("YYMMDD", lambda text: len(text) == 6 and is_date(text)),
    "D8": ("CCYYMMDD", lambda text: len(text) == 8 and is_date(text)),
    "DT": ("CCYYMMDDHHMM", lambda text: _moment(text, 4)),
    "RTS": ("CCYYMMDDHHMMSS", lambda text: _moment(text, 6)),
    "CM": ("CCYYMM", lambda text: len(text) == 6 and _month(text)),
    "CY": ("CCYY", _year),
    "TM": ("HHMM", is_time),  # with seconds too, as X12.6 writes a time, and as partners do
    "TS": ("HHMMSS", lambda text: len(text) == 6 and is_time(text)),
}
_RANGES = {"RD4": "CY", "RD5": "CM", "RD6": "D6", "RD8": "D8", "RDT": "DT", "DTS": "RTS", "RTM": "TM"}
_TIMES = frozenset({"TM", "TS", "RTM"})
FORMS = frozenset({*_FORMS, *_RANGES})


def periods(scene: Scene) -> Iterator[Trouble]:
    for segment_id, (qualifier, element) in PERIODS_AT.items():
        for found in scene.all(segment_id):
            yield from _judge(found, qualifier, element)


def _judge(found: Found, qualifier: int, element: int) -> Iterator[Trouble]:
    form, text = found.at(qualifier), found.at(element)
    if form not in FORMS or not text or _is(form, text):
        return
    wanted = f"{_FORMS[_RANGES[form]][0]}-{_FORMS[_RANGES[form]][0]}" if form in _RANGES else _FORMS[form][0]
    name = f"{found.segment[0]}{qualifier:02d}"
    yield Trouble(
        f"{text!r} is not {wanted}, the form that {name} names ({form})", found, element, TIME if form in _TIMES else DATE
    )


def _is(form: str, text: str) -> bool:
    if form not in _RANGES:
        return _DIGITS.fullmatch(text) is not None and _FORMS[form][1](text)
    first, dash, last = text.partition("-")
    return bool(dash) and _is(_RANGES[form], first) and _is(_RANGES[form], last)


def _glance(marks: Delimiters, ids: frozenset[str], codes: frozenset[str] | None = None) -> Glance:
    """At the qualifiers, wherever they stand: few partners use one, and a text without them has no such period."""
    heads = [f"{marks.element}{form}{marks.element}" for form in sorted(FORMS if codes is None else FORMS & codes)]
    return lambda text: not any(head in text for head in heads)


_SEGMENTS = frozenset(PERIODS_AT)
RULES = (Rule(DATE, periods, _SEGMENTS, _SEGMENTS, kinds=(TIME,), glance=_glance),)
