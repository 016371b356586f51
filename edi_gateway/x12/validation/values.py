"""What is wrong with one value, by its type (X12.6). Exact and plain: ``patterns`` says the same in regular expressions.

Digits are ASCII digits. Lengths of numbers count digits: not the sign, the decimal point or the E of an exponent.
"""

from __future__ import annotations

import re
from calendar import monthrange

from edi_gateway.x12.standard import ElementUse

_INTEGER = re.compile(r"-?[0-9]+")
_DECIMAL = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:E-?[0-9]+)?")
_DIGITS = re.compile(r"[0-9]+")
_TIME_LENGTHS = (4, 6, 7, 8)  # HHMM, HHMMSS, HHMMSSD, HHMMSSDD


def fault_of(use: ElementUse, value: str, allowed: frozenset[str]) -> str | None:
    """The kind of finding for a value that is there; None when it is right. ``allowed`` are the characters of the data."""
    if not allowed.issuperset(value):
        return "element.character"
    if use.type in ("AN", "ID"):
        return _text(use, value)
    if use.type == "DT":
        return _date(use, value)
    if use.type == "TM":
        return _time(use, value)
    if use.type == "B":
        return _length(use, len(value))
    return _number(use, value, _DECIMAL if use.type == "R" else _INTEGER)


def _length(use: ElementUse, length: int) -> str | None:
    if length < use.min:
        return "element.too_short"
    return "element.too_long" if length > use.max else None


def _text(use: ElementUse, value: str) -> str | None:
    if not value.strip(" "):
        return "element.character"
    wrong = _length(use, len(value))
    if wrong is None and use.codes is not None and value not in use.codes:
        return "element.code"
    return wrong


def _number(use: ElementUse, value: str, form: re.Pattern[str]) -> str | None:
    if not form.fullmatch(value):
        return "element.character"
    return _length(use, sum(map(len, _DIGITS.findall(value))))


def _date(use: ElementUse, value: str) -> str | None:
    if not _DIGITS.fullmatch(value):
        return "element.date"
    return _length(use, len(value)) or (None if is_date(value) else "element.date")


def is_date(value: str) -> bool:
    """CCYYMMDD or YYMMDD; year 00 of an unknown century counts as a leap year, year 0000 does not exist."""
    if len(value) not in (6, 8):
        return False
    year = int(value[:-4]) if len(value) == 8 else 2000 + int(value[:2])
    month, day = int(value[-4:-2]), int(value[-2:])
    return year > 0 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _time(use: ElementUse, value: str) -> str | None:
    if not _DIGITS.fullmatch(value):
        return "element.time"
    return _length(use, len(value)) or (None if is_time(value) else "element.time")


def is_time(value: str) -> bool:
    """Digits of a time: HHMM, HHMMSS, and tenths or hundredths of a second."""
    return len(value) in _TIME_LENGTHS and value[:2] < "24" and value[2:4] < "60" and value[4:6] < "60"
