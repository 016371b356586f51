"""Sealed secrets, by name: what stands in the database is of no use without the vault's key (``store.vault``)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import upsert
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import secret


class SecretRow(msgspec.Struct, frozen=True):
    """A secret as it is kept: ``sealed`` under the key of ``key_id``."""

    name: str
    sealed: bytes
    key_id: str
    changed_at: datetime
    changed_by: str


class Secrets:
    """The sealed secrets of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def put(self, name: str, sealed: bytes, key_id: str, by: str) -> None:
        """Keeps a secret, in place of an earlier one of that name."""
        values = {"sealed": sealed, "key_id": key_id, "changed_at": self._clock.now(), "changed_by": by}
        insert: Any = upsert(self._connection)(secret).values(name=name, **values)
        self._connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_=values))

    def get(self, name: str) -> SecretRow | None:
        row = self._connection.execute(sa.select(secret).where(secret.c.name == name)).first()
        return as_row(SecretRow, row) if row else None

    def all(self) -> list[SecretRow]:
        """Every one of them, by name."""
        return [as_row(SecretRow, row) for row in self._connection.execute(sa.select(secret).order_by(secret.c.name))]

    def drop(self, name: str) -> bool:
        """Forgets one; False where there was none."""
        return self._connection.execute(secret.delete().where(secret.c.name == name)).rowcount == 1
