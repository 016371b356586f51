"""What came of the compliance rules that documents of ours were held against, as it was decided then."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.order_to_cash.compliance import Verdict
from edi_gateway.store.tables import compliance_check


class ComplianceCheck(msgspec.Struct, frozen=True):
    """The last look at one document; ``pack`` is the name of the partner's pack then, ``pack_version`` names what it said."""

    document_id: str
    pack: str
    pack_version: str
    verdicts: tuple[Verdict, ...]
    at: datetime


class ComplianceChecks:
    """The checks of one unit of work."""

    def __init__(self, connection: sa.Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def record(self, document_id: str, pack: str, pack_version: str, verdicts: tuple[Verdict, ...]) -> None:
        """Keeps what came of a look; it takes the place of the look before it."""
        self._connection.execute(compliance_check.delete().where(compliance_check.c.document_id == document_id))
        body = msgspec.json.encode(verdicts).decode()
        values = {"document_id": document_id, "pack": pack, "pack_version": pack_version, "verdicts": body}
        self._connection.execute(compliance_check.insert().values(**values, at=self._clock.now()))

    def of(self, document_id: str) -> ComplianceCheck | None:
        """The last look at a document; None where it was never looked at."""
        row = self._connection.execute(sa.select(compliance_check).where(compliance_check.c.document_id == document_id)).first()
        if row is None:
            return None
        verdicts = msgspec.json.decode(row.verdicts, type=tuple[Verdict, ...])
        return ComplianceCheck(row.document_id, row.pack, row.pack_version, verdicts, row.at)
