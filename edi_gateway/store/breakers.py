"""Circuit breakers: which connection or ERP connector is out of order since when, and when it is tried again; all workers see."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import rows_by, upsert
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import breaker

_LOCKED = rows_by(breaker, "lane").with_for_update()


class BreakerRow(msgspec.Struct, frozen=True):
    """``lane``, as ``lanes.circuit_of`` says it, failed so many times in a row.

    It is open, and nothing is tried, until ``open_until``; None: it is closed.
    """

    lane: str
    failures: int
    since: datetime
    open_until: datetime | None
    because: str
    failed_at: datetime | None = None

    def is_open(self, now: datetime) -> bool:
        """Whether nothing is to be tried now; after ``open_until`` one flow is, and decides."""
        return self.open_until is not None and self.open_until > now


class Breakers:
    """The breakers of one unit of work. What has no row has not failed."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_locked(self, lane: str) -> BreakerRow | None:
        """The same, for whoever counts a failure: of two who do so at once the second sees what the first counted."""
        row = self._connection.execute(_LOCKED, {"lane": lane}).first()
        return as_row(BreakerRow, row) if row else None

    def of(self, lane: str) -> BreakerRow | None:
        row = self._connection.execute(rows_by(breaker, "lane"), {"lane": lane}).first()
        return as_row(BreakerRow, row) if row else None

    def put(self, row: BreakerRow) -> None:
        """Keeps what is known now."""
        values = msgspec.structs.asdict(row)
        insert = upsert(self._connection)(breaker).values(values)
        self._connection.execute(insert.on_conflict_do_update(index_elements=["lane"], set_=values))

    def keep_of(self, kinds: tuple[str, ...], these: set[str]) -> None:
        """Forgets those that begin so and are none of ``these``: what they were of is no more."""
        of_kind = sa.or_(*(breaker.c.lane.startswith(kind, autoescape=True) for kind in kinds))
        self._connection.execute(breaker.delete().where(of_kind, breaker.c.lane.not_in(these)))

    def close(self, lane: str) -> None:
        """It works again."""
        self._connection.execute(breaker.delete().where(breaker.c.lane == lane))
