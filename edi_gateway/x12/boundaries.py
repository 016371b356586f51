"""Where the next envelope segment begins: what is searched for when SE01 cannot be counted on."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.header import parse_header

PADDING = " \t\r\n\x00\x0b\x0c\x1a"  # what may stand between segments without meaning anything
WIDEST_PADDING = 200  # characters of padding after a terminator that are followed to the next segment
ENVELOPE_TAGS = ("ST", "SE", "GS", "GE", "TA1", "IEA")

_ANY_HEADER = re.compile(r"ISA(?=[^A-Za-z0-9 \r\n])")
_FIXED_HEADER = re.compile(
    r"ISA(?P<e>[^A-Za-z0-9 \r\n])..(?P=e).{10}(?P=e)..(?P=e).{10}(?P=e)..(?P=e).{15}(?P=e)..(?P=e).{15}(?P=e)"
    r"\d{6}(?P=e)\d{4}(?P=e).(?P=e)\d{5}(?P=e)\d{9}(?P=e).(?P=e).(?P=e)."
)


class Marks(NamedTuple):
    """What to search for in an interchange with these delimiters."""

    element: str
    terminator: str
    line_end: str
    st: str  # begins a set
    se: str  # begins a set's trailer; terminator and line end before it included
    empty: str  # two terminators with nothing between
    boundary: re.Pattern[str]  # behind a terminator: an envelope segment, or one that holds binary data
    padding: re.Pattern[str]


@lru_cache(maxsize=256)
def marks_of(delimiters: Delimiters) -> Marks:
    """The marks of an interchange, compiled once for each set of delimiters."""
    element, terminator, end = delimiters.element, delimiters.segment, delimiters.line_end
    tags = "|".join((*ENVELOPE_TAGS, "BIN", "BDS"))
    filler = "".join(mark for mark in PADDING if mark not in (element, terminator))
    return Marks(
        element=element,
        terminator=terminator,
        line_end=end,
        st=f"ST{element}",
        se=f"{terminator}{end}SE{element}",
        empty=f"{terminator}{end}{terminator}",
        boundary=re.compile(
            f"{re.escape(terminator)}[{re.escape(filler)}]{{0,{WIDEST_PADDING}}}"
            f"(?:(?P<tag>{tags}){re.escape(element)}|(?P<isa>ISA)(?=[^A-Za-z0-9 \r\n]))"
        ),
        padding=re.compile(f"(?:[{re.escape(filler)}]|{re.escape(terminator)})*"),
    )


def certain_header(text: str, start: int, end: int) -> int:
    """Where an ISA with every width right begins, be it in the middle of a segment that was cut off; -1 if nowhere."""
    return next((found.start() for found in _FIXED_HEADER.finditer(text, start, end) if parse_header(text, found.start())), -1)


def header_starts(text: str, start: int) -> list[int]:
    """Where an ISA might begin; ask ``is_header`` once what follows is in the text."""
    return [found.start() for found in _ANY_HEADER.finditer(text, start)]


def is_header(text: str, at: int) -> bool:
    """Whether an ISA begins here: not in the middle of a word, unless it has every width right."""
    inside_word = text[at - 1 : at].isalnum() and not _FIXED_HEADER.match(text, at)
    return not inside_word and parse_header(text, at) is not None
