"""Descent: what was made again from what, by whom and why; a child keeps its parent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal, TypeAlias

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.among import Asked
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_rows, rows_by
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import descent

How: TypeAlias = Literal["replay", "retransmit", "re-envelope", "correct", "again", "change", "answer", "consolidate"]

_CHILDREN = Asked(sa.select(descent).order_by(descent.c.at, descent.c.child), descent.c.parent)


class DescentRow(msgspec.Struct, frozen=True):
    """``child`` and ``parent`` are subjects: ``transaction:12``, ``document:ab…``, ``transmission:7``."""

    child: str
    parent: str
    how: How
    because: str
    actor: str
    at: datetime


class Descent:
    """Parents and children, as one unit of work sees them."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def add(self, child: str, parent: str, how: How, *, because: str, by: str) -> None:
        """Links a child to what it was made from."""
        values = {"child": child, "parent": parent, "how": how, "because": because, "actor": by, "at": self._clock.now()}
        self._connection.execute(new_rows(descent), values)

    def children(self, parent: str) -> list[DescentRow]:
        """What was made from it, oldest first."""
        return [as_row(DescentRow, row) for row in _CHILDREN.of(self._connection, parent)]

    def ahead(self, parents: Collection[str]) -> None:
        """Asks about the children of several beforehand."""
        _CHILDREN.ahead(self._connection, parents)

    def parents(self, child: str) -> list[DescentRow]:
        """What it was made from."""
        return [as_row(DescentRow, row) for row in self._connection.execute(rows_by(descent, "child"), {"child": child})]

    def family(self, subject: str) -> set[str]:
        """It, and everything that it was made from or that was made from it, however far."""
        found: set[str] = set()
        new = {subject}
        while new:
            found |= new
            new = {each for one in new for each in self._next(one)} - found
        return found

    def _next(self, subject: str) -> set[str]:
        touching = sa.select(descent).where(sa.or_(descent.c.child == subject, descent.c.parent == subject))
        return {each for row in self._connection.execute(touching) for each in (str(row.child), str(row.parent))}
