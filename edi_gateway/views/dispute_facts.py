"""What counts in a dispute, gathered: each set with its numbers and times, deadlines, rule verdicts, shipments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.store.compliance_checks import ComplianceCheck
from edi_gateway.store.database import Database
from edi_gateway.store.rows import TransactionRow
from edi_gateway.store.tables import owed
from edi_gateway.store.unit import Unit
from edi_gateway.views.evidence import OnRecord
from edi_gateway.views.order_trace import OrderTrace
from edi_gateway.views.their_answers import answers_to

_ANSWERS = ("997", "999", "TA1")


class AnswerFact(msgspec.Struct, frozen=True):
    """An acknowledgment of a set: the interchange it was in, and when it came or was written (UTC)."""

    interchange: str
    at: datetime


class SetFact(msgspec.Struct, frozen=True):
    """A set with the numbers a partner asks for, when it moved, and when it was acknowledged; times are UTC.

    ``answers`` are all acknowledgments, oldest first; ``answered_in`` is the interchange of the last, which is the one that
    counts. ``receipt`` is what the other side's transport said of the bytes.
    """

    direction: str
    code: str
    number: str
    sender: str
    receiver: str
    interchange: str  # ISA13
    group: str  # GS06
    control_number: str  # ST02
    moved_at: datetime | None
    receipt: str
    acknowledgment: str
    answered_in: str
    answered_at: datetime | None
    answers: list[AnswerFact]
    payload: str  # SHA-256


class DeadlineFact(msgspec.Struct, frozen=True):
    """An answer of ours that was due, and when it left; ``given_at`` None: it has not."""

    code: str
    number: str
    since: datetime
    due_at: datetime
    given_at: datetime | None
    waived: str

    @property
    def said(self) -> str:
        """In time, late, or not yet, in words."""
        if self.given_at is None:
            return f"waived: {self.waived}" if self.waived else "not left yet"
        return "in time" if self.given_at <= self.due_at else f"late by {self.given_at - self.due_at}"


class DisputeFacts(msgspec.Struct, frozen=True):
    """All of it."""

    sets: list[SetFact]
    deadlines: list[DeadlineFact]
    checks: list[ComplianceCheck]
    notices: list[ShipNotice]


def facts_of(store: Database, trace: OrderTrace, found: OnRecord) -> DisputeFacts:
    """What is on record about an order, as a dispute asks for it."""
    answers = {group.id: answers_to(store, group) for group in found.groups}
    with store.read() as unit:
        checks = unit.compliance_checks.history(dict.fromkeys(each.id for each in trace.documents))
        kept = unit.documents.kept(each.id for each in trace.documents if each.kind == "ship notice")
        told = {group: _answers(unit, ids) for group, ids in answers.items()}
    sets = [_set(row, found, told.get(row.group_id or 0, [])) for row in found.sets if row.code not in _ANSWERS]
    notices = [notice for notice in kept.values() if isinstance(notice, ShipNotice)]
    return DisputeFacts(sets, list(_deadlines(store, trace, found)), checks, notices)


def _set(row: TransactionRow, found: OnRecord, answers: list[AnswerFact]) -> SetFact:
    interchange = next((each for each in found.interchanges if each.id == row.interchange_id), None)
    group = next((each for each in found.groups if each.id == row.group_id), None)
    moved = next((each for each in found.transmissions if interchange and each.id == interchange.transmission_id), None)
    last = answers[-1] if answers else None
    return SetFact(
        direction=row.direction,
        code=row.code,
        number=row.business_number,
        sender=interchange.sender if interchange else "",
        receiver=interchange.receiver if interchange else "",
        interchange=interchange.control_number if interchange else "",
        group=group.control_number if group else "",
        control_number=row.control_number,
        moved_at=(moved.told_at or moved.at) if moved else None,
        receipt=f"{moved.state} {moved.detail}".strip() if moved else "",
        acknowledgment=row.acknowledgment if row.direction == "out" else (group.acknowledgment if group else ""),
        answered_in=last.interchange if last else "",
        answered_at=last.at if last else None,
        answers=answers,
        payload=moved.payload if moved else "",
    )


def _answers(unit: Unit, ids: list[int]) -> list[AnswerFact]:
    answers = [row for id in ids if (row := unit.transactions.find(id)) and row.interchange_id]
    carried = [unit.interchanges.get(row.interchange_id or 0) for row in answers]
    return [AnswerFact(each.control_number, each.at) for each in carried]


def _deadlines(store: Database, trace: OrderTrace, found: OnRecord) -> Iterator[DeadlineFact]:
    order = f"document:{trace.thread.document_id}|"
    sets = [f"transaction:{row.id}" for row in found.sets if row.direction == "in"]
    here = sa.or_(owed.c.about.in_(sets), owed.c.about.startswith(order, autoescape=True))
    columns = (owed.c.code, owed.c.number, owed.c.since, owed.c.due_at, owed.c.given_at, owed.c.waived)
    with store.reading() as connection:
        for row in connection.execute(sa.select(*columns).where(here).order_by(owed.c.due_at, owed.c.id)):
            yield DeadlineFact(*row)
