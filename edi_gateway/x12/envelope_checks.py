"""What can be wrong with an envelope: one small function for each header and trailer (X12.6; rules §1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from edi_gateway.x12.envelope import Interchange
from edi_gateway.x12.envelope_findings import envelope_finding as finding
from edi_gateway.x12.finding import Finding
from edi_gateway.x12.group_codes import SUPPORTED_GROUPS, group_code

_DATE = re.compile(r"\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"([01]\d|2[0-3])[0-5]\d")
_NUMBER = re.compile(r"[0-9]{1,9}")
_VERSION = re.compile(r"00[0-9]")
_READABLE = re.compile(r"00[3-7][0-9]")  # releases that are read by the nearest definition
_SET_CODE = re.compile(r"[0-9]{3}")
_SET_NUMBER = re.compile(r"[A-Za-z0-9]{4,9}")


def check_header(interchange: Interchange, oddities: tuple[str, ...]) -> Iterator[Finding]:
    """What is wrong with an ISA; ``oddities`` are kinds the parse found."""
    isa = [element.strip() for element in interchange.isa]
    tests = (
        ("sender_qualifier", isa[5], re.fullmatch(r"[A-Z0-9]{2}", isa[5])),
        ("sender", isa[6], isa[6]),
        ("receiver_qualifier", isa[7], re.fullmatch(r"[A-Z0-9]{2}", isa[7])),
        ("receiver", isa[8], isa[8]),
        ("date", isa[9], _DATE.fullmatch(isa[9])),
        ("time", isa[10], _TIME.fullmatch(isa[10])),
        ("version", isa[12], re.fullmatch(r"00[0-9]{3}", isa[12])),
        ("control_number_syntax", isa[13], _NUMBER.fullmatch(isa[13])),
        ("acknowledgment_requested", isa[14], isa[14] in ("0", "1")),
        ("usage", isa[15], isa[15] in ("P", "T", "I")),
    )
    for name in oddities:
        yield finding(f"interchange.{name}", interchange.delimiters.segment, segment="ISA", offset=interchange.offset)
    for name, value, good in tests:
        if not good:
            yield finding(f"interchange.{name}", value, segment="ISA", offset=interchange.offset)


def check_trailer(interchange: Interchange, iea: list[str], groups: int, offset: int) -> Iterator[Finding]:
    """What is wrong between an ISA and its IEA; ``groups`` were received."""
    count, number = _at(iea, 1), _at(iea, 2)
    if not _equal_numbers(count, str(groups)):
        yield finding("interchange.group_count", count, groups, segment="IEA", offset=offset)
    if number != interchange.control_number:
        same = _equal_numbers(number, interchange.control_number)
        kind = "interchange.control_number_padding" if same else "interchange.control_number"
        yield finding(kind, number, interchange.control_number, segment="IEA", offset=offset)


def check_group_header(gs: list[str], envelope: str, offset: int) -> Iterator[Finding]:
    """What is wrong with a GS; ``envelope`` is ISA12. Sets are read by GS08 alone: that the two differ is only said.

    Versions are compared, not releases: many send ``00400`` or ``00401`` with any 004xxx.
    """
    if len(gs) != 9:
        yield finding("group.header", len(gs) - 1, segment="GS", offset=offset)
    if not _NUMBER.fullmatch(_at(gs, 6)):
        yield finding("group.control_number_syntax", _at(gs, 6), segment="GS", offset=offset)
    release = _at(gs, 8)
    if _VERSION.match(release) and _VERSION.match(envelope) and release[:3] != envelope[:3]:
        yield finding("group.version", release, envelope, segment="GS", offset=offset)
    yield from check_group_support(_at(gs, 1), release, offset)


def check_group_support(code: str, release: str, offset: int | None = None) -> Iterator[Finding]:
    """Whether sets of such a group are known here: none of the group's code is, or none of such a release.

    Sets that can be identified all the same are read and judged, and an answer is owed in any case: so these are warnings, which
    a partner's policy may make rejections of the whole group.
    """
    if code not in SUPPORTED_GROUPS:
        yield finding("group.unsupported", code, segment="GS", offset=offset)
    if not _READABLE.match(release):
        yield finding("group.release_unsupported", release, segment="GS", offset=offset)


def check_group_trailer(gs: tuple[str, ...], ge: list[str], sets: int, offset: int) -> Iterator[Finding]:
    """What is wrong between a GS and its GE; ``sets`` were received. GS06 and GE02 are numbers and compare as such."""
    count, number = _at(ge, 1), _at(ge, 2)
    if not _equal_numbers(count, str(sets)):
        yield finding("group.set_count", count, sets, segment="GE", offset=offset)
    if number != _at(gs, 6) and not _equal_numbers(number, _at(gs, 6)):
        yield finding("group.control_number", number, _at(gs, 6), segment="GE", offset=offset)


def is_usual_set_header(st: list[str], group: str) -> bool:
    """True only if ``check_set_header`` would find nothing: the short way that nearly every set goes."""
    return len(st) > 2 and st[2].isalnum() and st[2].isascii() and 4 <= len(st[2]) <= 9 and _is_usual(st[1], group)


@lru_cache(maxsize=256)
def _is_usual(code: str, group: str) -> bool:
    return _SET_CODE.fullmatch(code) is not None and group_code(code) in ("", group)


def check_set_header(st: list[str], group: str | None, offset: int) -> Iterator[Finding]:
    """What is wrong with an ST; ``group`` is its GS01, None outside a group."""
    code, number = _at(st, 1), _at(st, 2)
    if not _SET_CODE.fullmatch(code):
        yield finding("set.st01", code, segment="ST", offset=offset)
    if not number:
        yield finding("set.st02", segment="ST", offset=offset)
    elif not _SET_NUMBER.fullmatch(number):
        yield finding("set.st02_form", number, segment="ST", offset=offset)
    if group is None:
        yield finding("set.outside_group", segment="ST", offset=offset)
    elif group_code(code) not in ("", group):
        yield finding("set.group_code", code, group, group_code(code), segment="ST", offset=offset)


def check_set_trailer(st: list[str], se: list[str], segments: int, empty: int, offset: int) -> Iterator[Finding]:
    """What is wrong between an ST and its SE; ``segments`` with something in them were counted, and ``empty`` ones."""
    count, number = _at(se, 1), _at(se, 2)
    if not _equal_numbers(count, str(segments)) and not (empty and _equal_numbers(count, str(segments + empty))):
        yield finding("set.segment_count", count, segments, segment="SE", offset=offset)
    if number != _at(st, 2):
        kind = "set.control_number_padding" if _equal_numbers(number, _at(st, 2)) else "set.control_number"
        yield finding(kind, number, _at(st, 2), segment="SE", offset=offset)
    if empty:
        yield finding("set.empty_segment", empty, segment="SE", offset=offset)


def _at(segment: list[str] | tuple[str, ...], position: int) -> str:
    return segment[position].strip() if position < len(segment) else ""


def _equal_numbers(one: str, other: str) -> bool:
    """The same number, whatever its leading zeros."""
    return (
        one.isascii() and other.isascii() and one.isdigit() and other.isdigit()
        and one.lstrip("0") == other.lstrip("0")
    )  # fmt: skip
