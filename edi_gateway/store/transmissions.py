"""Transmissions: one payload moved once, in or out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_row, row_changed, rows_by
from edi_gateway.store.rows import TransmissionRow, as_row
from edi_gateway.store.tables import interchange, transmission

_NEWEST_NAMED = (
    sa.select(transmission)
    .where(
        transmission.c.direction == sa.bindparam("direction"),
        transmission.c.connection == sa.bindparam("connection"),
        transmission.c.name == sa.bindparam("name"),
    )
    .order_by(transmission.c.id.desc())
    .limit(1)
)
_LOCKED = rows_by(transmission, "id").with_for_update(key_share=True)


class Transmissions:
    """The transmissions of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock, *, locks: bool = False) -> None:
        self._connection, self._clock, self._locks = connection, clock, locks

    def add(
        self, *, direction: str, connection: str, payload: str, name: str, identity: str, state: str, partner: str | None = None
    ) -> int:
        """Records a transmission and returns its id."""
        values = {
            "direction": direction,
            "connection": connection,
            "partner": partner,
            "payload": payload,
            "name": name,
            "identity": identity,
            "state": state,
            "at": self._clock.now(),
        }
        return int(self._connection.execute(new_row(transmission), values).scalar_one())

    def find(self, direction: str, connection: str, identity: str) -> TransmissionRow | None:
        """The transmission with this identity on this connection: the same remote file, seen again."""
        here = {"direction": direction, "connection": connection, "identity": identity}
        row = self._connection.execute(rows_by(transmission, *here), here).first()
        return as_row(TransmissionRow, row) if row else None

    def named(self, direction: str, connection: str, name: str) -> TransmissionRow | None:
        """The newest transmission of this file name or Message-ID on this connection."""
        row = self._connection.execute(_NEWEST_NAMED, {"direction": direction, "connection": connection, "name": name}).first()
        return as_row(TransmissionRow, row) if row else None

    def earlier(self, one: TransmissionRow, partner: str, since: datetime) -> list[TransmissionRow]:
        """The transmissions that brought the same bytes, from a partner alone or among others, before; oldest first."""
        here = sa.and_(
            transmission.c.direction == one.direction,
            transmission.c.payload == one.payload,
            sa.exists().where(interchange.c.transmission_id == transmission.c.id, interchange.c.partner == partner),
            transmission.c.id < one.id,
            transmission.c.at > since,
        )
        rows = self._connection.execute(sa.select(transmission).where(here).order_by(transmission.c.id))
        return [as_row(TransmissionRow, row) for row in rows]

    def of_payload(self, direction: str, payload: str) -> list[TransmissionRow]:
        """Every transmission of the same bytes, oldest first."""
        here = {"direction": direction, "payload": payload}
        rows = self._connection.execute(rows_by(transmission, *here), here)
        return [as_row(TransmissionRow, row) for row in rows]

    def get(self, id: int) -> TransmissionRow:
        return as_row(TransmissionRow, self._connection.execute(rows_by(transmission, "id"), {"id": id}).one())

    def get_locked(self, id: int) -> TransmissionRow:
        """The same; in a unit that writes nobody else changes it until the unit's end."""
        query = _LOCKED if self._locks else rows_by(transmission, "id")
        return as_row(TransmissionRow, self._connection.execute(query, {"id": id}).one())

    def change(self, id: int, **values: Any) -> None:
        """Sets columns of a transmission."""
        self._connection.execute(row_changed(transmission), {"this": id, **values})
