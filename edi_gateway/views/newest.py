"""The newest rows that fit, in time that does not grow with the table.

An index serves an order or a condition, and a database has to guess which of the two is worth more; with a wrong guess it
walks a million rows. So nothing is left to guess: what is known to be rare is had by its index and sorted; for everything
else the newest rows are looked through first, which nearly always hold a page, and only then the whole table is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

NEAR = 20_000
"""How many of the newest rows are looked through first: some ten milliseconds."""

_AT_ONCE = 10_000  # ids in one query: both databases take 32,000 values

Where = Sequence[sa.ColumnElement[bool]]


def newest(
    connection: sa.Connection,
    id: sa.Column[Any],
    where: Where,
    *,
    limit: int,
    before: int | None = None,
    is_rare: bool = False,
    near: Where | None = None,
) -> list[int]:
    """Ids of the rows that fit, the newest first, below ``before``; ``is_rare`` where an index leads to few.

    ``near`` says the same as ``where`` in words that no index knows: the newest rows are looked through in their own order.
    """
    if not where:
        return in_order(connection, id, [], limit=limit, before=before)
    if not is_rare:
        floor = (before if before is not None else top(connection, id) + 1) - NEAR
        found = in_order(connection, id, [*(where if near is None else near), id >= floor], limit=limit, before=before)
        if len(found) == limit or floor <= 1:
            return found
    here = [*where, *_below(id, before)]
    sorted_ = sa.select(id).where(*here).order_by((id + 0).desc()).limit(limit)  # no index has that order: a condition's is used
    return list(connection.execute(sorted_).scalars())


def in_order(connection: sa.Connection, id: sa.Column[Any], where: Where, *, limit: int, before: int | None = None) -> list[int]:
    """The same, by looking along the ids until there are enough: for what is among few rows, or has an index by id."""
    query = sa.select(id).where(*where, *_below(id, before)).order_by(id.desc()).limit(limit)
    return list(connection.execute(query).scalars())


def _below(id: sa.Column[Any], before: int | None) -> Where:
    return [] if before is None else [id < before]


def chosen(connection: sa.Connection, query: sa.Select[Any], ids: Sequence[int]) -> list[sa.Row[Any]]:
    """The rows of a query that have these ids, the newest first; the query is one of ``among``."""
    pieces = [ids[begin : begin + _AT_ONCE] for begin in range(0, len(ids), _AT_ONCE)]
    rows = [row for piece in pieces for row in connection.execute(query, {"ids": piece})]
    return sorted(rows, key=lambda row: -int(row.id))


def among(query: sa.Select[Any], id: sa.Column[Any]) -> sa.Select[Any]:
    """The rows of a query whose id is among some, which are told when it is run. Built once: building costs more than running."""
    return query.where(id.in_(sa.bindparam("ids", expanding=True)))


def begins(connection: sa.Connection, column: sa.ColumnElement[str], text: str) -> sa.ColumnElement[bool]:
    """Whether a text begins so, byte by byte and by an index, whatever the database's language.

    PostgreSQL's own comparisons follow the language; ``~>=~`` and ``~<~`` do not, and are what ``varchar_pattern_ops`` indexes.
    """
    at_least, below = (">=", "<") if connection.dialect.name == "sqlite" else ("~>=~", "~<~")
    return sa.and_(column.bool_op(at_least)(text), column.bool_op(below)(text + "\U0010ffff"))


def top(connection: sa.Connection, id: sa.Column[Any]) -> int:
    """The newest row's id; 0 where there is none."""
    return int(connection.execute(_top(id)).scalar_one() or 0)


@cache
def _top(id: sa.Column[Any]) -> sa.Select[Any]:
    return sa.select(sa.func.max(id))
