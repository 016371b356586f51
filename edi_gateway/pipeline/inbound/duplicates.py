"""Whether two interchanges with the same control number are the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from edi_gateway.store.rows import InterchangeRow
from edi_gateway.store.unit import Unit
from edi_gateway.x12.envelope import InterchangeEnd
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.reading_point import ReadingPoint

_PIECE = 1 << 16


def is_same(unit: Unit, first: int, second: int) -> bool:
    """Compares two interchanges on record from ISA to the end of IEA; looked at only when their numbers are the same."""
    rows = unit.interchanges.get(first), unit.interchanges.get(second)
    lengths = [_end(unit, row) - row.start for row in rows]
    if lengths[0] != lengths[1]:
        return False
    with _open(unit, rows[0]) as one, _open(unit, rows[1]) as other:
        pairs = zip(_pieces(one, lengths[0]), _pieces(other, lengths[1]), strict=True)
        return all(left == right for left, right in pairs)


def _open(unit: Unit, row: InterchangeRow) -> BinaryIO:
    assert row.transmission_id is not None  # noqa: S101  # inbound interchanges always came in one
    stream = unit.payloads.open(unit.transmissions.get(row.transmission_id).payload)
    stream.seek(row.start)
    return stream


def _end(unit: Unit, row: InterchangeRow) -> int:
    with _open(unit, row) as stream:
        stream.seek(0)
        reader = Reader(stream, start=ReadingPoint(row.start))
        for event in reader:
            if isinstance(event, InterchangeEnd):
                return reader.span[1]
    return row.start


def _pieces(stream: BinaryIO, length: int) -> Iterator[bytes]:
    while length > 0:
        piece = stream.read(min(length, _PIECE))
        length -= len(piece)
        yield piece
