"""Which label went with which ship notice: an SSCC is not to be used again for a year (R14)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.tables import business_claim, document

_KIND = "label"
_ALL = ""  # an SSCC is unique in the world, whoever the goods are for
_AT_ONCE = 500


class LabelUses:
    """The labels of one unit of work; they are claims, as other business numbers are."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def elsewhere(self, labels: Iterable[str], document_id: str, since: datetime, *, usage: str) -> dict[str, str]:
        """Those used since a moment by another ship notice, each with the number of its shipment."""
        found: dict[str, str] = {}
        for part in _parts(labels):
            used = sa.and_(_of(part, usage), business_claim.c.at > since, business_claim.c.document_id != document_id)
            query = sa.select(business_claim.c.key, document.c.number).join(
                document, document.c.id == business_claim.c.document_id
            )
            found |= {str(key): str(number) for key, number in self._connection.execute(query.where(used))}
        return found

    def used(self, labels: Iterable[str], since: datetime) -> set[str]:
        """Those that went with any ship notice since a moment, a test one too: what we give anew nobody has seen."""
        found: set[str] = set()
        for part in _parts(labels):
            query = sa.select(business_claim.c.key).where(_of(part), business_claim.c.at > since)
            found |= {str(key) for key in self._connection.execute(query).scalars()}
        return found

    def used_between(self, company_prefix: str, since: datetime, until: datetime) -> int:
        """How many labels behind a company prefix went with ship notices in a time."""
        begins = sa.func.substr(business_claim.c.key, 2, len(company_prefix)) == company_prefix  # behind the extension digit
        here = sa.and_(business_claim.c.partner == _ALL, business_claim.c.kind == _KIND, begins)
        then = sa.and_(business_claim.c.at >= since, business_claim.c.at < until)
        return int(self._connection.execute(sa.select(sa.func.count()).where(here, then)).scalar_one())

    def use(self, labels: Iterable[str], document_id: str, *, usage: str) -> None:
        """These labels go with this ship notice (or the set that was found to have gone), whatever they went with before."""
        whose = {"partner": _ALL, "kind": _KIND, "usage": usage}
        for part in _parts(labels):
            self._connection.execute(business_claim.delete().where(_of(part, usage)))
            rows = [{**whose, "key": each, "document_id": document_id, "at": self._clock.now()} for each in part]
            self._connection.execute(business_claim.insert(), rows)


def _parts(labels: Iterable[str]) -> list[list[str]]:
    wanted = list(dict.fromkeys(each for each in labels if each))
    return [wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE)]


def _of(labels: list[str], usage: str = "") -> sa.ColumnElement[bool]:
    world = (business_claim.c.usage == usage,) if usage else ()
    return sa.and_(business_claim.c.partner == _ALL, business_claim.c.kind == _KIND, business_claim.c.key.in_(labels), *world)
