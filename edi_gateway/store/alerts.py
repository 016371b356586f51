"""Alerts: what somebody has to know, what each is about, and how far the events were read that they are made of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_row, new_rows, row_changed, rows_by, upsert
from edi_gateway.store.rows import EventRow, as_row
from edi_gateway.store.tables import alert, alert_subject, event, event_chain, event_cursor
from edi_gateway.trading.alerts import Level

_READER = "alerts"
_HEAD = sa.select(event_chain.c.events)
_READ_UP_TO = sa.select(event_cursor.c.event).where(event_cursor.c.reader == _READER)
_UNREAD = (
    sa.select(event)
    .where(
        event.c.id > sa.bindparam("read"),
        event.c.id <= sa.bindparam("head"),
        event.c.kind.in_(sa.bindparam("kinds", expanding=True)),
    )
    .order_by(event.c.id)
    .limit(sa.bindparam("most"))
)
_UNRESOLVED = sa.select(alert).where(alert.c.state != "resolved").order_by(alert.c.id)
_SUBJECTS = rows_by(alert_subject, "alert_id").order_by(alert_subject.c.event_id)
_GOING_ON = _SUBJECTS.where(alert_subject.c.over_at.is_(None))
_NEWEST_TEXT = (
    sa.select(event.c.text)
    .join(alert_subject, alert_subject.c.event_id == event.c.id)
    .where(alert_subject.c.alert_id == sa.bindparam("of_alert"), alert_subject.c.over_at.is_(None))
    .order_by(event.c.id.desc())
    .limit(1)
)


class AlertRow(msgspec.Struct, frozen=True):
    """``tables.alert`` tells the columns."""

    id: int
    rule: str
    key: str
    level: Level
    partner: str | None
    state: str
    text: str
    count: int
    began_at: datetime
    last_at: datetime
    escalation: str
    step: int
    next_at: datetime | None
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    note: str
    resolved_at: datetime | None
    resolved_because: str


class SubjectRow(msgspec.Struct, frozen=True):
    """One thing an alert is about, by the kind of event that told of it."""

    alert_id: int
    subject: str
    kind: str
    event_id: int
    at: datetime
    over_at: datetime | None


class Alerts:
    """The alerts of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    # -- events they are made of -----------------------------------------------------------------

    def unread(self, kinds: Collection[str], limit: int) -> tuple[list[EventRow], int]:
        """Events of some kinds that were not read yet, oldest first, and up to which event that is everything."""
        head, read = int(self._connection.execute(_HEAD).scalar_one()), self.read_up_to()
        if read >= head:
            return [], head
        here = {"read": read, "head": head, "kinds": list(kinds), "most": limit}
        rows = [as_row(EventRow, row) for row in self._connection.execute(_UNREAD, here)]
        return rows, rows[-1].id if len(rows) == limit else head

    def read_up_to(self) -> int:
        """The last event that was read; 0 when none was."""
        return int(self._connection.execute(_READ_UP_TO).scalar() or 0)

    def have_read(self, up_to: int) -> None:
        """Keeps how far events were read."""
        insert = upsert(self._connection)(event_cursor).values(reader=_READER, event=up_to)
        self._connection.execute(insert.on_conflict_do_update(index_elements=["reader"], set_={"event": up_to}))

    # -- alerts ----------------------------------------------------------------------------------

    def add(self, **values: Any) -> int:
        """Records an alert (columns by name) and returns its id."""
        return int(self._connection.execute(new_row(alert), values).scalar_one())

    def change(self, id: int, **values: Any) -> None:
        """Sets columns of an alert."""
        self._connection.execute(row_changed(alert), {"this": id, **values})

    def get(self, id: int) -> AlertRow | None:
        """The alert of a number somebody gave us."""
        row = self._connection.execute(rows_by(alert, "id"), {"id": id}).first()
        return as_row(AlertRow, row) if row else None

    def unresolved_of(self, rule: str, key: str) -> AlertRow | None:
        """The alert that more of the same belongs to."""
        here = sa.and_(alert.c.rule == rule, alert.c.key == key, alert.c.state != "resolved")
        row = self._connection.execute(sa.select(alert).where(here)).first()
        return as_row(AlertRow, row) if row else None

    def unresolved(self) -> list[AlertRow]:
        """Every alert whose cause is not known to be gone, oldest first."""
        return [as_row(AlertRow, row) for row in self._connection.execute(_UNRESOLVED)]

    # -- what they are about ---------------------------------------------------------------------

    def put_subject(self, alert_id: int, subject: str, kind: str, event_id: int, at: datetime) -> bool:
        """Keeps that an event told of a thing; True where the alert was not about it, or it had been over."""
        here = self._subject(alert_id, subject, kind)
        was = self._connection.execute(sa.select(alert_subject).where(here)).first()
        values = {"event_id": event_id, "at": at, "over_at": None}
        if was is None:
            key = {"alert_id": alert_id, "subject": subject, "kind": kind}
            self._connection.execute(new_rows(alert_subject), {**key, **values})
        else:
            self._connection.execute(alert_subject.update().where(here).values(values))
        return was is None or was.over_at is not None

    def subjects(self, alert_id: int, *, all: bool = False) -> list[SubjectRow]:
        """What an alert is about, oldest first; what is over only with ``all``."""
        rows = self._connection.execute(_SUBJECTS if all else _GOING_ON, {"alert_id": alert_id})
        return [as_row(SubjectRow, row) for row in rows]

    def is_over(self, row: SubjectRow) -> None:
        """Its cause is gone."""
        here = self._subject(row.alert_id, row.subject, row.kind)
        self._connection.execute(alert_subject.update().where(here).values(over_at=self._clock.now()))

    def newest_text(self, alert_id: int) -> str | None:
        """What was said last of anything it is about that is not over; None where all of it is."""
        text: str | None = self._connection.execute(_NEWEST_TEXT, {"of_alert": alert_id}).scalar()
        return text

    def _subject(self, alert_id: int, subject: str, kind: str) -> sa.ColumnElement[bool]:
        return sa.and_(alert_subject.c.alert_id == alert_id, alert_subject.c.subject == subject, alert_subject.c.kind == kind)
