"""How a statement that stands is said to a driver: its text, its parameters and how its answer is read, found out once."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, TypeAlias
from weakref import ref

import sqlalchemy as sa
from sqlalchemy.sql import visitors

Values: TypeAlias = Mapping[str, Any]
_Said: TypeAlias = "dict[tuple[str, ...], Wording | None]"


class Wording:
    """How a statement is said to a driver, and how what comes back is read.

    ``tables`` it is about; one that ``writes`` says to which of them, and ``is_new`` where it puts a row there, which may point
    to rows of the tables it comes ``behind``.
    """

    def __init__(
        self,
        text: str,
        give: Callable[[Values], Any],
        columns: Sequence[sa.ColumnElement[Any]],
        dialect: sa.Dialect,
        statement: sa.Executable | None = None,
    ) -> None:
        self.text, self.give = text, give  # ``give`` makes the driver's parameters of values
        self._columns, self._dialect = columns, dialect
        self._read: Callable[[Any], Any] | None = None
        written = statement.table if isinstance(statement, sa.Insert | sa.Update | sa.Delete) else None
        self.tables = frozenset(tables_of(statement)) if statement is not None else frozenset()
        self.writes = str(written.name) if isinstance(written, sa.Table) else ""
        self.is_new = isinstance(statement, sa.Insert)
        self.behind = frozenset(_pointed_to(written)) if isinstance(written, sa.Table) else frozenset()

    def rows(self, cursor: Any) -> list[Any]:
        """What a cursor has to tell: rows with names, each value of its column's type."""
        if not self._columns:
            return []
        if self._read is None:  # what a column is converted from is known once there has been an answer
            converted = zip(self._columns, cursor.description, strict=True)
            readers = [_processor(column.type, self._dialect, told[1]) for column, told in converted]
            self._read = _reader([column.name for column in self._columns], readers)
        return [self._read(row) for row in cursor.fetchall()]


_SAID: dict[int, _Said] = {}  # by the id of the statement, while that is alive: asked fifty times a document
_ALIVE: dict[int, ref[sa.Executable]] = {}


def wording_of(statement: sa.Executable, values: Values, dialect: sa.Dialect) -> Wording | None:
    """How a statement that stands is said; None for one never seen before, or that only SQLAlchemy can say."""
    said = _SAID.get(id(statement))
    if said is None:
        _begin_to_know(statement)
        return None
    key = (dialect.name, *values)
    try:
        return said[key]
    except KeyError:
        said[key] = _worded(statement, sorted(values), dialect)
        return said[key]


def _begin_to_know(statement: sa.Executable) -> None:
    key = id(statement)

    def forget(_: object) -> None:
        _SAID.pop(key, None)
        _ALIVE.pop(key, None)

    _ALIVE[key] = ref(statement, forget)
    _SAID[key] = {}


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
    return Wording(str(compiled), _giver(compiled, dialect), columns, dialect, statement)


def tables_of(statement: Any) -> Iterator[str]:
    """The tables a statement speaks of, wherever in it."""
    return (each.name for each in visitors.iterate(statement) if isinstance(each, sa.Table))


def _pointed_to(table: sa.Table) -> Iterator[str]:
    return (key.column.table.name for key in table.foreign_keys)


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
    of_its_own = [(place, own[name]) for place, name in enumerate(order) if name in own]
    told = _in_order([name for name in order if name not in own])

    def give(values: Values) -> list[Any]:
        given = told(values)
        for place, value in of_its_own:
            given.insert(place, value)
        for place, conversion in converted:
            given[place] = conversion(given[place])
        return given

    return give


def _in_order(names: Sequence[str]) -> Callable[[Values], list[Any]]:
    """The values of these names in a list."""
    if not names:
        return lambda values: []
    if len(names) == 1:
        [name] = names
        return lambda values: [values[name]]
    those = itemgetter(*names)
    return lambda values: [*those(values)]


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
