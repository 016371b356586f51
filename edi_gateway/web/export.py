"""Every list as CSV, for spreadsheets: all of it, written piece by piece as it is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from itertools import chain
from typing import Protocol, TypeVar

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from edi_gateway.web.moments import SHOWN_IN, zone_of

AT_ONCE = 5000  # rows read, and written, in one go
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Numbered(Protocol):
    """A row of a list that stands in the order of its numbers."""

    @property
    def id(self) -> int: ...


R = TypeVar("R", bound=Numbered)


def every(page: Callable[[int | None, int], Sequence[R]], before: int | None = None) -> Iterator[R]:
    """All rows of a list, the newest first; ``page`` gives those before a number, None: before none, and so many of them."""
    yield from (rows := page(before, AT_ONCE))
    while len(rows) >= AT_ONCE:
        yield from (rows := page(rows[-1].id, AT_ONCE))


def csv_of(request: Request, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A download of ``name``.csv, UTF-8 with a heading. Before what a spreadsheet would take for a formula stands a quote.

    Moments are to the second and say their offset: in the viewer's zone, as on the page, where the address names it
    (``shown_in``); else UTC. Raises WrongInput for a zone there is not, and what reading the first rows raises; where a later
    one cannot be read, the download breaks off and is no file.
    """
    pieces = written(columns, rows, zone_of(request.query_params.get(SHOWN_IN, ""), SHOWN_IN))
    first = next(pieces)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingResponse(chain([first], pieces), media_type="text/csv; charset=utf-8", headers=headers)


def written(columns: Sequence[str], rows: Iterable[Sequence[object]], zone: tzinfo) -> Iterator[str]:
    """The lines of a CSV, so many at once, its heading first."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    for number, row in enumerate(rows, 1):
        writer.writerow([_cell(value, zone) for value in row])
        if number % AT_ONCE == 0:
            yield file.getvalue()
            file.seek(0)
            file.truncate()
    yield file.getvalue()


def _cell(value: object, zone: tzinfo) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
