"""Every list as CSV, for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from fastapi import Request, Response

from edi_gateway.web.moments import SHOWN_IN, zone_of

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_of(request: Request, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A download of ``name``.csv, UTF-8 with a heading. Before what a spreadsheet would take for a formula stands a quote.

    Moments are to the second and say their offset: in the viewer's zone, as on the page, where the address names it
    (``shown_in``); else UTC. Raises WrongInput for a zone there is not.
    """
    zone, file = zone_of(request.query_params.get(SHOWN_IN, ""), SHOWN_IN), io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([_cell(value, zone) for value in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(file.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _cell(value: object, zone: tzinfo) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="seconds")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
