"""Why flows wait for a person, and how many for each reason."""

from __future__ import annotations

import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.outstanding import flows_in
from edi_gateway.store.tables import flow


def reasons_with(store: Database, words: str) -> dict[str, int]:
    """The reasons that say these words, of whatever is held or dead, with the number of flows that wait for each."""
    counted = sa.select(flow.c.because, sa.func.count()).group_by(flow.c.because)
    query = counted.where(flows_in(("held", "dead")), flow.c.because.contains(words, autoescape=True))
    with store.reading() as connection:
        return {because: int(flows) for because, flows in connection.execute(query)}
