"""Values that partner files write as one word, and how each is written back: durations, interchange ids, marks, amounts.

Every type here reads what a person writes and serializes to one canonical spelling, so that ``24h`` and ``1d`` are the same
profile version.
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from edi_gateway.x12.envelope import Identity

YEAR = timedelta(days=366)  # so that a time to keep things is never shorter than the calendar's
_DURATION = re.compile(r"(\d+)\s*(s|m|min|h|d|y)")
_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 24 * 3600, "y": 366 * 24 * 3600}
_HEX = re.compile(r"0[xX]([0-9a-fA-F]{2})")

MARK_NAMES = {
    "newline": "\n",
    "return": "\r",
    "tab": "\t",
    "nak": "\x15",
    "fs": "\x1c",
    "gs": "\x1d",
    "rs": "\x1e",
    "us": "\x1f",
    "nel": "\x85",
}
"""Names for marks that cannot be seen; any other byte is written as hex, ``0x1C``."""

_NAME_OF_MARK = {mark: name for name, mark in MARK_NAMES.items()}


def _read_duration(value: object) -> object:
    """``24h``, ``90m``, ``30s``, ``2d``, ``7y`` as a timedelta; a year has 366 days."""
    if not isinstance(value, str):
        return value
    found = _DURATION.fullmatch(value.strip())
    if not found:
        raise ValueError(f"'{value}' is no duration; write 90m, 24h, 2d or 7y")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


def write_duration(value: timedelta) -> str:
    """The shortest of ``7y``, ``2d``, ``5h``, ``90m`` and ``30s`` that says it whole."""
    seconds = value // timedelta(seconds=1)
    for unit in ("y", "d", "h", "m"):
        if seconds % _SECONDS[unit] == 0 and (seconds or unit == "m"):
            return f"{seconds // _SECONDS[unit]}{unit}"
    return f"{seconds}s"


def _read_identity(value: object) -> object:
    """``08:7005551200`` as an Identity."""
    if not isinstance(value, str):
        return value
    qualifier, colon, id = (part.strip() for part in value.partition(":"))
    if not colon or len(qualifier) != 2 or not 1 <= len(id) <= 15:
        raise ValueError(f"'{value}' is no interchange id; write QUALIFIER:ID, such as 08:7005551200")
    return Identity(qualifier, id)


def read_mark(value: object) -> object:
    """One character, a name of MARK_NAMES, or a byte in hex."""
    if not isinstance(value, str) or len(value) == 1:
        return value
    if value.lower() in MARK_NAMES:
        return MARK_NAMES[value.lower()]
    if found := _HEX.fullmatch(value):
        return chr(int(found[1], 16))
    names = ", ".join(MARK_NAMES)
    raise ValueError(f"'{value}' is no mark; write one character, a byte such as 0x1C, or one of {names}")


def write_mark(mark: str) -> str:
    """The mark as a partner file writes it: itself if it can be seen, else its name, else hex."""
    if mark.isprintable():
        return mark
    return _NAME_OF_MARK.get(mark, f"0x{ord(mark):02X}")


def _write_number(value: Decimal) -> str:
    """``5``, ``2.5``: without trailing zeros or exponent."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


Duration = Annotated[timedelta, BeforeValidator(_read_duration), PlainSerializer(write_duration, when_used="json")]
InterchangeId = Annotated[Identity, BeforeValidator(_read_identity), PlainSerializer(str, when_used="json")]
Mark = Annotated[str, BeforeValidator(read_mark), PlainSerializer(write_mark, when_used="json")]
Number = Annotated[Decimal, PlainSerializer(_write_number, when_used="json")]
