"""Rows of which a column is among some values: one statement that stands, however many values are told when it is run.

A list behind IN is written out value by value, and the statement so made, compiled and planned anew each time it is run: of
a list of a hundred documents that was a third of what the server spent. Told as one value, PostgreSQL's array or the JSON
that SQLite takes apart, it is put into words once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.store.connection import Connection, Result
from edi_gateway.store.wording import tables_of

_NAME = "among"


class Among:
    """A query for those rows of which ``column`` is among some values; it may have parameters of its own."""

    def __init__(self, query: sa.Select[Any], column: sa.Column[Any]) -> None:
        self._query, self._column = query, column
        self._built: dict[str, sa.Select[Any]] = {}

    def rows(
        self, connection: Connection | sa.Connection, values: Collection[int] | Collection[str], **given: object
    ) -> Sequence[Any]:
        """The rows of these values; none is asked for where there are none."""
        if not values:
            return []
        dialect = connection.dialect.name
        if dialect not in self._built:
            self._built[dialect] = self._query.where(_is_among(dialect, self._column))
        told = msgspec.json.encode([*values]).decode() if dialect == "sqlite" else [*values]
        return connection.execute(self._built[dialect], {**given, _NAME: told}).all()


def _is_among(dialect: str, column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    if dialect == "sqlite":
        values = sa.func.json_each(sa.bindparam(_NAME, type_=sa.String())).table_valued("value")
        return column.in_(sa.select(values.c.value))
    item = sa.BigInteger() if column.type.python_type is int else sa.String()
    return column == sa.any_(sa.bindparam(_NAME, type_=sa.ARRAY(item)))


class Asked:
    """A question about one value of a column, which may be asked about several of them beforehand."""

    def __init__(self, query: sa.Select[Any], column: sa.Column[Any]) -> None:
        self._name, self._several = column.name, Among(query, column)
        self._tables = frozenset(tables_of(query))
        self.of_one = query.where(column == sa.bindparam(column.name))

    def of(self, connection: Connection, value: int | str) -> Result:
        """The rows of one value."""
        told = connection.told_ahead((self, value))
        return connection.execute(self.of_one, {self._name: value}) if told is None else told

    def ahead(self, connection: Connection, values: Collection[int] | Collection[str]) -> None:
        """Asks about all of them in one statement, and lets the connection remember it."""
        told: defaultdict[Any, list[Any]] = defaultdict(list)
        for row in self._several.rows(connection, values):
            told[getattr(row, self._name)].append(row)
        for value in values:
            connection.remember((self, value), told[value], self._tables)
