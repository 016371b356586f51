"""The character sets of X12.6, as what may stand inside an element.

Extended takes every printable character and all bytes above ASCII: national characters, whatever their encoding. Control
characters (a line end inside an element among them) are in neither set.
"""

from __future__ import annotations

import re
import string
from functools import lru_cache

BASIC = string.ascii_uppercase + string.digits + " !\"&'()*+,-./:;?="
_CONTROLS = [*range(0x20), 0x7F]
_EXTENDED = "".join(chr(code) for code in range(0x100) if code not in _CONTROLS)


@lru_cache(maxsize=128)
def allowed(characters: str, delimiters: str) -> frozenset[str]:
    """The characters data may hold: those of the set (``basic``, ``extended``) that are not delimiters."""
    return frozenset(BASIC if characters == "basic" else _EXTENDED) - set(delimiters)


@lru_cache(maxsize=128)
def character_class(characters: str, delimiters: str, without: str = "") -> str:
    """The same as what stands between the brackets of a regular expression's class."""
    return _ranges(allowed(characters, delimiters) - set(without))


def are_plain(delimiters: str) -> bool:
    """Whether delimiters are distinct and never part of a number, date or code, as patterns for values take for granted."""
    return len(set(delimiters)) == len(delimiters) and not any(mark.isalnum() or mark in " .-" for mark in delimiters)


def _ranges(characters: frozenset[str]) -> str:
    codes = sorted(map(ord, characters))
    written, start = [], 0
    while start < len(codes):
        end = start
        while end + 1 < len(codes) and codes[end + 1] == codes[end] + 1:
            end += 1
        first, last = re.escape(chr(codes[start])), re.escape(chr(codes[end]))
        written.append(first if start == end else f"{first}-{last}")
        start = end + 1
    return "".join(written)
