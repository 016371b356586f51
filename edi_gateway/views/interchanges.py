"""Interchanges as a person looks for them."""

from __future__ import annotations

import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.rows import InterchangeRow, as_row
from edi_gateway.store.tables import interchange


def find_interchanges(
    store: Database,
    *,
    partner: str = "",
    direction: str = "",
    control_number: str = "",
    before: int | None = None,
    limit: int = 100,
) -> list[InterchangeRow]:
    """The newest first: of a partner, one way, with this ISA13."""
    given = {"partner": partner, "direction": direction, "control_number": control_number}
    query = sa.select(interchange).where(*(interchange.c[name] == value for name, value in given.items() if value))
    if before is not None:
        query = query.where(interchange.c.id < before)
    with store.reading() as connection:
        rows = connection.execute(query.order_by(interchange.c.id.desc()).limit(limit))
        return [as_row(InterchangeRow, row) for row in rows]


def interchange_of(store: Database, id: int) -> InterchangeRow | None:
    """The interchange of a number somebody gave us."""
    with store.reading() as connection:
        row = connection.execute(sa.select(interchange).where(interchange.c.id == id)).first()
        return as_row(InterchangeRow, row) if row else None
