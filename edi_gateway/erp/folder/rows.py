"""Rows of a CSV file that say where they stand when something in them is wrong."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation

from edi_gateway.errors import WrongInput

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
        return self[column] or self._wrong(column, "is empty")

    def decimal(self, column: str) -> Decimal | None:
        """A number with a point, or nothing."""
        if not self[column]:
            return None
        try:
            found = Decimal(self[column])
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite():
            self._wrong(column, f"'{self[column]}' is no number; write one such as 1234.50")
        return found

    def quantity(self, column: str) -> Decimal:
        """A number that has to be there."""
        found = self.decimal(column)
        return self._wrong(column, "is empty") if found is None else found  # type: ignore[return-value]  # never returns

    def day(self, column: str) -> date | None:
        """A date as 2026-01-31, or nothing."""
        try:
            return date.fromisoformat(self[column]) if self[column] else None
        except ValueError:
            return self._wrong(column, f"'{self[column]}' is no date; write one such as 2026-01-31")  # type: ignore[return-value]

    def instant(self, column: str, otherwise: datetime) -> datetime:
        """A time as 2026-01-31T08:30:00Z, in UTC where it names no zone."""
        try:
            found = datetime.fromisoformat(self[column]) if self[column] else otherwise
        except ValueError:
            self._wrong(column, f"'{self[column]}' is no time; write one such as 2026-01-31T08:30:00Z")
        return found if found.tzinfo else found.replace(tzinfo=UTC)

    def flag(self, column: str) -> bool:
        """yes or no; empty is no."""
        word = self[column].lower()
        if word not in YES | NO:
            self._wrong(column, f"'{self[column]}' is neither yes nor no")
        return word in YES

    def _wrong(self, column: str, what: str) -> str:
        raise WrongInput(f"{column} {what}", where=self.where)


def read_rows(body: bytes, columns: tuple[str, ...], *, where: str) -> list[Row]:
    """The rows of a file with a header line. Raises WrongInput when one of ``columns`` is missing, or it is no CSV in UTF-8."""
    try:
        table = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), strict=True)
        missing = [column for column in columns if column not in (table.fieldnames or ())]
        if missing:
            raise WrongInput(f"has no column {', '.join(missing)}", where=f"{where}:1", do="the first line names the columns")
        return [_row(values, f"{where}:{table.line_num}") for values in table]
    except UnicodeDecodeError as error:
        raise WrongInput(f"is no text in UTF-8: {error.reason} at byte {error.start}", where=where) from None
    except csv.Error as error:
        raise WrongInput(f"is no CSV: {error}", where=where) from None


def _row(values: dict[str | None, str | None], where: str) -> Row:
    if None in values:
        raise WrongInput("has more values than the first line names columns", where=where)
    return Row({str(column): (value or "").strip() for column, value in values.items()}, where)
