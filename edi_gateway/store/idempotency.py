"""Idempotency keys: a request that is made twice is done once, and answered the same."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import upsert
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import idempotency_key


class IdempotencyRow(msgspec.Struct, frozen=True):
    """``status`` is None while the request is in flight."""

    owner: str
    key: str
    fingerprint: str
    status: int | None
    answer: str
    at: datetime


class IdempotencyKeys:
    """The idempotency keys of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def take(self, owner: str, key: str, fingerprint: str) -> IdempotencyRow | None:
        """Takes a key for a request; None where it is ours now, else the request that has it."""
        values = {"owner": owner, "key": key, "fingerprint": fingerprint, "at": self._clock.now()}
        insert = upsert(self._connection)(idempotency_key).values(values).on_conflict_do_nothing()
        if self._connection.execute(insert.returning(idempotency_key.c.key)).first() is not None:
            return None
        row = self._connection.execute(sa.select(idempotency_key).where(_here(owner, key))).one()
        return as_row(IdempotencyRow, row)

    def answer(self, owner: str, key: str, status: int, answer: str) -> None:
        """Keeps what the request was answered."""
        self._connection.execute(idempotency_key.update().where(_here(owner, key)).values(status=status, answer=answer))

    def give_back(self, owner: str, key: str) -> None:
        """The request failed and may be made again."""
        self._connection.execute(idempotency_key.delete().where(_here(owner, key)))

    def forget(self, before: datetime) -> None:
        """Forgets those that are old."""
        self._connection.execute(idempotency_key.delete().where(idempotency_key.c.at <= before))


def _here(owner: str, key: str) -> sa.ColumnElement[bool]:
    return sa.and_(idempotency_key.c.owner == owner, idempotency_key.c.key == key)
