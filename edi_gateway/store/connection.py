"""What repositories run their statements on: a statement that stands is put into the driver's words once.

SQLAlchemy spends four fifths of a small statement's time on finding out, each time anew, how it is said and what comes back. A
document passes some hundred statements on its way, so this decides how many documents a second there are. A statement object
that is run a second time is kept as the text, the parameters and the columns of its database; one made for a single question
goes SQLAlchemy's way. What a statement means, its types and its transactions stay SQLAlchemy's.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any, Protocol

import sqlalchemy as sa

from edi_gateway.errors import Defect
from edi_gateway.store.reserved import ReservedIds
from edi_gateway.store.waiting import ANY, Sort, Waiting
from edi_gateway.store.wording import Values, Wording, wording_of


class Result(Protocol):
    """What a statement answered; its methods mean what those of SQLAlchemy's result mean."""

    @property
    def rowcount(self) -> int: ...
    def __iter__(self) -> Iterator[Any]: ...
    def all(self) -> Sequence[Any]: ...
    def first(self) -> Any: ...
    def one(self) -> Any: ...
    def scalar(self) -> Any: ...
    def scalar_one(self) -> Any: ...
    def scalars(self) -> Iterable[Any]: ...


class Rows:
    """What a statement answered: all of it, read already."""

    __slots__ = ("_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int) -> None:
        self._rows, self.rowcount = rows, rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def all(self) -> list[Any]:
        return self._rows

    def first(self) -> Any:
        """The first row, or None."""
        return self._rows[0] if self._rows else None

    def one(self) -> Any:
        """The only row; raises sqlalchemy.exc.NoResultFound or MultipleResultsFound where there is not one."""
        if len(self._rows) != 1:
            raise (sa.exc.MultipleResultsFound if self._rows else sa.exc.NoResultFound)(f"{len(self._rows)} rows for one")
        return self._rows[0]

    def scalar(self) -> Any:
        """The first column of the first row, or None."""
        return self._rows[0][0] if self._rows else None

    def scalar_one(self) -> Any:
        """The first column of the only row."""
        return self.one()[0]

    def scalars(self) -> Iterator[Any]:
        """The first column of each row."""
        return map(itemgetter(0), self._rows)


class Connection:
    """A connection of one unit of work, in a transaction; ``begin`` tells a driver of it that does not begin one by itself.

    One that ``writes`` not refuses what would. One that ``remembers`` tells what is asked twice as before; what was asked ahead
    (``remember``) any tells so, until something is written to a table it is about. The transaction is SQLAlchemy's: what is not
    committed is rolled back when its connection is closed.
    """

    def __init__(self, connection: sa.Connection, begin: str = "", *, writes: bool = False, remembers: bool = False) -> None:
        self._connection, self._writes = connection, writes
        self._remembers = remembers
        self._told: dict[tuple[Any, ...], Rows] = {}
        self._asked_ahead: dict[Hashable, Rows] = {}
        self._told_about: set[str] = set()  # the tables of that
        self._waiting = Waiting()
        self.dialect = connection.dialect
        self._ids = ReservedIds(is_sqlite=self.dialect.name == "sqlite")
        self._driver: Any = connection.connection.dbapi_connection
        connection.begin()
        if begin:
            self._say(Wording(begin, dict, (), self.dialect), (), many=False)

    @contextmanager
    def begin_nested(self) -> Iterator[None]:
        """A part of the transaction that can be rolled back by itself."""
        self.flush()
        try:
            with self._connection.begin_nested():
                yield
                self.flush()
        except BaseException:
            self._waiting = Waiting()
            self._forget()
            raise

    def new_id(self, table: sa.Table) -> int:
        """An id for a new row of a table that leaves none to the database."""
        return self._ids.next(table, self.execute)

    def execute(
        self, statement: sa.Executable, values: Values | list[dict[str, Any]] | None = None, *, row: Hashable = ANY
    ) -> Result:
        """Runs a statement with its values, or with each of a list of them. Raises what SQLAlchemy raises.

        One that asks about one ``row`` of one table (as ``later`` tells them apart) leaves alone what waits for other rows of it.
        """
        if not self._writes:
            _refuse_writes(statement)
        if isinstance(values, list):
            return self._execute_each(statement, values)
        wording = wording_of(statement, values or {}, self.dialect)
        if wording is None:
            return self._by_sqlalchemy(statement, values)
        self._make_way(wording, row)
        given = wording.give(values or {})
        return self._remembered(wording, given) if self._remembers else self._say(wording, given, many=False)

    def _execute_each(self, statement: sa.Executable, values: list[dict[str, Any]]) -> Result:
        first = values[0] if values else {}
        wording = wording_of(statement, first, self.dialect)
        if wording is None or any(first.keys() - each.keys() for each in values):  # it says which value is missing
            return self._by_sqlalchemy(statement, values)
        self._make_way(wording, ANY)
        return self._say(wording, [wording.give(each) for each in values], many=True)

    def _by_sqlalchemy(self, statement: sa.Executable, values: Values | list[dict[str, Any]] | None) -> Result:
        self.flush()
        if isinstance(statement, sa.UpdateBase):
            self._forget()
        return self._connection.execute(statement, values)

    def _make_way(self, wording: Wording, row: Hashable) -> None:
        """Writes what has to be there before a statement goes, and forgets what it makes untrue."""
        if wording.writes in self._told_about:
            self._forget()
        if self._waiting.concerns(wording, row):
            self._write(self._waiting.take_before(wording))

    def later(self, statement: sa.Executable, values: Values, *, row: Hashable, missed: type[Exception] | None = None) -> None:
        """Writes one row with others of its sort: when something asks about its table, or the transaction ends.

        ``row`` tells the rows of the table apart, ANY says that it may be any; ``missed`` is raised then, where a row that was to
        be changed is not there.
        """
        if not self._writes:
            _refuse_writes(statement)
        wording = wording_of(statement, values, self.dialect)
        if wording is None:
            done = self.execute(statement, values)
            if missed and not done.rowcount:
                raise missed
            return
        if wording.writes in self._told_about:
            self._forget()
        if self._waiting.is_written_otherwise(wording, row):
            self._write(self._waiting.take_before(wording))
        if self._waiting.comes_too_late(wording):
            self.flush()
        self._waiting.add(wording, wording.give(values), row, missed)

    def flush(self) -> None:
        """Writes what waits."""
        self._write(self._waiting.take_all())

    def _write(self, sorts: list[Sort]) -> None:
        for wording, given, missed in sorts:
            several = len(given) > 1
            done = self._say(wording, given if several else given[0], many=several)
            if missed and done.rowcount < len(given):
                raise missed

    def remember(self, question: Hashable, rows: list[Any], tables: Collection[str]) -> None:
        """What was asked ahead, and which tables it is about: those of the database as it is now, with what waits written."""
        self._asked_ahead[question] = Rows(rows, len(rows))
        self._told_about.update(tables)

    def told_ahead(self, question: Hashable) -> Result | None:
        """What was asked ahead, if it was, and nothing has been written since to the tables it is about."""
        return self._asked_ahead.get(question)

    def _remembered(self, wording: Wording, given: Any) -> Rows:
        """What was told when the same was asked before."""
        question = _question(wording, given)
        told = self._told.get(question)
        if told is None:
            told = self._told[question] = self._say(wording, given, many=False)
        return told

    def _forget(self) -> None:
        self._asked_ahead.clear()
        self._told_about.clear()

    def _say(self, wording: Wording, given: Any, *, many: bool) -> Rows:
        try:
            cursor = self._driver.cursor()
            (self.dialect.do_executemany if many else self.dialect.do_execute)(cursor, wording.text, given, None)
            rows = [] if many else wording.rows(cursor)
        except self.dialect.loaded_dbapi.Error as error:
            raise self._explained(error, wording.text, given) from error
        count = cursor.rowcount
        cursor.close()
        return Rows(rows, count)

    def _explained(self, error: Any, text: str, given: Any) -> BaseException:
        """The driver's error as SQLAlchemy's; a connection that is gone is let go of."""
        gone = self.dialect.is_disconnect(error, self._driver, None)
        if gone:
            self._connection.invalidate(error)
            self._connection.engine.dispose(close=False)  # the others are probably gone, too
        error_of = self.dialect.loaded_dbapi.Error
        explained: BaseException = sa.exc.DBAPIError.instance(
            text, given, error, error_of, connection_invalidated=gone, dialect=self.dialect
        )
        return explained


def _refuse_writes(statement: sa.Executable) -> None:
    if isinstance(statement, sa.UpdateBase):
        raise Defect(f"this would write, in a look at the database: {statement}")


def _question(wording: Wording, given: Any) -> tuple[Any, ...]:
    if isinstance(given, dict):  # of a driver that takes lists of values
        return (wording, *(tuple(each) if isinstance(each, list) else each for each in given.values()))
    return (wording, *given)
