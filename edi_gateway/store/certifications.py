"""Certifications: how the simulated partner's play with a partner's profile went, kept with its report."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import rows_by
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import certification


class CertificationRow(msgspec.Struct, frozen=True):
    """``state`` is running, passed, failed or broken; ``report`` is JSON, empty until the first scenario was played."""

    id: int
    partner: str
    profile_version: str
    state: str
    done: int
    total: int
    report: str
    because: str
    began_at: datetime
    changed_at: datetime
    by: str


class Certifications:
    """The certifications of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def begin(self, partner: str, profile_version: str, total: int, *, by: str) -> int:
        """Records one of ``total`` scenarios that runs; returns its number."""
        now = self._clock.now()
        values = {"partner": partner, "profile_version": profile_version, "total": total, "by": by}
        new = certification.insert().values(**values, state="running", began_at=now, changed_at=now)
        return int(self._connection.execute(new.returning(certification.c.id)).scalar_one())

    def note(self, id: int, **values: object) -> None:
        """Sets ``done``, ``report``, ``state``, ``because``."""
        changed = certification.update().where(certification.c.id == id).values(**values, changed_at=self._clock.now())
        self._connection.execute(changed)

    def get(self, id: int) -> CertificationRow | None:
        row = self._connection.execute(rows_by(certification, "id"), {"id": id}).first()
        return as_row(CertificationRow, row) if row else None

    def of(self, partner: str, limit: int = 20) -> list[CertificationRow]:
        """Those of a partner, the newest first."""
        here = sa.select(certification).where(certification.c.partner == partner)
        rows = self._connection.execute(here.order_by(certification.c.id.desc()).limit(limit))
        return [as_row(CertificationRow, row) for row in rows]

    def running(self, since: datetime) -> list[CertificationRow]:
        """Those that run and have got on since a moment."""
        here = sa.and_(certification.c.state == "running", certification.c.changed_at > since)
        return [as_row(CertificationRow, row) for row in self._connection.execute(sa.select(certification).where(here))]
