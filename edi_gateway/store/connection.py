"""What repositories run their statements on: a statement that stands is put into the driver's words once.

SQLAlchemy spends four fifths of a small statement's time on finding out, each time anew, how it is said and what comes back. A
document passes some hundred statements on its way, so this decides how many documents a second there are. A statement object
that is run a second time is kept as the text, the parameters and the columns of its database; one made for a single question
goes SQLAlchemy's way. What a statement means, its types and its transactions stay SQLAlchemy's.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from operator import itemgetter
from typing import Any, Protocol, TypeAlias
from weakref import WeakKeyDictionary

import sqlalchemy as sa

from edi_gateway.errors import Defect

Values: TypeAlias = Mapping[str, Any]
_Said: TypeAlias = "dict[tuple[str, ...], Wording | None]"


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


class Wording:
    """How a statement is said to a driver, and how what comes back is read."""

    def __init__(
        self, text: str, give: Callable[[Values], Any], columns: Sequence[sa.ColumnElement[Any]], dialect: sa.Dialect
    ) -> None:
        self.text, self.give = text, give  # ``give`` makes the driver's parameters of values
        self._columns, self._dialect = columns, dialect
        self._read: Callable[[Any], Any] | None = None

    def rows(self, cursor: Any) -> list[Any]:
        """What a cursor has to tell: rows with names, each value of its column's type."""
        if not self._columns:
            return []
        if self._read is None:  # what a column is converted from is known once there has been an answer
            converted = zip(self._columns, cursor.description, strict=True)
            readers = [_processor(column.type, self._dialect, told[1]) for column, told in converted]
            self._read = _reader([column.name for column in self._columns], readers)
        return [self._read(row) for row in cursor.fetchall()]


class Connection:
    """A connection of one unit of work, in a transaction; ``begin`` tells a driver of it that does not begin one by itself.

    One that ``writes`` not refuses what would. One that ``remembers`` tells what is asked twice as before. The transaction is
    SQLAlchemy's: what is not committed is rolled back when its connection is closed.
    """

    def __init__(self, connection: sa.Connection, begin: str = "", *, writes: bool = False, remembers: bool = False) -> None:
        self._connection, self._writes = connection, writes
        self._told: dict[tuple[Any, ...], Rows] | None = {} if remembers else None
        self.dialect = connection.dialect
        self._driver: Any = connection.connection.dbapi_connection
        connection.begin()
        if begin:
            self._say(Wording(begin, dict, (), self.dialect), (), many=False)

    def begin_nested(self) -> AbstractContextManager[Any]:
        """A part of the transaction that can be rolled back by itself."""
        return self._connection.begin_nested()

    def execute(self, statement: sa.Executable, values: Values | list[dict[str, Any]] | None = None) -> Result:
        """Runs a statement with its values, or with each of a list of them. Raises what SQLAlchemy raises."""
        if not self._writes and isinstance(statement, sa.UpdateBase):
            raise Defect(f"this would write, in a look at the database: {statement}")
        many = values if isinstance(values, list) else None
        one: Any = (many[0] if many else {}) if many is not None else values or {}
        wording = _wording(statement, one, self.dialect)
        if wording is None or any(one.keys() - each.keys() for each in many or ()):  # it says which value is missing
            return self._connection.execute(statement, values)
        if many is not None:
            return self._say(wording, [wording.give(each) for each in many], many=True)
        given = wording.give(one)
        return self._say(wording, given, many=False) if self._told is None else self._remembered(self._told, wording, given)

    def _remembered(self, told: dict[tuple[Any, ...], Rows], wording: Wording, given: Any) -> Rows:
        """What was told when the same was asked before."""
        question = (wording, *(given.values() if isinstance(given, dict) else given))
        if question not in told:
            told[question] = self._say(wording, given, many=False)
        return told[question]

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


_SAID: WeakKeyDictionary[sa.Executable, _Said] = WeakKeyDictionary()


def _wording(statement: sa.Executable, values: Values, dialect: sa.Dialect) -> Wording | None:
    """How a statement that stands is said; None for one never seen before, or that only SQLAlchemy can say."""
    said = _SAID.get(statement)
    if said is None:
        _SAID[statement] = {}
        return None
    key = (dialect.name, *values)
    if key not in said:
        said[key] = _worded(statement, sorted(values), dialect)
    return said[key]


def _worded(statement: sa.Executable, names: list[str], dialect: sa.Dialect) -> Wording | None:
    if not isinstance(statement, sa.Select | sa.Insert | sa.Update | sa.Delete):
        return None
    compiled: Any = statement.compile(dialect=dialect, column_keys=names)
    if compiled.post_compile_params or compiled.insert_prefetch or compiled.update_prefetch:
        return None  # lists of values, and defaults that Python makes
    if any(bind.required is (name not in names) for bind, name in compiled.bind_names.items()):
        return None  # a value is missing, and SQLAlchemy says which; or one is given in place of the statement's own
    columns = list(statement.exported_columns)
    if len({column.name for column in columns}) < len(columns):
        return None
    return Wording(str(compiled), _giver(compiled, dialect), columns, dialect)


def _processor(type_: Any, dialect: sa.Dialect, told: object) -> Callable[[Any], Any] | None:
    processor: Callable[[Any], Any] | None = type_.dialect_impl(dialect).result_processor(dialect, told)
    return processor


def _giver(compiled: Any, dialect: sa.Dialect) -> Callable[[Values], Any]:
    """Makes parameters of values: converted, with the statement's own, in the driver's order."""
    convert: dict[str, Callable[[Any], Any]] = {}
    own: dict[str, Any] = {}
    for bind, name in compiled.bind_names.items():
        processor = bind.type.dialect_impl(dialect).bind_processor(dialect)
        if processor and bind.required:
            convert[name] = processor
        if not bind.required:
            own[name] = processor(bind.effective_value) if processor else bind.effective_value
    return _named(compiled, own, convert) if compiled.positiontup is None else _placed(compiled.positiontup, own, convert)


def _named(compiled: Any, own: dict[str, Any], convert: dict[str, Callable[[Any], Any]]) -> Callable[[Values], dict[str, Any]]:
    names = [name for name in compiled.bind_names.values() if name not in own]

    def give(values: Values) -> dict[str, Any]:
        given = {**own, **{name: values[name] for name in names}}
        for name, converted in convert.items():
            given[name] = converted(given[name])
        return given

    return give


def _placed(order: Sequence[str], own: dict[str, Any], convert: dict[str, Callable[[Any], Any]]) -> Callable[[Values], list[Any]]:
    converted = [(place, convert[name]) for place, name in enumerate(order) if name in convert]

    def give(values: Values) -> list[Any]:
        said = {**values, **own} if own else values
        given = [said[name] for name in order]
        for place, conversion in converted:
            given[place] = conversion(given[place])
        return given

    return give


def _reader(names: Sequence[str], readers: Sequence[Callable[[Any], Any] | None]) -> Callable[[Any], Any]:
    """Makes a row with names of one of the driver's."""
    make: Callable[[Any], Any] = namedtuple("Row", names, rename=True)._make  # type: ignore[attr-defined]  # the statement's names
    converted = [(place, reader) for place, reader in enumerate(readers) if reader]
    if not converted:
        return make

    def read(row: Any) -> Any:
        values = list(row)
        for place, reader in converted:
            values[place] = reader(values[place])
        return make(values)

    return read
