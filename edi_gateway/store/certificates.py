"""Certificates: ours and partners', several of each, with the time they are used from and the warnings that were told."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_row, row_changed, rows_by
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import certificate
from edi_gateway.trading.certificates import Certificate, NewCertificate


class Certificates:
    """The certificates of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def add(self, new: NewCertificate, by: str) -> int:
        """Records one and returns its id; one that was retired is taken back."""
        now = self._clock.now()
        values: dict[str, Any] = {
            "role": new.role,
            "der": new.der,
            "chain": new.chain,
            "subject": new.subject,
            "valid_from": new.valid_from,
            "valid_until": new.valid_until,
            "use_from": new.use_from or now,
            "retired_at": None,
            "added_at": now,
            "added_by": by,
        }
        known = self.find(new.owner, new.fingerprint)
        if known is not None:
            changed = values | {"has_key": known.has_key or new.has_key}
            self._connection.execute(certificate.update().where(certificate.c.id == known.id).values(changed))
            return known.id
        values |= {"owner": new.owner, "fingerprint": new.fingerprint, "has_key": new.has_key}
        return int(self._connection.execute(new_row(certificate), values).scalar_one())

    def find(self, owner: str, fingerprint: str) -> Certificate | None:
        """The certificate of an owner with this fingerprint."""
        here = sa.and_(certificate.c.owner == owner, certificate.c.fingerprint == fingerprint)
        row = self._connection.execute(sa.select(certificate).where(here)).first()
        return as_row(Certificate, row) if row else None

    def get(self, id: int) -> Certificate | None:
        row = self._connection.execute(rows_by(certificate, "id"), {"id": id}).first()
        return as_row(Certificate, row) if row else None

    def of(self, owner: str) -> list[Certificate]:
        """Those of one owner that are not retired, oldest first."""
        return self._where(certificate.c.owner == owner, certificate.c.retired_at.is_(None))

    def all(self) -> list[Certificate]:
        """All that are not retired, by owner."""
        return self._where(certificate.c.retired_at.is_(None))

    def change(self, id: int, **values: Any) -> None:
        """Sets columns of one."""
        self._connection.execute(row_changed(certificate), {"this": id, **values})

    def _where(self, *conditions: Any) -> list[Certificate]:
        query = sa.select(certificate).where(*conditions).order_by(certificate.c.owner, certificate.c.use_from, certificate.c.id)
        return [as_row(Certificate, row) for row in self._connection.execute(query)]
