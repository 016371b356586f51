"""How far a partner has come: what was exchanged with it first, and when its connection was last tried."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.rows import EventRow, as_row
from edi_gateway.store.tables import event, transaction

TESTED = "connection.tested"
"""The kind of event that says how trying a connection went."""


class Firsts(NamedTuple):
    """The first documents of each kind, when; None where there was none. Acknowledgments are not counted."""

    test_came: datetime | None
    test_accepted: datetime | None
    came: datetime | None
    accepted: datetime | None


_ANSWERS = ("997", "999", "TA1")


def firsts(store: Database, partner: str) -> Firsts:
    """The first test and production documents that came, and the first of ours that were accepted."""
    with store.reading() as connection:
        return Firsts(
            _first(connection, partner, usage="T", direction="in"),
            _first(connection, partner, usage="T", direction="out", acknowledgment="accepted"),
            _first(connection, partner, usage="P", direction="in"),
            _first(connection, partner, usage="P", direction="out", acknowledgment="accepted"),
        )


def _first(connection: sa.Connection, partner: str, **values: str) -> datetime | None:
    here = [transaction.c[name] == value for name, value in values.items()]
    query = sa.select(transaction.c.at).where(transaction.c.partner == partner, *here, transaction.c.code.not_in(_ANSWERS))
    found: datetime | None = connection.execute(query.order_by(transaction.c.id).limit(1)).scalar()
    return found


def last_told(store: Database, kind: str, subject: str) -> EventRow | None:
    """The newest event of a kind about a subject."""
    query = sa.select(event).where(event.c.subject == subject, event.c.kind == kind).order_by(event.c.id.desc()).limit(1)
    with store.reading() as connection:
        row = connection.execute(query).first()
    return as_row(EventRow, row) if row else None
