"""What came of the compliance rules that documents of ours were held against, each time they were, as it was decided then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.order_to_cash.compliance import Exposure, Verdict
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_rows
from edi_gateway.store.tables import compliance_look

Occasion: TypeAlias = Literal["draft", "correct", "retransmit", "re-envelope", "send anew"]
"""Why a document was looked at: it was drafted, or it was to go again."""

WORST = ("stopped", "warned", "kept")  # the worst that a look came to, the gravest first


class ComplianceCheck(msgspec.Struct, frozen=True):
    """One look at one document; ``pack`` is the name of the partner's pack then, ``pack_version`` names what it said.

    ``follows`` is the look before it, at this document or at the one it corrects. ``exposures`` say what was broken may cost.
    """

    document_id: str
    pack: str
    pack_version: str
    verdicts: tuple[Verdict, ...]
    at: datetime
    id: int = 0
    partner: str = ""
    occasion: Occasion = "draft"
    follows: int | None = None
    exposures: tuple[Exposure, ...] = ()


_LAST = (
    sa.select(compliance_look)
    .where(compliance_look.c.document_id == sa.bindparam("document_id"))
    .order_by(compliance_look.c.id.desc())
    .limit(1)
)


class ComplianceChecks:
    """The checks of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def record(
        self,
        document_id: str,
        partner: str,
        pack: str,
        pack_version: str,
        verdicts: tuple[Verdict, ...],
        exposures: tuple[Exposure, ...] = (),
        *,
        occasion: Occasion = "draft",
        corrects: str = "",
    ) -> None:
        """Keeps what came of a look beside the looks before it; ``corrects`` is the document that this one takes the place of."""
        earlier = self.of(document_id) or (self.of(corrects) if corrects else None)
        values = {
            "document_id": document_id,
            "partner": partner,
            "occasion": occasion,
            "follows": earlier.id if earlier else None,
            "pack": pack,
            "pack_version": pack_version,
            "verdicts": msgspec.json.encode(verdicts).decode(),
            "exposures": msgspec.json.encode(exposures).decode(),
            "result": worst(verdicts),
            "at": self._clock.now(),
        }
        self._connection.execute(new_rows(compliance_look), values)

    def of(self, document_id: str) -> ComplianceCheck | None:
        """The last look at a document; None where it was never looked at."""
        row = self._connection.execute(_LAST, {"document_id": document_id}).first()
        return check_of(row) if row else None

    def history(self, document_ids: Iterable[str]) -> list[ComplianceCheck]:
        """Every look at these documents and at those they took the place of, oldest first."""
        found = {each.id: each for each in self.that(compliance_look.c.document_id.in_(list(document_ids)))}
        while missing := {each.follows for each in found.values() if each.follows} - found.keys():
            earlier = {each.document_id for each in self.that(compliance_look.c.id.in_(missing))}
            found |= {each.id: each for each in self.that(compliance_look.c.document_id.in_(earlier))}
        return [found[id] for id in sorted(found)]

    def that(self, *where: sa.ColumnElement[bool]) -> list[ComplianceCheck]:
        """The looks of which all of this holds, the newest first."""
        query = sa.select(compliance_look).where(*where).order_by(compliance_look.c.id.desc())
        return [check_of(row) for row in self._connection.execute(query)]


def worst(verdicts: Iterable[Verdict]) -> str:
    """What a look came to: stopped, warned or kept."""
    results = {each.result for each in verdicts}
    return next((each for each in WORST if each in results), "kept")


def check_of(row: sa.Row[tuple[object, ...]]) -> ComplianceCheck:
    """A row as the look it is of."""
    return ComplianceCheck(
        document_id=row.document_id,
        pack=row.pack,
        pack_version=row.pack_version,
        verdicts=msgspec.json.decode(row.verdicts, type=tuple[Verdict, ...]),
        at=row.at,
        id=row.id,
        partner=row.partner,
        occasion=row.occasion,
        follows=row.follows,
        exposures=msgspec.json.decode(row.exposures, type=tuple[Exposure, ...]),
    )
