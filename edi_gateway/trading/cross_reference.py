"""Cross-references: a partner's codes for items and locations, and ours; kept as a table, moved as CSV.

A CSV file has a heading: ``kind,qualifier,code,ours`` and, where wanted, ``valid_from,valid_until,note``. The qualifier is that
of the id (``IN``, ``UP``; ``92``, ``UL``); an empty one stands for any.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Literal, TextIO, TypeAlias, get_args

import msgspec

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.trading.words import did_you_mean

Kind: TypeAlias = Literal["item", "location"]
KINDS: tuple[Kind, ...] = get_args(Kind)
NEEDED = ("kind", "qualifier", "code", "ours")
COLUMNS = (*NEEDED, "valid_from", "valid_until", "note")
_LONGEST = {"qualifier": 3, "code": 80, "ours": 80}


class CrossReference(msgspec.Struct, frozen=True, kw_only=True):
    """One code of theirs and what it is with us, for the days it holds; both days included."""

    kind: Kind
    qualifier: str
    code: str
    ours: str
    valid_from: date | None = None
    valid_until: date | None = None
    note: str = ""

    @property
    def key(self) -> tuple[str, str, str, date | None]:
        """What there can be only one of; an entry that begins later is another one, and from then on the one that holds."""
        return self.kind, self.qualifier, self.code, self.valid_from

    @property
    def theirs(self) -> str:
        """Their code as a person writes it: ``IN:000044013``; ``:0423`` under any qualifier."""
        return f"{self.qualifier}:{self.code}"


def read_csv(path: Path) -> list[CrossReference]:
    """The entries of a file. Raises Collected with every mistake in it, each with its line; then nothing of it counts."""
    try:
        return read_bytes(path.read_bytes(), str(path))
    except OSError as error:
        raise WrongInput(f"cannot be read: {error.strerror}", where=str(path)) from error


def read_bytes(body: bytes, where: str) -> list[CrossReference]:
    """The same for what came as bytes; ``where`` is what mistakes call it."""
    path = Path(where)
    try:
        rows = csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), restkey="more")
        _check_heading(rows.fieldnames or (), path)
        return _entries(rows, path)
    except UnicodeDecodeError as error:
        raise WrongInput("is not UTF-8 text", where=where, do="save it as CSV UTF-8") from error
    except csv.Error as error:
        raise WrongInput(f"cannot be read: {error}", where=where) from error


def write_csv(entries: Iterable[CrossReference], file: TextIO) -> None:
    """Writes entries as ``read_csv`` reads them."""
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow(COLUMNS)
    for each in entries:
        lines.writerow(["" if value is None else str(value) for value in (getattr(each, name) for name in COLUMNS)])


def _check_heading(names: Iterable[str], path: Path) -> None:
    given = [name.strip() for name in names]
    if not given:
        raise WrongInput("is empty", where=str(path), do=f"begin it with the heading {','.join(COLUMNS)}")
    if len(given) == 1 and (mark := next((mark for mark in ";\t|" if mark in given[0]), "")):
        said = "tabs" if mark == "\t" else f"'{mark}'"
        raise WrongInput(f"its columns are separated by {said}", where=f"{path}:1", do="save it with commas between them")
    mistakes = [
        WrongInput(f"there is no column '{name}'", where=f"{path}:1", do=did_you_mean(name, COLUMNS))
        for name in given
        if name not in COLUMNS
    ]
    mistakes += [
        WrongInput(f"the column '{name}' is missing", where=f"{path}:1", do=f"the heading is {','.join(COLUMNS)}")
        for name in NEEDED
        if name not in given
    ]
    if mistakes:
        raise Collected(mistakes)


def _entries(rows: csv.DictReader[str], path: Path) -> list[CrossReference]:
    found: list[CrossReference] = []
    mistakes: list[WrongInput] = []
    first: dict[object, int] = {}
    for row in rows:
        where = f"{path}:{rows.line_num}"
        wrong = [WrongInput(what, where=where) for what in _wrong(row)]
        mistakes += wrong
        if wrong:
            continue
        entry = _entry(row)
        line = first.setdefault(entry.key, rows.line_num)
        if line != rows.line_num:
            mistakes.append(WrongInput(f"{entry.kind} {entry.theirs} stands on line {line} already", where=where))
        found.append(entry)
    if mistakes:
        raise Collected(mistakes)
    return found


def _wrong(row: dict[str, str]) -> Iterator[str]:
    if None in row.values() or "more" in row:
        yield "has another number of values than the heading"
        return
    kind = row["kind"].strip()
    if kind not in KINDS:
        yield f"kind: '{kind}' is not known; write item or location"
    for name in ("code", "ours"):
        if not row[name].strip():
            yield f"{name} is empty"
    for name, longest in _LONGEST.items():
        if len(row[name].strip()) > longest:
            yield f"{name} is longer than {longest} characters"
    days = [row.get(name, "").strip() for name in ("valid_from", "valid_until")]
    wrong = [f"'{day}' is no date; write 2026-11-26" for day in days if day and not _is_date(day)]
    yield from wrong
    if not wrong and all(days) and days[0] > days[1]:
        yield f"valid_from {days[0]} is after valid_until {days[1]}"


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _entry(row: dict[str, str]) -> CrossReference:
    given = {name: (row.get(name) or "").strip() for name in COLUMNS}
    return CrossReference(
        kind="item" if given["kind"] == "item" else "location",
        qualifier=given["qualifier"],
        code=given["code"],
        ours=given["ours"],
        valid_from=date.fromisoformat(given["valid_from"]) if given["valid_from"] else None,
        valid_until=date.fromisoformat(given["valid_until"]) if given["valid_until"] else None,
        note=given["note"],
    )
