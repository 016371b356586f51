"""Webhooks: who is told of which events, and every telling until it is delivered or dead."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.events import is_of
from edi_gateway.store.prepared import new_row, row_changed, rows_by, upsert
from edi_gateway.store.rows import EventRow, as_row
from edi_gateway.store.tables import event, event_chain, webhook, webhook_delivery

OURS = "webhook."  # kinds of events about webhooks themselves: they are told to none, or a dead one would tell of itself


class WebhookRow(msgspec.Struct, frozen=True):
    """``tables.webhook`` tells the columns."""

    id: int
    address: str
    kinds: str
    partner: str | None
    after: int
    paused: bool
    old_secret_until: datetime | None
    created_at: datetime
    created_by: str
    removed_at: datetime | None

    @property
    def wanted(self) -> list[str]:
        """Kinds of events, or their beginnings with a dot; empty for all."""
        return msgspec.json.decode(self.kinds, type=list[str])


class DeliveryRow(msgspec.Struct, frozen=True):
    """One event told to one webhook; ``message_id`` is the same at every try."""

    id: int
    webhook_id: int
    event_id: int
    message_id: str
    state: str
    tries: int
    due_at: datetime
    status: int | None
    detail: str
    created_at: datetime


class Webhooks:
    """The webhooks of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def add(self, address: str, kinds: list[str], partner: str | None, *, by: str) -> int:
        """Records a webhook that is told of what happens from now on; returns its number."""
        values = {
            "address": address,
            "kinds": msgspec.json.encode(kinds).decode(),
            "partner": partner,
            "after": self._head(),
            "created_at": self._clock.now(),
            "created_by": by,
        }
        return int(self._connection.execute(new_row(webhook), values).scalar_one())

    def find(self, id: int) -> WebhookRow | None:
        """The webhook of a number, unless it was removed."""
        here = sa.and_(webhook.c.id == id, webhook.c.removed_at.is_(None))
        row = self._connection.execute(sa.select(webhook).where(here)).first()
        return as_row(WebhookRow, row) if row else None

    def all(self) -> list[WebhookRow]:
        """Those that were not removed, oldest first."""
        rows = self._connection.execute(sa.select(webhook).where(webhook.c.removed_at.is_(None)).order_by(webhook.c.id))
        return [as_row(WebhookRow, row) for row in rows]

    def change(self, id: int, **values: Any) -> None:
        self._connection.execute(row_changed(webhook), {"this": id, **values})

    def unread(self, row: WebhookRow, limit: int) -> tuple[list[int], int]:
        """Events it wants that were not looked at yet, oldest first, and up to which event that is everything."""
        head = self._head()
        query = sa.select(event.c.id).where(event.c.id > row.after, event.c.id <= head)
        query = query.where(sa.not_(event.c.kind.startswith(OURS, autoescape=True)))
        if row.wanted:
            query = query.where(sa.or_(*(is_of(kind) for kind in row.wanted)))
        if row.partner is not None:
            query = query.where(event.c.partner == row.partner)
        ids = list(self._connection.execute(query.order_by(event.c.id).limit(limit)).scalars())
        return ids, ids[-1] if len(ids) == limit else head

    def event(self, id: int) -> EventRow:
        return as_row(EventRow, self._connection.execute(rows_by(event, "id"), {"id": id}).one())

    # -- deliveries ------------------------------------------------------------------------------

    def plan(self, webhook_id: int, event_id: int, message_id: str) -> None:
        """An event is to be told; one that is planned already stays as it is."""
        now = self._clock.now()
        values = {
            "webhook_id": webhook_id,
            "event_id": event_id,
            "message_id": message_id,
            "state": "due",
            "due_at": now,
            "created_at": now,
        }
        self._connection.execute(upsert(self._connection)(webhook_delivery).values(values).on_conflict_do_nothing())

    def due(self, webhook_id: int, limit: int) -> list[DeliveryRow]:
        """What is to be told a webhook now, oldest first."""
        here = sa.and_(
            webhook_delivery.c.webhook_id == webhook_id,
            webhook_delivery.c.state == "due",
            webhook_delivery.c.due_at <= self._clock.now(),
        )
        rows = self._connection.execute(sa.select(webhook_delivery).where(here).order_by(webhook_delivery.c.id).limit(limit))
        return [as_row(DeliveryRow, row) for row in rows]

    def delivery(self, id: int) -> DeliveryRow | None:
        row = self._connection.execute(rows_by(webhook_delivery, "id"), {"id": id}).first()
        return as_row(DeliveryRow, row) if row else None

    def deliveries(self, webhook_id: int, state: str, before: int | None, limit: int) -> list[DeliveryRow]:
        """The newest first, below the number ``before``; in one state, or all."""
        query = sa.select(webhook_delivery).where(webhook_delivery.c.webhook_id == webhook_id)
        if state:
            query = query.where(webhook_delivery.c.state == state)
        if before is not None:
            query = query.where(webhook_delivery.c.id < before)
        rows = self._connection.execute(query.order_by(webhook_delivery.c.id.desc()).limit(limit))
        return [as_row(DeliveryRow, row) for row in rows]

    def end(self, id: int, **values: Any) -> None:
        """Records what came of a try."""
        self._connection.execute(row_changed(webhook_delivery), {"this": id, **values})

    def _head(self) -> int:
        return int(self._connection.execute(sa.select(event_chain.c.events)).scalar_one())
