"""What did not happen: who has been silent, what nobody fetched; and the figures of a day."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from edi_gateway.store.connection import Connection
from edi_gateway.store.rows import TransmissionRow, as_row
from edi_gateway.store.tables import breaker, event, flow, interchange, transaction, transmission

FOUND_AFTER = "found after a restore"
"""How the detail begins of what went before a restore and was put on record after it."""
LEFT_THERE = f"{FOUND_AFTER}: it lies in its mailbox"
OUT_OF_BAND, HAD_GONE, TAKEN_OUT = "out of band", f"{FOUND_AFTER}: it had gone", "taken out after a restore"
"""How the detail begins of what a person brought there, of what had gone before a restore, of what a restore took out of its
mailbox: it lies in no mailbox of ours."""
LIES_THERE = sa.and_(
    transmission.c.direction == "out",
    transmission.c.state == "sent",
    *(~transmission.c.detail.startswith(each) for each in (OUT_OF_BAND, HAD_GONE, TAKEN_OUT)),
)
"""What we put into a mailbox, and nobody has fetched."""

_TOLD = (
    sa.select(event.c.at)
    .where(event.c.subject == sa.bindparam("subject"), event.c.kind == sa.bindparam("kind"))
    .order_by(event.c.id.desc())
    .limit(1)
)


class Quiet:
    """Questions about what is missing, in one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def last_from(self, partner: str) -> datetime | None:
        """When the last interchange of a partner came."""
        query = sa.select(interchange.c.at).where(interchange.c.partner == partner, interchange.c.direction == "in")
        moment: datetime | None = self._connection.execute(query.order_by(interchange.c.id.desc()).limit(1)).scalar()
        return moment

    def unfetched(self, connection: str, before: datetime) -> list[TransmissionRow]:
        """What was put into a mailbox before a moment and has not been fetched from it, oldest first."""
        here = sa.and_(transmission.c.connection == connection, transmission.c.told_at <= before)
        rows = self._connection.execute(sa.select(transmission).where(LIES_THERE, here).order_by(transmission.c.id))
        return [as_row(TransmissionRow, row) for row in rows]

    def lies_there(self, payload: str, connection: str) -> TransmissionRow | None:
        """The first that put these bytes into a mailbox and was not fetched from it; None: none was, or they have it."""
        here = sa.and_(transmission.c.connection == connection, transmission.c.payload == payload)
        row = self._connection.execute(sa.select(transmission).where(LIES_THERE, here).order_by(transmission.c.id)).first()
        return as_row(TransmissionRow, row) if row else None

    def told(self, kind: str, subject: str) -> datetime | None:
        """When an event of a kind was last told of a subject."""
        moment: datetime | None = self._connection.execute(_TOLD, {"subject": subject, "kind": kind}).scalar()
        return moment

    def sets(self, since: datetime) -> dict[str, int]:
        """How many sets came and went since a moment, by direction and code: ``in 850``."""
        columns = (transaction.c.direction, transaction.c.code)
        query = sa.select(*columns, sa.func.count()).where(transaction.c.at > since).group_by(*columns).order_by(*columns)
        return {f"{direction} {code}": count for direction, code, count in self._connection.execute(query)}

    def flows(self, states: Collection[str]) -> dict[str, int]:
        """How many flows are in each of some states now."""
        query = sa.select(flow.c.state, sa.func.count()).where(flow.c.state.in_(states)).group_by(flow.c.state)
        return {row.state: row[1] for row in self._connection.execute(query)}

    def overdue(self) -> int:
        """How many sets of ours should have been answered and are not."""
        query = sa.select(sa.func.count()).select_from(transaction).where(transaction.c.acknowledgment == "overdue")
        return int(self._connection.execute(query).scalar_one())

    def lanes_down(self) -> list[str]:
        """Lanes whose circuit is open."""
        return list(self._connection.execute(sa.select(breaker.c.lane).where(breaker.c.open_until.is_not(None))).scalars())
