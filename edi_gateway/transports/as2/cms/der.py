"""Writes DER (X.690 §10). Small values are bytes; a large one is a header in front of pieces that are never joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TypeAlias

from edi_gateway.transports.as2.cms import ber

Piece: TypeAlias = bytes | memoryview

NULL = b"\x05\x00"


def size(pieces: Iterable[Piece]) -> int:
    """How many bytes the pieces are together."""
    return sum(map(len, pieces))


def head(tag: int, length: int) -> bytes:
    """Tag and length."""
    if length < 0x80:
        return bytes((tag, length))
    written = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(written))) + written


def value(tag: int, *content: bytes) -> bytes:
    """A small value around its content."""
    return b"".join((head(tag, size(content)), *content))


def wrap(tag: int, pieces: Sequence[Piece], *before: bytes, after: bytes = b"") -> list[Piece]:
    """A large value: small parts ``before`` and ``after``, large pieces between them, none of them copied."""
    lead = b"".join(before)
    return [head(tag, len(lead) + size(pieces) + len(after)) + lead, *pieces, *([after] if after else [])]


def sequence(*content: bytes) -> bytes:
    return value(ber.SEQUENCE, *content)


def set_of(*members: bytes) -> bytes:
    """Members in ascending order, as DER wants them."""
    return value(ber.SET, *sorted(members))


def octets(content: bytes) -> bytes:
    return value(ber.OCTET_STRING, content)


def integer(number: int) -> bytes:
    return value(ber.INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


@cache
def oid(dotted: str) -> bytes:
    """An object identifier."""
    first, second, *rest = map(int, dotted.split("."))
    return value(ber.OID, *(_base128(arc) for arc in (40 * first + second, *rest)))


def utc_time(moment: datetime) -> bytes:
    """UTCTime up to 2049, GeneralizedTime after it (RFC 5652 §11.3)."""
    moment = moment.astimezone(UTC)
    if moment.year < 2050:
        return value(0x17, f"{moment:%y%m%d%H%M%SZ}".encode())
    return value(0x18, f"{moment:%Y%m%d%H%M%SZ}".encode())


def rewritten(value_: ber.Value, tag: int | None = None) -> bytes:
    """A small BER value as DER: definite lengths, members of sets in order; under another tag where one is given."""
    written = value_.tag if tag is None else tag
    if value_.is_octets and value_.is_constructed:
        return octets(value_.octets())
    if not value_.is_constructed:
        return value(written, bytes(value_.content))
    members = [rewritten(child) for child in value_.children()]
    return value(written, *(sorted(members) if written == ber.SET else members))


def _base128(arc: int) -> bytes:
    digits = [arc & 0x7F]
    while arc := arc >> 7:
        digits.append(arc & 0x7F | 0x80)
    return bytes(reversed(digits))
