"""The documents a plan is made for: what came and what went, from the store, or any files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, NamedTuple, TypeAlias

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.order_to_cash.advice import Advice
from edi_gateway.store.database import Database
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.unit import Unit
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.reader import Reader

ANSWERS = ("997", "999", "TA1")


class Received(NamedTuple):
    """A set as it came. ``connection`` and ``partner`` are as on record, nothing where it came in no gateway;
    ``advice`` is what the ERP had said of an order.
    """

    name: str
    code: str
    set: TransactionSet
    at: datetime
    connection: str = ""
    partner: str = ""
    advice: Advice | None = None


class Sent(NamedTuple):
    """A document of ours to be written again. ``like`` is the release of the order it answers."""

    name: str
    code: str
    partner: str
    document: Value
    usage: str
    at: datetime
    like: str = ""


class Lost(NamedTuple):
    """A set on record whose bytes are there no more, and why."""

    name: str
    code: str
    partner: str
    because: str


Replayed: TypeAlias = Received | Sent | Lost


def stored(store: Database, last: int) -> Iterator[Replayed]:
    """The newest sets on record, acknowledgments left out, oldest first."""
    with store.read() as unit:
        rows = unit.transactions.newest(last, leave_out=ANSWERS)[::-1]
    with store.read() as unit:
        received = dict(_received(unit, [row for row in rows if row.direction == "in"]))
        for row in rows:
            found = received.get(row.id) if row.direction == "in" else _sent(unit, row)
            if found is not None:
                yield found


def in_files(path: Path) -> Iterator[Received]:
    """Every set in a file, or in the files of a folder, acknowledgments left out, as if it came today.

    Raises WrongInput where there is no such file, or no set in any.
    """
    if not path.exists():
        raise WrongInput("there is no such file or folder", where=str(path))
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    now, held = datetime.now(UTC), 0
    for file in files:
        with file.open("rb") as stream:
            sets = [event for event in Reader(stream) if isinstance(event, TransactionSet) and event.code not in ANSWERS]
        for place, one in enumerate(sets, 1):
            held += 1
            yield Received(file.name if len(sets) == 1 else f"{file.name}, set {place}", one.code, one, now)
    if not held:
        raise WrongInput("holds no transaction set", where=str(path), do="name files as partners send them")


def _received(unit: Unit, rows: Iterable[TransactionRow]) -> Iterator[tuple[int, Received | Lost]]:
    """The sets of rows, by row: each payload is read once, as far as the last set that is wanted."""
    wanted: defaultdict[int, dict[int, TransactionRow]] = defaultdict(dict)
    for row in rows:
        if row.interchange_id is not None and row.start is not None:
            wanted[unit.interchanges.get(row.interchange_id).transmission_id or 0][row.start] = row
    for id, by_start in wanted.items():
        transmission = unit.transmissions.get(id)
        try:
            stream = unit.payloads.open(transmission.payload)
        except NeedsPerson as error:
            yield from ((row.id, Lost(_name(row), row.code, row.partner or "", error.what)) for row in by_start.values())
            continue
        with stream:
            for row, event in _cut(stream, by_start):
                known = (transmission.connection, row.partner or "", _advice(unit, row))
                yield row.id, Received(_name(row), event.code, event, transmission.at, *known)


def _cut(stream: BinaryIO, by_start: Mapping[int, TransactionRow]) -> Iterator[tuple[TransactionRow, TransactionSet]]:
    """The sets of a payload that begin where the rows say, as far as the last of them."""
    left, reader = set(by_start), Reader(stream)
    for event in reader:
        start = reader.span[0]
        if isinstance(event, TransactionSet) and start in left:
            left.discard(start)
            yield by_start[start], event
        if not left:
            return


def _name(row: TransactionRow) -> str:
    return f"{row.code} {row.business_number}".strip()


def _advice(unit: Unit, row: TransactionRow) -> Advice | None:
    body = unit.documents.consulted(row.document_id) if row.document_id else None
    return msgspec.json.decode(body, type=Advice) if body else None


def _sent(unit: Unit, row: TransactionRow) -> Sent | None:
    """The document that went out in a set; None for a set that was made of none."""
    if row.document_id is None or row.partner is None:
        return None
    document = unit.documents.get(row.document_id)
    like = ""
    if document.thread_id is not None:
        came = unit.transactions.of_document(unit.threads.get(document.thread_id).thread.document_id)
        like = came.release if came else ""
    return Sent(_name(row), row.code, row.partner, unit.documents.read(row.document_id), row.usage, row.at, like)
