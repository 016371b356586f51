"""Compressed data (RFC 3274) as AS2 carries it (RFC 5402): zlib, and a limit on what comes out."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from edi_gateway.transports.as2.cms import algorithms as known
from edi_gateway.transports.as2.cms import ber, der
from edi_gateway.transports.as2.cms.der import Piece
from edi_gateway.transports.as2.cms.errors import CmsError, DecompressionFailed, Unreadable
from edi_gateway.transports.as2.cms.structure import content_of, only, read_algorithm

_LEVEL = 6


def compress(content: Sequence[Piece]) -> list[Piece]:
    """The content, compressed."""
    squeezing = zlib.compressobj(_LEVEL)
    pieces: list[Piece] = [piece for piece in (*map(squeezing.compress, content), squeezing.flush()) if piece]
    held = der.wrap(0x30, der.wrap(0xA0, der.wrap(0x04, pieces)), der.oid(known.DATA))
    body = der.wrap(0x30, held, der.integer(0), der.sequence(der.oid(known.ZLIB)))
    return der.wrap(0x30, der.wrap(0xA0, body), der.oid(known.COMPRESSED_DATA))


def decompress(data: bytes | memoryview, most: int) -> bytes:
    """The content, at most ``most`` bytes of it. Raises DecompressionFailed."""
    try:
        pieces = _compressed(data)
    except CmsError as error:
        raise DecompressionFailed(f"it cannot be decompressed: {error.what}") from error
    opening, found, left = zlib.decompressobj(), [], most
    try:
        for piece in pieces:
            found.append(opening.decompress(piece, left + 1))
            left -= len(found[-1])
            if left < 0:
                raise DecompressionFailed(f"it holds more than the {most:,} bytes that are taken")
    except zlib.error as error:
        raise DecompressionFailed("it cannot be decompressed: what is compressed is damaged") from error
    if not opening.eof:
        raise DecompressionFailed("it cannot be decompressed: the end is missing")
    return b"".join(found)


def _compressed(data: bytes | memoryview) -> list[memoryview]:
    parts = content_of(ber.read(data), known.COMPRESSED_DATA)
    if len(parts) != 3 or read_algorithm(parts[1])[0] != known.ZLIB:
        raise Unreadable("only zlib is known")
    held = parts[2].expect(ber.SEQUENCE).children()
    if len(held) != 2:
        raise Unreadable("compressed data holds no content")
    return list(only(held[1]).pieces())
