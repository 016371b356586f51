"""Rows of a CSV file that say where they stand when something in them is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TypeVar

from edi_gateway.errors import WrongInput
from edi_gateway.plaincsv import a_day, a_number, read_table

T = TypeVar("T")
YES, NO = {"yes", "true", "1", "x", "y"}, {"no", "false", "0", "", "n"}


class Row(dict[str, str]):
    """One row by column; a column that is not there is empty. Every reader raises WrongInput naming line and column."""

    def __init__(self, values: dict[str, str], where: str) -> None:
        super().__init__(values)
        self.where = where

    def __missing__(self, column: str) -> str:
        return ""

    def needed(self, column: str) -> str:
        """A value that has to be there."""
        if not self[column]:
            raise self.wrong(column, "is empty")
        return self[column]

    def decimal(self, column: str) -> Decimal | None:
        """A number with a point, or nothing."""
        return self._read(column, a_number) if self[column] else None

    def quantity(self, column: str) -> Decimal:
        """A number that has to be there."""
        self.needed(column)
        return self._read(column, a_number)

    def day(self, column: str) -> date | None:
        """A date as 2026-01-31, or nothing."""
        return self._read(column, a_day) if self[column] else None

    def instant(self, column: str, otherwise: datetime) -> datetime:
        """A time as 2026-01-31T08:30:00Z, in UTC where it names no zone."""
        try:
            found = datetime.fromisoformat(self[column]) if self[column] else otherwise
        except ValueError:
            raise self.wrong(column, f"'{self[column]}' is no time", "write it like 2026-01-31T08:30:00Z") from None
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def flag(self, column: str) -> bool:
        """yes or no; empty is no."""
        word = self[column].lower()
        if word not in YES | NO:
            raise self.wrong(column, f"'{self[column]}' is neither yes nor no", "write yes or no")
        return word in YES

    def wrong(self, column: str, what: str, do: str | None = None) -> WrongInput:
        """What is wrong with a value, to be raised."""
        return WrongInput(what, where=f"{self.where}, column {column}", do=do)

    def _read(self, column: str, read: Callable[[str], T]) -> T:
        try:
            return read(self[column])
        except WrongInput as error:
            raise self.wrong(column, error.what, error.do) from None


def read_rows(body: bytes, columns: tuple[str, ...], *, where: str) -> list[Row]:
    """The rows of a file whose heading names ``columns``, maybe others too. Raises Collected for what is wrong with its form."""
    table = read_table(body, where, needed=columns)
    table.mistakes.raise_if_any()
    return [Row(each.cells, f"{where}:{each.line}") for each in table.rows]
