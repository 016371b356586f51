"""The change feed: events behind a cursor, none missed and none twice, because their ids are the order of the commits."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.events import is_of
from edi_gateway.store.rows import EventRow, as_row
from edi_gateway.store.tables import event, event_chain

_HEAD = sa.select(event_chain.c.events)
_BEHIND = (
    sa.select(event)
    .where(event.c.id > sa.bindparam("after", type_=sa.BigInteger), event.c.id <= sa.bindparam("head", type_=sa.BigInteger))
    .order_by(event.c.id)
    .limit(sa.bindparam("limit", type_=sa.Integer))
)


class Changes(NamedTuple):
    """``next`` is where to go on: behind what was looked at, also where nothing in it was wanted."""

    items: list[EventRow]
    next: int


def changes(store: Database, *, after: int, kinds: Collection[str] = (), partner: str | None = None, limit: int = 500) -> Changes:
    """Events behind ``after``, oldest first; of some kinds (or beginnings, ``flow.``), of one partner."""
    with store.asking() as connection:
        head = int(connection.execute(_HEAD).scalar_one())  # first: what comes later is for next time
        query, given = _BEHIND, {"after": after, "head": head, "limit": limit}
        if kinds:
            query = query.where(sa.or_(*(is_of(kind) for kind in kinds)))
        if partner is not None:
            query = query.where(event.c.partner == partner)
        items = [as_row(EventRow, row) for row in connection.execute(query, given)]
    return Changes(items, items[-1].id if len(items) == limit else max(after, head))


def head(store: Database) -> int:
    """The newest event's id."""
    with store.asking() as connection:
        return int(connection.execute(_HEAD).scalar_one())
