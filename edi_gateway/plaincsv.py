"""CSV that people and programs hand in: a heading, rows that know where they stand, and every mistake told at once in one way.

A mistake names file and line, the column where it is about one, what is wrong and what to do: ``stock.csv:7, column quantity: 'x'
is no number — write it like 1234.50``. A reader takes all cells of all rows, wrong ones too, and asks at the end.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import NamedTuple, TypeVar

from edi_gateway.errors import Collected, WrongInput

T = TypeVar("T")
_LONGEST = 15  # digits before the point, and after it


class Mistakes:
    """What is wrong with a file, gathered so that one pass tells all of it."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._found: list[tuple[int, WrongInput]] = []

    def add(self, what: str, *, line: int = 0, column: str = "", do: str | None = None) -> None:
        """Notes a mistake; without a ``line`` it is one of the whole file."""
        self._found.append((line, WrongInput(what, where=place(self._file, line, column), do=do)))

    def __bool__(self) -> bool:
        return bool(self._found)

    def raise_if_any(self) -> None:
        """Raises Collected with all of them, by line."""
        if self._found:
            raise Collected([mistake for _, mistake in sorted(self._found, key=lambda each: each[0])])


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file it begins on, and its cells by column, without blanks around them."""

    line: int
    cells: dict[str, str]
    mistakes: Mistakes

    def __getitem__(self, column: str) -> str:
        """The cell of a column; empty where there is none."""
        return self.cells.get(column, "")

    def wrong(self, column: str, what: str, do: str | None = None) -> None:
        """Notes what is wrong with a cell; without a column, with the row."""
        self.mistakes.add(what, line=self.line, column=column, do=do)

    def needed(self, column: str) -> str:
        """A cell that must not be empty, which is noted."""
        if not self[column]:
            self.wrong(column, "is empty", "every row needs it")
        return self[column]

    def take(self, column: str, read: Callable[[str], T]) -> T | None:
        """What a cell says; None where it is empty, or is wrong, which is noted. ``read`` raises WrongInput."""
        try:
            return read(self[column]) if self[column] else None
        except WrongInput as error:
            self.wrong(column, error.what, error.do)
            return None


class Table(NamedTuple):
    """The rows of a file that could be read, and what is wrong with it so far."""

    rows: list[Row]
    mistakes: Mistakes


def read_table(body: bytes, file: str, *, needed: Sequence[str], known: Sequence[str] | None = None) -> Table:
    """The rows below a heading that names ``needed`` columns and, where ``known`` are given, no others.

    ``file`` is what mistakes call it. Names of columns are taken in small letters, in any order; rows of blanks are passed over;
    a row shorter than the heading has empty cells at its end. Raises nothing: what is wrong is in the table.
    """
    table = Table([], Mistakes(file))
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        table.mistakes.add(f"is no text in UTF-8: {error.reason} at byte {error.start}", do="save it as CSV UTF-8")
        return table
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        heading = [name.strip().lower() for name in next(lines, [])]
        if _check_heading(heading, needed, known, table.mistakes):
            table.rows.extend(_rows(lines, heading, table.mistakes))
    except csv.Error as error:
        table.mistakes.add(f"is no CSV: {error}", line=lines.line_num, do="put texts with commas or quotes into quotes")
    return table


def place(file: str, line: int = 0, column: str = "") -> str:
    """``file:line, column name``, as far as it is known."""
    return (f"{file}:{line}" if line else file) + (f", column {column}" if column else "")


def a_number(text: str) -> Decimal:
    """A number with a point. Raises WrongInput."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or "_" in text or not -_LONGEST <= number.adjusted() < _LONGEST:
        raise WrongInput(f"'{text}' is no number", do="write it like 1234.50")
    return number


def a_number_above_nothing(text: str) -> Decimal:
    """A number greater than 0. Raises WrongInput."""
    number = a_number(text)
    if number <= 0:
        raise WrongInput(f"'{text}' is not above nothing", do="write it like 1234.50")
    return number


def a_day(text: str) -> date:
    """A date of the form 2026-01-31. Raises WrongInput."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise WrongInput(f"'{text}' is no date", do="write it like 2026-01-31")
    return day


def a_day_or_moment(text: str) -> datetime:
    """A day, which is midnight without a zone, or a time with its offset. Raises WrongInput."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or (moment.tzinfo is None and len(text) > len("2026-01-31")):
        raise WrongInput(f"'{text}' is neither a day nor a time", do="write 2026-01-31, or 2026-01-31T15:30-06:00")
    return moment


def _check_heading(given: list[str], needed: Sequence[str], known: Sequence[str] | None, mistakes: Mistakes) -> bool:
    """Whether rows can be read below this heading; what is wrong with it is noted."""
    columns = ",".join(known or needed)
    if not any(given):
        mistakes.add("is empty", do=f"begin it with the heading {columns}")
        return False
    if len(given) == 1 and (mark := next((mark for mark in ";\t|" if mark in given[0]), "")):
        said = "tabs" if mark == "\t" else f"'{mark}'"
        mistakes.add(f"its columns are separated by {said}", line=1, do="save it with commas between them")
        return False
    whole = f"the heading is {columns}" if known is not None else f"it needs {columns}"
    strange = [name for name in given if known is not None and name not in known]
    missing = [name for name in needed if name not in given]
    twice = [name for name in dict.fromkeys(given) if name and given.count(name) > 1]
    for name in strange:
        near = get_close_matches(name, known or (), n=1)
        mistakes.add(f"there is no column '{name}'", line=1, do=f"did you mean '{near[0]}'?" if near else whole)
    for name in missing:
        mistakes.add(f"the column '{name}' is missing", line=1, do=whole)
    for name in twice:
        mistakes.add(f"the column '{name}' stands there twice", line=1, do="keep one of them")
    return not (strange or missing or twice)


def _rows(lines: Iterator[list[str]], heading: list[str], mistakes: Mistakes) -> Iterator[Row]:
    empty, line = dict.fromkeys(filter(None, heading), ""), 2
    for cells in lines:
        here, line = line, lines.line_num + 1  # type: ignore[attr-defined]  # lines is a csv.reader, which has no public type
        if not any(cell.strip() for cell in cells):
            continue
        given = {name: cell.strip() for name, cell in zip(heading, cells, strict=False) if name}
        row = Row(here, {**empty, **given}, mistakes)
        if (more := len(cells) - len(heading)) > 0:
            row.wrong(
                "",
                f"has {more} value{'s' if more > 1 else ''} more than the heading has columns",
                "put texts with commas into quotes",
            )
        yield row
