"""The newest rows that fit, in time that does not grow with the table.

An index serves an order or a condition, and a database has to guess which of the two is worth more; with a wrong guess it
walks a million rows. So nothing is left to guess: what is known to be rare is had by its index and sorted; for everything
else the newest rows are looked through first, which nearly always hold a page, and only then the whole table is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, TypeAlias

import sqlalchemy as sa

from edi_gateway.store.among import Among
from edi_gateway.store.connection import Connection

NEAR = 20_000
"""How many of the newest rows are looked through first: some ten milliseconds."""

SOME = 2_000
"""How many of those that fit are looked at, from the end of their index, for how new a page is: half a millisecond."""

Where: TypeAlias = Sequence[sa.ColumnElement[bool]]
Values: TypeAlias = Mapping[str, Any]


class Newest:
    """A question for the newest rows that fit, by their ids; ``is_rare`` where an index leads to few.

    ``near`` says the same as ``where`` in words that no index knows: the newest rows are looked through in their own order.
    ``is_listed``: what fits has an index in the order of the ids. ``behind`` is the order of the index that serves ``where``,
    from its end, where what is found last in it is likely new, as numbers grow: as many of those as make a page show how new
    the page is at least, so that of a hundred thousand that fit nearly all are passed over inside the index.

    Statements are built once, and run with the values of the parameters in the conditions: to build them anew each time was a
    tenth of what a read cost.
    """

    def __init__(
        self,
        id: sa.Column[Any],
        where: Where,
        *,
        near: Where | None = None,
        is_rare: bool = False,
        is_listed: bool = False,
        behind: Where = (),
    ) -> None:
        self._id, self._is_rare, self._behind = id, is_rare, behind
        self._is_along = not where or (is_listed and not is_rare)
        self._where, self._near = [*where], [*(where if near is None else near)]
        self._built: dict[tuple[str, bool], sa.Select[Any]] = {}

    def ids(self, connection: Connection | sa.Connection, values: Values, *, limit: int, before: int | None = None) -> list[int]:
        """The newest first, below ``before``."""
        given = {**values, "limit": limit} if before is None else {**values, "limit": limit, "before": before}
        if self._is_along:
            return self._run(connection, "along", given)
        if not self._is_rare:
            found = self._run(connection, "near", {**given, "near": NEAR})
            if len(found) == limit or (before is not None and before <= NEAR):
                return found
        return self._run(connection, "sorted", given)

    def _run(self, connection: Connection | sa.Connection, how: str, given: Values) -> list[int]:
        built = self._built.get((how, "before" in given))
        if built is None:
            built = self._built[how, "before" in given] = self._build(how, is_below="before" in given)
        return list(connection.execute(built, given).scalars())

    def _build(self, how: str, *, is_below: bool) -> sa.Select[Any]:
        id, where = self._id, [*(self._where if how == "sorted" else self._near)]
        if is_below:
            where.append(id < _BEFORE)
        if how == "near":
            where.append(id >= (_BEFORE if is_below else _top(id).scalar_subquery()) - _NEAR)
        if how == "sorted" and self._behind:
            where.append(id >= self._at_least(where))
        order = (id + 0).desc() if how == "sorted" else id.desc()  # no index has that order: a condition's is used
        return sa.select(id).where(*where).order_by(order).limit(_LIMIT)

    def _at_least(self, where: Where) -> sa.ColumnElement[int]:
        """The oldest id of a page of some that fit: those on the newest page are not older; 0 where those some make no page."""
        some = sa.select(self._id).where(*where).order_by(*self._behind).limit(SOME).subquery()
        last = sa.select(some.c.id).order_by(some.c.id.desc()).offset(_LIMIT - 1).limit(1).scalar_subquery()
        return sa.func.coalesce(last, 0)


_LIMIT: sa.BindParameter[int] = sa.bindparam("limit", type_=sa.Integer)
_BEFORE: sa.BindParameter[int] = sa.bindparam("before", type_=sa.BigInteger)
_NEAR: sa.BindParameter[int] = sa.bindparam("near", type_=sa.Integer)


@cache
def having(id: sa.Column[Any], *names: str, is_rare: bool = False) -> Newest:
    """The newest rows that have the values given in the columns of these ``names``."""
    return Newest(id, equal(id.table, names), is_rare=is_rare)


def equal(table: sa.FromClause, names: Iterable[str]) -> list[sa.ColumnElement[bool]]:
    """The columns of these ``names`` have the values that are given when it is asked."""
    return [table.c[name] == sa.bindparam(name) for name in names]


def in_order(
    connection: Connection | sa.Connection, id: sa.Column[Any], where: Where, *, limit: int, before: int | None = None
) -> list[int]:
    """Ids by looking along them until there are enough: for what is among few rows, or has an index by id."""
    return Newest(id, where, is_listed=True).ids(connection, {}, limit=limit, before=before)


def chosen(connection: Connection | sa.Connection, query: Among, ids: Sequence[int]) -> list[Any]:
    """The rows of a query that have these ids, the newest first; the query's first column is the id."""
    return sorted(query.rows(connection, ids), key=itemgetter(0), reverse=True)


def begins(dialect: str, column: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a text begins so, byte by byte and by an index, whatever the database's language; asked with ``beginning``.

    PostgreSQL's own comparisons follow the language; ``~>=~`` and ``~<~`` do not, and are what ``varchar_pattern_ops`` indexes.
    """
    at_least, below = (">=", "<") if dialect == "sqlite" else ("~>=~", "~<~")
    begin, end = (sa.bindparam(name, type_=sa.String) for name in beginning(""))
    return sa.and_(column.bool_op(at_least)(begin), column.bool_op(below)(end))


def from_the_end(dialect: str, column: sa.Column[str]) -> sa.ColumnElement[Any]:
    """The order of texts byte by byte, as ``begins`` compares them, the last first."""
    return column.desc() if dialect == "sqlite" else sa.literal_column(f"{column} USING ~>~")


def beginning(text: str) -> dict[str, str]:
    """The values with which ``begins`` asks for a text."""
    return {"begin": text, "end": text + "\U0010ffff"}


def top(connection: Connection | sa.Connection, id: sa.Column[Any]) -> int:
    """The newest row's id; 0 where there is none."""
    return int(connection.execute(_top(id)).scalar_one() or 0)


@cache
def _top(id: sa.Column[Any]) -> sa.Select[Any]:
    return sa.select(sa.func.max(id))
