"""Numbers given once: control numbers, and any other counter of ours.

A number is taken inside the transaction that uses it (``UPDATE … SET n = n + 1 RETURNING``), so a rollback leaves no gap and
two workers never get the same one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.dml import ReturningInsert

from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import upsert
from edi_gateway.store.tables import control_counter

ROLLOVER = 999_999_999  # nine digits: ISA13, GS06


@cache
def _counted(insert: Any) -> ReturningInsert[Any]:
    n, start, most = control_counter.c.n, sa.bindparam("start", type_=sa.BigInteger), sa.bindparam("most", type_=sa.BigInteger)
    following = sa.case((n < start, start), else_=start + (n + 1 - start) % (most - start + 1))
    counted: ReturningInsert[Any] = (
        insert(control_counter).on_conflict_do_update(index_elements=["scope"], set_={"n": following}).returning(n)
    )
    return counted


class ControlNumbers:
    """The counters of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def next(self, scope: str, *, start: int = 1, most: int = ROLLOVER) -> int:
        """The next number of a scope, ``start`` for a new one; after ``most`` it begins again at ``start``.

        A scope that jumped past ``most`` goes on as far behind ``start``: what was given in between is not given again.
        """
        counted = _counted(upsert(self._connection))
        return int(self._connection.execute(counted, {"scope": scope, "n": start, "start": start, "most": most}).scalar_one())

    def last(self, scope: str) -> int:
        """The last number given in a scope; 0 where none was."""
        return int(self._connection.execute(sa.select(control_counter.c.n).where(control_counter.c.scope == scope)).scalar() or 0)

    def seed(self, scope: str, n: int) -> None:
        """Sets the last number given: for a cutover from another system."""
        insert: Any = upsert(self._connection)(control_counter).values(scope=scope, n=n)
        self._connection.execute(insert.on_conflict_do_update(index_elements=["scope"], set_={"n": n}))

    def raise_to(self, scope: str, n: int) -> None:
        """Makes ``n`` the last number given, unless a greater one was."""
        if self.last(scope) < n:
            self.seed(scope, n)

    def scopes(self, begin: str) -> list[str]:
        """The scopes in which a number was given and whose names begin so."""
        query = sa.select(control_counter.c.scope).where(control_counter.c.scope.startswith(begin, autoescape=True))
        return list(self._connection.execute(query.order_by(control_counter.c.scope)).scalars())

    def jump(self, by: int, further: Mapping[str, int] = MappingProxyType({})) -> None:
        """Passes over ``by`` numbers in every scope: after a restore, when some may have been given that are not on record.

        In a scope of ``further`` over as many as it says. How far a scope goes before it begins again is known to whoever draws
        the next.
        """
        n = control_counter.c.n
        self._connection.execute(control_counter.update().where(control_counter.c.scope.not_in(further)).values(n=n + by))
        for scope, more in further.items():
            self._connection.execute(control_counter.update().where(control_counter.c.scope == scope).values(n=n + more))
