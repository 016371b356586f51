"""Notices: an alert told over a channel, one for each step of its escalation; what came of it, and when it is tried again."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import row_changed, upsert
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import notice

OVER = 0
"""The step of the notice that an alert is over."""


class NoticeRow(msgspec.Struct, frozen=True):
    """``state``: due; sending, while nobody knows yet; sent; failed, for good; unknown, whether it arrived; dropped."""

    id: int
    alert_id: int
    step: int
    channel: str
    state: str
    due_at: datetime
    tries: int
    because: str
    changed_at: datetime


class Notices:
    """The notices of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def add(self, alert_id: int, step: int, channel: str, due_at: datetime) -> None:
        """Records that a channel is to be told; what is on record for this step already stays as it is."""
        values = {"alert_id": alert_id, "step": step, "channel": channel, "state": "due", "due_at": due_at}
        insert = upsert(self._connection)(notice).values(**values, changed_at=self._clock.now())
        self._connection.execute(insert.on_conflict_do_nothing(index_elements=["alert_id", "step", "channel"]))

    def due(self) -> list[NoticeRow]:
        """What is to be told now, the longest due first."""
        here = sa.and_(notice.c.state == "due", notice.c.due_at <= self._clock.now())
        return self._rows(sa.select(notice).where(here).order_by(notice.c.due_at, notice.c.id))

    def interrupted(self) -> list[NoticeRow]:
        """What a process was telling when it ended."""
        return self._rows(sa.select(notice).where(notice.c.state == "sending"))

    def of(self, alert_id: int) -> list[NoticeRow]:
        """Whom an alert was told, in order."""
        return self._rows(sa.select(notice).where(notice.c.alert_id == alert_id).order_by(notice.c.id))

    def begin(self, row: NoticeRow) -> bool:
        """Says that it is being told; True for exactly one of all who try."""
        here = sa.and_(notice.c.id == row.id, notice.c.state == "due", notice.c.tries == row.tries)
        values = {"state": "sending", "tries": row.tries + 1, "changed_at": self._clock.now()}
        return self._connection.execute(notice.update().where(here).values(values)).rowcount == 1

    def end(self, id: int, state: str, because: str = "", due_at: datetime | None = None) -> None:
        """Says what came of it; ``due_at`` when it is tried again."""
        again = {} if due_at is None else {"due_at": due_at}
        values = {"state": state, "because": because, "changed_at": self._clock.now(), **again}
        self._connection.execute(row_changed(notice), {"this": id, **values})

    def _rows(self, query: sa.Select[tuple[object, ...]]) -> list[NoticeRow]:
        return [as_row(NoticeRow, row) for row in self._connection.execute(query)]
