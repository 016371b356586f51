"""What came before: only what was really processed counts, and of interchanges with one control number only the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from edi_gateway.pipeline.inbound.in_vain import came_in_vain, was_dismissed
from edi_gateway.pipeline.inbound.position import read_position
from edi_gateway.store.interchanges import IN_PART
from edi_gateway.store.rows import InterchangeRow, TransmissionRow
from edi_gateway.store.unit import Unit
from edi_gateway.x12.envelope import InterchangeEnd
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.reading_point import ReadingPoint

_PIECE = 1 << 16


def earlier_payload(unit: Unit, one: TransmissionRow, partner: str, since: datetime) -> TransmissionRow | None:
    """The first transmission that brought the same bytes from a partner since a moment, was read to its end and not in vain."""
    before = [each for each in unit.transmissions.earlier(one, partner, since) if not _is_stuck(unit, each.id)]
    read = (each for each in before if unit.interchanges.were_taken_from(each.id))
    return next((each for each in read if not _came_in_vain(unit, each)), None)


def _came_in_vain(unit: Unit, one: TransmissionRow) -> bool:
    return all(came_in_vain(unit, each.id) for each in unit.interchanges.in_transmission(one.id))


def earlier_interchange(unit: Unit, row: int, taken: list[int]) -> int | None:
    """The first of these interchanges that has the bytes of ``row`` and was processed, also in part, or is being so just now."""
    same = (each for each in taken if is_same(unit, each, row))
    return next((each for each in same if not _stopped_inside(unit, each) and not came_in_vain(unit, each)), None)


def dismissed_before(unit: Unit, row: int, taken: list[int]) -> bool:
    """Whether one of these interchanges has the bytes of ``row``, and a person dismissed what was in it."""
    return any(is_same(unit, each, row) and came_in_vain(unit, each) and was_dismissed(unit, each) for each in taken)


def _stopped_inside(unit: Unit, interchange: int) -> bool:
    row = unit.interchanges.get(interchange)
    if row.state == IN_PART:
        return True
    return row.state == "reading" and row.transmission_id is not None and _is_stuck(unit, row.transmission_id, interchange)


def _is_stuck(unit: Unit, transmission: int, interchange: int | None = None) -> bool:
    """Whether the reading of a transmission, or of one interchange in it, stopped for a person."""
    flows = [flow for flow in unit.flows.of(f"transmission:{transmission}") if flow.state in ("held", "dead")]
    return any(interchange in (None, read_position(flow).cursor.interchange) for flow in flows)


def is_same(unit: Unit, first: int, second: int) -> bool:
    """Compares two interchanges on record from ISA to the end of IEA; looked at only when their numbers are the same.

    Bytes that retention took away count as other bytes: nobody could tell any more, and what they said is known otherwise.
    """
    rows = unit.interchanges.get(first), unit.interchanges.get(second)
    if any(unit.payloads.was_removed(_payload(unit, row)) for row in rows):
        return False
    lengths = [_end(unit, row) - row.start for row in rows]
    if lengths[0] != lengths[1]:
        return False
    with _open(unit, rows[0]) as one, _open(unit, rows[1]) as other:
        pairs = zip(_pieces(one, lengths[0]), _pieces(other, lengths[1]), strict=True)
        return all(left == right for left, right in pairs)


def _open(unit: Unit, row: InterchangeRow) -> BinaryIO:
    stream = unit.payloads.open(_payload(unit, row))
    stream.seek(row.start)
    return stream


def _payload(unit: Unit, row: InterchangeRow) -> str:
    assert row.transmission_id is not None  # noqa: S101  # inbound interchanges always came in one
    return unit.transmissions.get(row.transmission_id).payload


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
