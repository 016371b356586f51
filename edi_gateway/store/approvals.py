"""Approvals: what one person asked for and a second one has to agree to."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_row, rows_by
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import approval


class ApprovalRow(msgspec.Struct, frozen=True):
    """``state`` is asked, given, refused or stale; ``fingerprint`` is of what it is about, as it was when it was asked for."""

    id: int
    operation: str
    subject: str
    partner: str | None
    arguments: str
    fingerprint: str
    because: str
    asked_by: str
    asked_at: datetime
    state: str
    answered_by: str | None
    answered_at: datetime | None


class Approvals:
    """The approvals of one unit of work. With ``locks``, open ones are kept from other writers until the unit's end."""

    def __init__(self, connection: Connection, clock: Clock, *, locks: bool = False) -> None:
        self._connection, self._clock, self._locks = connection, clock, locks

    def ask(
        self, operation: str, subject: str, *, partner: str | None, arguments: str, fingerprint: str, because: str, by: str
    ) -> int:
        """Records a request and returns its number."""
        values = {
            "operation": operation,
            "subject": subject,
            "partner": partner,
            "arguments": arguments,
            "fingerprint": fingerprint,
            "because": because,
            "asked_by": by,
            "asked_at": self._clock.now(),
            "state": "asked",
        }
        return int(self._connection.execute(new_row(approval), values).scalar_one())

    def find(self, id: int) -> ApprovalRow | None:
        row = self._connection.execute(rows_by(approval, "id"), {"id": id}).first()
        return as_row(ApprovalRow, row) if row else None

    def open(self, subject: str = "") -> list[ApprovalRow]:
        """What waits for a second person, oldest first; about one subject, or all."""
        query = sa.select(approval).where(approval.c.state == "asked").order_by(approval.c.id)
        query = query.where(approval.c.subject == subject) if subject else query
        rows = self._connection.execute(query.with_for_update() if self._locks and subject else query)
        return [as_row(ApprovalRow, row) for row in rows]

    def answer(self, id: int, state: str, *, by: str) -> bool:
        """Closes a request; False when somebody else closed it first."""
        here = sa.and_(approval.c.id == id, approval.c.state == "asked")
        values = {"state": state, "answered_by": by, "answered_at": self._clock.now()}
        return self._connection.execute(approval.update().where(here).values(values)).rowcount == 1
