"""API keys: what of them may be known, and the digest that tells whether one is true."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import row_changed, rows_by
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import api_key


class ApiKeyRow(msgspec.Struct, frozen=True):
    """``partner`` is the only one whose things the key sees; None: all of them. ``connection``: the mailbox a key is for."""

    id: str
    digest: str
    name: str
    scope: str
    partner: str | None
    created_at: datetime
    created_by: str
    ends_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None
    connection: str | None = None


class ApiKeys:
    """The API keys of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def add(self, row: ApiKeyRow) -> None:
        self._connection.execute(api_key.insert().values(msgspec.structs.asdict(row)))

    def find(self, id: str) -> ApiKeyRow | None:
        row = self._connection.execute(rows_by(api_key, "id"), {"id": id}).first()
        return as_row(ApiKeyRow, row) if row else None

    def all(self) -> list[ApiKeyRow]:
        """Every key there was, oldest first."""
        rows = self._connection.execute(sa.select(api_key).order_by(api_key.c.created_at, api_key.c.id))
        return [as_row(ApiKeyRow, row) for row in rows]

    def use(self, id: str) -> None:
        """Notes that a key is used."""
        self._connection.execute(row_changed(api_key), {"this": id, "used_at": self._clock.now()})

    def revoke(self, id: str) -> bool:
        """False where it was revoked before, or never was."""
        here = sa.and_(api_key.c.id == id, api_key.c.revoked_at.is_(None))
        return self._connection.execute(api_key.update().where(here).values(revoked_at=self._clock.now())).rowcount == 1
