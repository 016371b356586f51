"""Statements that are built once and run with their values.

Building one costs SQLAlchemy more than running it costs a database: of the ready flows of a lane, 0.77 ms of 0.90 (SQLite).
So what a document passes on its way is asked with statements of here, or with ones that stand at the head of their module.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.sql.dml import ReturningInsert

from edi_gateway.errors import Defect
from edi_gateway.store.connection import Connection


@cache
def rows_by(table: sa.Table, *names: str) -> sa.Select[Any]:
    """The rows that have the values given in the columns of these ``names``; in the order of their ids, if they have any."""
    query = sa.select(table).where(*_given(table, names))
    return query.order_by(table.c.id) if "id" in table.c else query


@cache
def new_row(table: sa.Table) -> ReturningInsert[Any]:
    """A row of the values given; answers its id."""
    return table.insert().returning(table.c.id)


@cache
def new_rows(table: sa.Table) -> sa.Insert:
    """A row of the values given, or one for each of a list of them; answers nothing."""
    return table.insert()


@cache
def row_changed(table: sa.Table) -> sa.Update:
    """Sets the columns given of the row whose id is given as ``this``."""
    return table.update().where(table.c.id == sa.bindparam("this"))


def row_if_new(connection: Connection, table: sa.Table) -> sa.Insert:
    """A row of the values given, unless one is there that has the same keys."""
    return _if_new(table, connection.dialect.name)


def row_in_place(connection: Connection, table: sa.Table) -> sa.Insert:
    """A row of the values given, in place of the one that has the same primary key."""
    return _in_place(table, connection.dialect.name)


def upsert(connection: Connection) -> Any:
    """``INSERT`` with ``ON CONFLICT`` of this database."""
    return _upsert(connection.dialect.name)


def _upsert(dialect: str) -> Any:
    return sqlite_insert if dialect == "sqlite" else postgresql_insert


@cache
def _if_new(table: sa.Table, dialect: str) -> sa.Insert:
    insert: sa.Insert = _upsert(dialect)(table).on_conflict_do_nothing()
    return insert


@cache
def _in_place(table: sa.Table, dialect: str) -> sa.Insert:
    made = _upsert(dialect)(table)
    keys = list(table.primary_key.columns)
    others = {column.name: made.excluded[column.name] for column in table.columns if column not in set(keys)}
    insert: sa.Insert = made.on_conflict_do_update(index_elements=keys, set_=others)
    return insert


def word(value: str) -> sa.ColumnElement[str]:
    """A word of ours that stands in a statement as it is: only so a database sees that an index of some rows alone will do."""
    if not value.replace(" ", "").isalnum():
        raise Defect(f"{value!r} is no word of ours: what comes from outside is never written into a statement")
    return sa.literal_column(f"'{value}'", sa.String())


def words(*values: str) -> list[sa.ColumnElement[str]]:
    """Words of ours behind IN: a list of plain ones is written out anew each time it is run."""
    return [word(value) for value in values]


def _given(table: sa.Table, names: Iterable[str]) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == sa.bindparam(name) for name in names]
