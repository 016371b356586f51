"""Searches that people keep under a name, each for themselves."""

from __future__ import annotations

import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_rows
from edi_gateway.store.tables import saved_search


class SavedSearches:
    """The saved searches of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def of(self, person: str) -> list[tuple[str, str]]:
        """Name and query of a person's, by name."""
        here = sa.select(saved_search.c.name, saved_search.c.query).where(saved_search.c.person == person)
        return [(row.name, row.query) for row in self._connection.execute(here.order_by(saved_search.c.name))]

    def save(self, person: str, name: str, query: str) -> None:
        """Keeps a search; one of the same name is written over."""
        self.forget(person, name)
        values = {"person": person, "name": name, "query": query, "saved_at": self._clock.now()}
        self._connection.execute(new_rows(saved_search), values)

    def forget(self, person: str, name: str) -> None:
        here = sa.and_(saved_search.c.person == person, saved_search.c.name == name)
        self._connection.execute(saved_search.delete().where(here))
