"""Reading an ISA, also one that is not as the standard has it.

An ISA has 16 elements of fixed width, 106 bytes with its terminator, and so tells the delimiters by position. Partners send
it with blanks collapsed, with other bytes for blanks, or without ISA16; then its separators are counted instead.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from edi_gateway.x12.delimiters import Delimiters

LONGEST = 400  # characters looked at for an ISA that is not of fixed width
NO_COMPONENTS = "\x1f"  # stands for a component separator where the ISA names none that could be used
_SEPARATORS = (3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103)
_LINE_END = re.compile(r"\r\n|\n|\r|")
_ENVELOPE_LINE = re.compile(r"\s*(?:GS|TA1)[^A-Za-z0-9][^\r\n]*")
_UTF8_CHARACTER = re.compile("[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_REPETITION_SINCE = "00402"


class Header(NamedTuple):
    """An ISA as it stands in a text: its elements (id at 0), what it says of delimiters, where it ends, and its oddities."""

    isa: tuple[str, ...]
    delimiters: Delimiters
    end: int
    oddities: tuple[str, ...]


def parse_header(text: str, at: int) -> Header | None:
    """The ISA at this position, or None if what stands there cannot be one."""
    if not text.startswith("ISA", at) or len(text) < at + 20:
        return None
    element = text[at + 3]
    if element.isalnum() or element in " \r\n":
        return None
    fixed = all(text[at + k : at + k + 1] == element for k in _SEPARATORS) and text.count(element, at, at + 104) == 16
    last = at + 103 if fixed else _sixteenth(text, at + 3, element)
    fields = text[at:last].split(element)
    if last < 0 or not _plausible(fields):
        return None
    marks = _marks(text, last + 1, element)
    if marks is None:
        return None
    component, terminator, behind, oddities = marks
    if not fixed:
        oddities = (*oddities, "header_width")
    isa = (*(field.replace("\r", "").replace("\n", "") for field in fields), component)
    line_end = _line_end(text, behind, terminator)
    delimiters = Delimiters(
        element,
        NO_COMPONENTS if not component or component == element else component,
        terminator,
        _repetition(isa, {element, component, terminator}),
        line_end,
    )
    return Header(isa, delimiters, behind + len(line_end), oddities)


def _sixteenth(text: str, at: int, element: str) -> int:
    """Position of the separator before ISA16, or -1; ``at`` is the first one."""
    for _ in range(15):
        at = text.find(element, at + 1, at + LONGEST)
        if at < 0:
            return -1
    return at


def _plausible(fields: list[str]) -> bool:
    """Whether sixteen pieces look like ISA to ISA15: short where the standard has them short."""
    lengths = [len(field.strip()) for field in fields]
    return (
        len(fields) == 16
        and max(lengths) <= 60
        and all(lengths[k] <= 4 for k in (1, 3, 5, 7, 11, 14, 15))
        and all(lengths[k] <= 10 for k in (9, 10, 12, 13))
        and fields[12].strip().isalnum()
    )


def _marks(text: str, at: int, element: str) -> tuple[str, str, int, tuple[str, ...]] | None:
    """Component separator, terminator, the position behind it, and oddities; ``at`` is where ISA16 should stand."""
    component = text[at : at + 1]
    behind = at + 1
    while text[behind : behind + 1] == " ":
        behind += 1
    terminator = _terminator(text, behind)
    if not component:
        return None
    if component in "\r\n" or not terminator or terminator.isalnum() or _ends_lines(text, behind, component, terminator):
        terminator = _terminator(text, at)
        if terminator.isalnum() or terminator == element:
            return None
        return "", terminator, at + len(terminator), ("component_separator",)
    if terminator == element:
        return None
    oddities = [] if component != element and not component.isalnum() else ["component_separator"]
    oddities += ["terminator"] if len(terminator) > 1 or terminator == component else []
    return component, terminator, behind + len(terminator), tuple(oddities)


def _terminator(text: str, at: int) -> str:
    """The character there, whole where UTF-8 made several bytes of it."""
    several = _UTF8_CHARACTER.match(text, at)
    return several.group() if several else text[at : at + 1]


def _ends_lines(text: str, at: int, component: str, terminator: str) -> bool:
    """Whether a newline taken for the terminator is only decoration, because the next line ends in ``component``."""
    if terminator not in "\r\n":
        return False
    line = _ENVELOPE_LINE.match(text, at, at + LONGEST)
    return line is not None and line.group().rstrip().endswith(component)


def _line_end(text: str, at: int, terminator: str) -> str:
    found = _LINE_END.match(text, at)
    end = found.group() if found else ""
    return "" if terminator == "\n" else end[: 1 if terminator == "\r" else 2]


def _repetition(isa: tuple[str, ...], taken: set[str]) -> str | None:
    mark = isa[11].strip(" ")
    if isa[12].strip() < _REPETITION_SINCE or len(mark) != 1 or mark.isalnum() or mark in taken:
        return None
    return mark
