"""What is on record about a document: everything an evidence bundle is made of. Reads only."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.errors import WrongInput
from edi_gateway.store.database import Database
from edi_gateway.store.rows import (
    DocumentRow,
    EventRow,
    GroupRow,
    InterchangeRow,
    TransactionRow,
    TransmissionRow,
    as_row,
)
from edi_gateway.store.tables import attempt, document, event, flow, functional_group, interchange, transaction, transmission
from edi_gateway.views.evidence_receipts import ReceiptRow, receipts
from edi_gateway.views.their_answers import answers_to
from edi_gateway.views.timeline import relatives


class AttemptRow(msgspec.Struct, frozen=True):
    """One try at the world: what was sent or posted under which key, and what came of it."""

    key: str
    number: int
    stage: str
    outcome: str
    detail: str
    began_at: Any
    ended_at: Any


class OnRecord(msgspec.Struct, frozen=True):
    """All that belongs to one document or business number."""

    sets: list[TransactionRow]
    documents: list[DocumentRow]
    groups: list[GroupRow]
    interchanges: list[InterchangeRow]
    transmissions: list[TransmissionRow]
    receipts: list[ReceiptRow]
    attempts: list[AttemptRow]
    events: list[EventRow]


def on_record(store: Database, about: str) -> OnRecord:
    """Everything about a business number, or about a subject (``transaction:12``). Raises WrongInput where there is nothing.

    The acknowledgments are among the sets: ours that answer what came, theirs that answer what we sent.
    """
    subjects = _with_answers(store, about)
    with store.reading() as connection:
        found = {kind: [one.partition(":")[2] for one in subjects if one.startswith(f"{kind}:")] for kind in _KINDS}
        if not found["transaction"] and not found["document"]:
            raise WrongInput(f"nothing is on record about '{about}'", do="give a business number or a set: transaction:12")
        moved: list[TransmissionRow] = _rows(connection, TransmissionRow, transmission, found["transmission"])
        return OnRecord(
            sets=_rows(connection, TransactionRow, transaction, found["transaction"]),
            documents=_rows(connection, DocumentRow, document, found["document"]),
            groups=_rows(connection, GroupRow, functional_group, found["group"]),
            interchanges=_rows(connection, InterchangeRow, interchange, found["interchange"]),
            transmissions=moved,
            receipts=receipts(connection, moved),
            attempts=_attempts(connection, subjects),
            events=_events(connection, subjects),
        )


_KINDS = ("transaction", "document", "group", "interchange", "transmission")


def _with_answers(store: Database, about: str) -> list[str]:
    """What belongs to it, with every acknowledgment, ours and theirs, and what carried them."""
    with store.reading() as connection:
        subjects = relatives(connection, about)
        ids = [one.partition(":")[2] for one in subjects if one.startswith("group:")]
        groups: list[GroupRow] = _rows(connection, GroupRow, functional_group, ids)
    answers = {f"transaction:{id}" for group in groups for id in answers_to(store, group)}
    with store.reading() as connection:
        carried = {each for answer in answers for each in relatives(connection, answer)}
    return sorted({*subjects, *carried})


def _rows(connection: sa.Connection, type_: type[Any], table: sa.Table, ids: list[str]) -> list[Any]:
    wanted = ids if table is document else [int(id) for id in ids]
    query = sa.select(table).where(table.c.id.in_(wanted)).order_by(table.c.id)
    return [as_row(type_, row) for row in connection.execute(query)]


def _attempts(connection: sa.Connection, subjects: list[str]) -> list[AttemptRow]:
    joined = sa.select(attempt).join(flow, flow.c.id == attempt.c.flow_id).where(flow.c.subject.in_(subjects))
    rows = connection.execute(joined.order_by(attempt.c.began_at))
    return [as_row(AttemptRow, row) for row in rows]


def _events(connection: sa.Connection, subjects: list[str]) -> list[EventRow]:
    rows = connection.execute(sa.select(event).where(event.c.subject.in_(subjects)).order_by(event.c.id))
    return [as_row(EventRow, row) for row in rows]
