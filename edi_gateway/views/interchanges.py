"""Interchanges as a person looks for them."""

from __future__ import annotations

import sqlalchemy as sa

from edi_gateway.store.among import Among
from edi_gateway.store.database import Database
from edi_gateway.store.known import check_partner
from edi_gateway.store.rows import InterchangeRow, as_row
from edi_gateway.store.tables import interchange
from edi_gateway.views.newest import chosen, having

_BY_ID = Among(sa.select(interchange), interchange.c.id)


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
    values = {name: value for name, value in given.items() if value}
    asked = having(interchange.c.id, *values, is_rare=bool(control_number))
    with store.asking() as connection:
        check_partner(connection, partner)
        ids = asked.ids(connection, values, limit=limit, before=before)
        return [as_row(InterchangeRow, row) for row in chosen(connection, _BY_ID, ids)]


def interchange_of(store: Database, id: int) -> InterchangeRow | None:
    """The interchange of a number somebody gave us."""
    with store.reading() as connection:
        row = connection.execute(sa.select(interchange).where(interchange.c.id == id)).first()
        return as_row(InterchangeRow, row) if row else None
