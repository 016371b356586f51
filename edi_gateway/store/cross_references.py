"""Cross-references: what partners' codes for items and locations are with us."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.tables import cross_reference as table
from edi_gateway.trading.cross_reference import CrossReference, Kind

_EVER = date.min  # a key has no empty part: what holds from ever begins here
_AT_ONCE = 500  # codes a query asks for


class CrossReferences:
    """The cross-references of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def of(self, partner: str, kind: Kind | None = None) -> list[CrossReference]:
        """All of a partner's, by kind, code and first day."""
        query = sa.select(table).where(table.c.partner == partner)
        if kind is not None:
            query = query.where(table.c.kind == kind)
        rows = self._connection.execute(query.order_by(table.c.kind, table.c.code, table.c.qualifier, table.c.valid_from))
        return [_entry(row) for row in rows]

    def ours(self, partner: str, kind: Kind, codes: Collection[str], on: date) -> dict[tuple[str, str], str]:
        """What these codes are with us on a day: (qualifier, code) → ours. An empty qualifier stands for any.

        Of several entries for one code, the one that began last holds.
        """
        wanted, found = sorted(set(codes)), {}
        for begins in range(0, len(wanted), _AT_ONCE):
            query = sa.select(table).where(
                table.c.partner == partner,
                table.c.kind == kind,
                table.c.code.in_(wanted[begins : begins + _AT_ONCE]),
                table.c.valid_from <= on,
                sa.or_(table.c.valid_until.is_(None), table.c.valid_until >= on),
            )
            for row in self._connection.execute(query.order_by(table.c.valid_from)):
                found[row.qualifier, row.code] = row.ours
        return found

    def save(self, partner: str, entries: Iterable[CrossReference], *, by: str) -> None:
        """Adds entries, and replaces those that have the same key."""
        for each in entries:
            here = sa.and_(_is(partner, each), table.c.valid_from == (each.valid_from or _EVER))
            values: dict[str, Any] = {
                "ours": each.ours,
                "valid_until": each.valid_until,
                "note": each.note,
                "changed_at": self._clock.now(),
                "changed_by": by,
            }
            if not self._connection.execute(table.update().where(here).values(values)).rowcount:
                key = {"partner": partner, "kind": each.kind, "qualifier": each.qualifier, "code": each.code}
                self._connection.execute(table.insert().values(**key, valid_from=each.valid_from or _EVER, **values))

    def remove(self, partner: str, entries: Iterable[CrossReference]) -> None:
        """Takes entries away."""
        for each in entries:
            here = sa.and_(_is(partner, each), table.c.valid_from == (each.valid_from or _EVER))
            self._connection.execute(table.delete().where(here))


def _is(partner: str, entry: CrossReference) -> sa.ColumnElement[bool]:
    return sa.and_(
        table.c.partner == partner,
        table.c.kind == entry.kind,
        table.c.qualifier == entry.qualifier,
        table.c.code == entry.code,
    )


def _entry(row: Any) -> CrossReference:
    return CrossReference(
        kind=row.kind,
        qualifier=row.qualifier,
        code=row.code,
        ours=row.ours,
        valid_from=None if row.valid_from == _EVER else row.valid_from,
        valid_until=row.valid_until,
        note=row.note,
    )
