"""Read: what stands in a payload, in chunks. Levels 1 and 2 of validation happen here, and nothing that could wait for anybody.

After each chunk the reader's point is committed with what was found, so a crash in a file of a thousand orders goes on where
it was; and one set at a time is in memory, whatever the file.
"""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

import msgspec

from edi_gateway.pipeline.inbound.examine import Examined, Examiner
from edi_gateway.pipeline.inbound.position import Cursor, Position
from edi_gateway.pipeline.inbound.take import Taker
from edi_gateway.pipeline.outcome import Done, Hold, Outcome
from edi_gateway.pipeline.tools import Record, Tools
from edi_gateway.store.interchanges import IN_PART
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Sender, Unknown
from edi_gateway.x12.envelope import Event, FunctionalGroup, Interchange, InterchangeAcknowledgment, TransactionSet
from edi_gateway.x12.reader import Reader
from edi_gateway.x12.reading_point import ReadingPoint

SETS_A_CHUNK = 200
BYTES_A_CHUNK = 4 << 20  # whichever comes first: a chunk is in memory, and recorded in one transaction


class Seen(NamedTuple):
    """One event of the reader, where it stands, and what we think of it."""

    event: Event
    start: int
    end: int
    sender: Sender | None
    examined: Examined | None = None


class Chunk(NamedTuple):
    """Part of a payload; ``over`` where there is no more to read."""

    seen: list[Seen]
    point: ReadingPoint
    over: bool


def read(flow: FlowRow, tools: Tools) -> Record:
    """Reads one chunk of the flow's transmission."""
    position = msgspec.json.decode(flow.position, type=Position) if flow.position else Position()
    if position.over:
        return lambda _unit: Done()
    chunk = _read_chunk(flow, tools, position)

    def record(unit: Unit) -> Outcome:
        taker = Taker(unit, flow, tools.directory, position.cursor)
        for seen in chunk.seen:
            taker.take(seen.event, seen.start, seen.end, seen.sender, seen.examined)
        if position.given_up:
            return _given_up(unit, flow, position)
        if not chunk.over:
            after = Position(chunk.point, taker.cursor, position.one_interchange, position.one_group)
            return Done("read", position=msgspec.json.encode(after).decode())
        ended = _end(unit, flow, taker.cursor)
        if isinstance(ended, Hold):
            over = Position(chunk.point, taker.cursor, over=True)
            unit.flows.place(flow, msgspec.json.encode(over).decode())  # whoever resumes it does not read it again
        return ended

    return record


def _read_chunk(flow: FlowRow, tools: Tools, position: Position) -> Chunk:
    with tools.store.read() as unit:
        transmission = unit.transmissions.get(int(flow.subject_id))
        stream = BytesIO() if position.given_up else unit.payloads.open(transmission.payload)
        at = position.cursor.interchange
        whose = unit.interchanges.get(at).partner if at else None
    cursor = position.cursor
    examiner = Examiner(tools.directory, transmission.connection, transmission.at, cursor.forced_partner, cursor.only_of)
    examiner.go_on(position.point, whose, cursor.partner)
    seen: list[Seen] = []
    sets = 0
    with stream:
        reader = Reader(stream, start=position.point)
        for event in reader:
            examined = examiner.examine(event)
            seen.append(Seen(event, *reader.span, examiner.sender, examined))
            sets += isinstance(event, TransactionSet)
            if isinstance(event, FunctionalGroup):
                _say_whose(seen, examiner)
            if position.is_end(event):
                return Chunk(seen, reader.point, True)
            if examiner.is_open:
                continue
            if sets >= SETS_A_CHUNK or reader.point.offset - position.point.offset >= BYTES_A_CHUNK:
                return Chunk(seen, reader.point, False)
    return Chunk(seen, reader.point, True)


def _say_whose(seen: list[Seen], examiner: Examiner) -> None:
    """The first group of an interchange says whose the interchange is, where its id alone does not."""
    for place in range(len(seen) - 2, -1, -1):
        event = seen[place].event
        if not isinstance(event, Interchange | InterchangeAcknowledgment):
            return
        if isinstance(seen[place].sender, Unknown):
            seen[place] = seen[place]._replace(sender=examiner.sender)
        if isinstance(event, Interchange):
            return


def _given_up(unit: Unit, flow: FlowRow, position: Position) -> Outcome:
    """What was open has ended as if the bytes ended here, and is answered so; sent again, it is read."""
    if position.cursor.interchange is not None:
        unit.interchanges.change(position.cursor.interchange, state=IN_PART)
    because = f"read as far as byte {position.point.offset:,}, and no further: a person gave it up"
    unit.transmissions.change(int(flow.subject_id), state=IN_PART, detail=because)
    return Done()


def _end(unit: Unit, flow: FlowRow, cursor: Cursor) -> Outcome:
    """What could not be read is a person's: there is nobody, or nothing, to answer it to."""
    transmission = int(flow.subject_id)
    if cursor.interchanges and not cursor.trouble:
        unit.transmissions.change(transmission, state="read")
        return Done()
    because = cursor.trouble or "nothing in it could be read as X12"
    unit.transmissions.change(transmission, state=IN_PART if cursor.interchanges else "unreadable", detail=because)
    unit.events.tell("payload.unreadable", flow.subject, because)
    if cursor.interchanges:
        return Hold(f"{because} — the rest was processed; ask the partner for what is missing, then dismiss this")
    return Hold(f"{because} — it is kept as it came; ask whoever sent it for the right file, then dismiss this")
