"""Cross-references: a partner's codes for items and locations, and ours; kept as a table, moved as CSV.

A CSV file has a heading: ``kind,qualifier,code,ours`` and, where wanted, ``valid_from,valid_until,note``. The qualifier is that
of the id (``IN``, ``UP``; ``92``, ``UL``); an empty one stands for any.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Literal, TextIO, TypeAlias, get_args

import msgspec

from edi_gateway.errors import WrongInput
from edi_gateway.plaincsv import Row, a_day, read_table

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
        raise WrongInput(f"cannot be read: {error.strerror}", where=str(path), do="name a CSV file") from error


def read_bytes(body: bytes, where: str) -> list[CrossReference]:
    """The same for what came as bytes; ``where`` is what mistakes call it."""
    rows, mistakes = read_table(body, where, needed=NEEDED, known=COLUMNS)
    found = [_entry(row) for row in rows]
    first: dict[object, int] = {}
    for row, entry in zip(rows, found, strict=True):
        line = first.setdefault(entry.key, row.line)
        if line != row.line:
            row.wrong("code", f"{entry.kind} {entry.theirs} stands on line {line} already", "keep one of the two")
    mistakes.raise_if_any()
    return found


def write_csv(entries: Iterable[CrossReference], file: TextIO) -> None:
    """Writes entries as ``read_csv`` reads them."""
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow(COLUMNS)
    for each in entries:
        lines.writerow(["" if value is None else str(value) for value in (getattr(each, name) for name in COLUMNS)])


def _entry(row: Row) -> CrossReference:
    """What a row says; what is wrong with it is noted there."""
    kind = row.needed("kind")
    if kind and kind not in KINDS:
        row.wrong("kind", f"'{kind}' is not known", "write item or location")
    for name in ("code", "ours"):
        row.needed(name)
    for name, longest in _LONGEST.items():
        if len(row[name]) > longest:
            row.wrong(name, f"is longer than {longest} characters")
    valid_from, valid_until = row.take("valid_from", a_day), row.take("valid_until", a_day)
    if valid_from and valid_until and valid_from > valid_until:
        row.wrong("valid_until", f"{valid_until} is before valid_from {valid_from}")
    return CrossReference(
        kind="item" if kind == "item" else "location",
        qualifier=row["qualifier"],
        code=row["code"],
        ours=row["ours"],
        valid_from=valid_from,
        valid_until=valid_until,
        note=row["note"],
    )
