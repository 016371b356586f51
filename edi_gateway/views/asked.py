"""What waits for a second person, and what each is about as people call it, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from edi_gateway.store.among import Among
from edi_gateway.store.connection import Connection
from edi_gateway.store.database import Database
from edi_gateway.store.tables import approval, document, transaction


class AskedRow(msgspec.Struct, frozen=True):
    """What one person asked for. ``name`` is of the order, or of the set with its code; ``page`` is where it is shown."""

    id: int
    operation: str
    partner: str | None
    because: str
    asked_by: str
    asked_at: datetime
    name: str
    page: str


class Asked(NamedTuple):
    """Some of it, what was asked first at the top, and how much there is in all."""

    rows: list[AskedRow]
    all: int


def asked(store: Database, *, limit: int, after: int = 0) -> Asked:
    """The first ``limit`` behind the number ``after``."""
    with store.asking() as connection:
        rows = connection.execute(_page(), {"after": after, "limit": limit}).all()
        names = _names(connection, [row.subject for row in rows])
        count = int(connection.execute(_count()).scalar_one())
    return Asked([AskedRow(*(*told, *names[subject])) for subject, *told in rows], count)


@cache
def _page() -> sa.Select[Any]:
    named = ("subject", "id", "operation", "partner", "because", "asked_by", "asked_at")
    behind = approval.c.id + 0 > sa.bindparam("after", type_=sa.BigInteger)
    query = sa.select(*(approval.c[name] for name in named)).where(_OPEN, behind)
    return query.order_by(approval.c.id + 0).limit(sa.bindparam("limit", type_=sa.Integer))


@cache
def _count() -> sa.Select[Any]:
    return sa.select(sa.func.count().label("all")).select_from(approval).where(_OPEN)


_OPEN = approval.c.state == sa.literal_column("'asked'")
_DOCUMENTS = Among(sa.select(document.c.id, document.c.number), document.c.id)
_SETS = Among(sa.select(transaction.c.id, transaction.c.code, transaction.c.business_number), transaction.c.id)


def _names(connection: Connection, subjects: Sequence[str]) -> dict[str, tuple[str, str]]:
    """By subject, what it is called and where it is shown."""
    of: dict[str, list[str]] = {"document": [], "transaction": []}
    for subject in subjects:
        kind, _, id = subject.partition(":")
        of[kind].append(id)
    documents = _DOCUMENTS.rows(connection, of["document"])
    sets = _SETS.rows(connection, [int(id) for id in of["transaction"]])
    found = {f"document:{row.id}": (row.number, f"/documents/of/{row.id}") for row in documents}
    return found | {f"transaction:{row.id}": (f"{row.code} {row.business_number}", f"/documents/{row.id}") for row in sets}
