"""Ids of rows to come: so that who needs an id at once can leave the row itself to be written with others of its sort.

Of a table whose ids are reserved all rows get theirs here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count
from typing import Any

import sqlalchemy as sa

MOST_AT_ONCE = 64


@cache
def _greatest(table: sa.Table) -> sa.Select[Any]:
    return sa.select(sa.func.coalesce(sa.func.max(table.c.id), 0))


@cache
def _drawn(table: sa.Table) -> sa.Select[Any]:
    drawn = sa.func.nextval(sa.func.pg_get_serial_sequence(table.name, "id"))
    times = sa.func.generate_series(1, sa.bindparam("times", type_=sa.Integer)).table_valued("time")
    return sa.select(drawn.label("id")).select_from(times)


class ReservedIds:
    """The ids one transaction has reserved.

    In SQLite who writes is alone, and the next id is one more than the greatest, as the database itself would choose. In
    PostgreSQL they are drawn from the table's sequence, more at a time the more are needed; what is left over stays a gap.
    """

    def __init__(self, *, is_sqlite: bool) -> None:
        self._is_sqlite = is_sqlite
        self._left: dict[sa.Table, Iterator[int]] = {}
        self._at_once: dict[sa.Table, int] = {}

    def next(self, table: sa.Table, ask: Callable[..., Any]) -> int:
        """An id for a new row; ``ask`` runs a statement in the transaction."""
        id = next(self._left.get(table, iter(())), None)
        if id is None:
            self._left[table] = self._reserve(table, ask)
            id = next(self._left[table])
        return id

    def _reserve(self, table: sa.Table, ask: Callable[..., Any]) -> Iterator[int]:
        if self._is_sqlite:
            return count(int(ask(_greatest(table)).scalar_one()) + 1)
        times = self._at_once.get(table, 1)
        self._at_once[table] = min(2 * times, MOST_AT_ONCE)
        return map(int, list(ask(_drawn(table), {"times": times}).scalars()))
