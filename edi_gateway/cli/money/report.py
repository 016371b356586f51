"""``edi-gateway report``: figures, as a table, CSV or JSON."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import DataFolder, load_settings, print_json, print_table
from edi_gateway.operations.apply import in_force
from edi_gateway.views import figures as views
from edi_gateway.views.sync import sync as sync_rows

app = typer.Typer(no_args_is_help=True, help="Figures, as a table, CSV or JSON.")


class Form(StrEnum):
    """What a report is written in."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


As = Annotated[Form, typer.Option("--as", help="table, csv or json.")]
Partner = Annotated[str, typer.Option("--partner", help="Of this partner only.")]
Days = Annotated[int, typer.Option("--days", min=1, max=36_500, help="How many days back the window begins.")]


@app.command()
def figures(form: As = Form.TABLE, partner: Partner = "", days: Days = 30, data: DataFolder = None) -> None:
    """How fast, how right, how paid; each figure with what it counts."""
    rows = views.figures(find_store(load_settings(data)), partner=partner, days=days)
    cells = [(row.name, _said(row, form), row.unit, row.of, row.means) for row in rows]
    _show("Figures", ("figure", "value", "unit", "of", "what it counts"), cells, form)


@app.command()
def overdue(form: As = Form.TABLE, partner: Partner = "", data: DataFolder = None) -> None:
    """Invoices past their due date, the longest first; without terms, that is the day they were billed."""
    store = find_store(load_settings(data))
    rows = views.overdue_invoices(store, partner=partner, directory=in_force(store))
    cells = [(r.partner, r.invoice, r.order, r.due_on, r.days, r.amount, r.open) for r in rows]
    _show("Overdue invoices", ("partner", "invoice", "order", "due", "days", "amount", "open"), cells, form)


@app.command()
def sync(form: As = Form.TABLE, partner: Partner = "", days: Days = 30, data: DataFolder = None) -> None:
    """Sync info: how sets went, by partner, direction and set: well, wrong, stopped (held or dead), open; and the rate that went
    well of what has ended. What is stopped goes on in one step, once its cause is mended: hold resume --cause."""
    rows = sync_rows(find_store(load_settings(data)), days, partner=partner)
    cells = [
        (row.partner, row.direction, row.code, row.sets, row.well, row.wrong, row.stopped, row.open, row.said) for row in rows
    ]
    columns = ("partner", "direction", "set", "sets", "well", "wrong", "stopped", "open", "rate")
    _show("Sync info", columns, cells, form)


def _said(figure: views.Figure, form: Form) -> str | None:
    if figure.value is None:
        return None
    return f"{figure.value * 100:.1f} %" if figure.unit == "share" and form is Form.TABLE else str(figure.value)


def _show(title: str, columns: Sequence[str], cells: Sequence[Sequence[object]], form: Form) -> None:
    """Prints rows; what has no value is null in JSON, nothing in CSV and a dash in a table."""
    if form is Form.JSON:
        print_json([dict(zip(columns, (None if cell is None else str(cell) for cell in row), strict=True)) for row in cells])
    elif form is Form.CSV:
        table = csv.writer(sys.stdout, lineterminator="\n")
        table.writerows([columns, *cells])
    else:
        print_table(title, columns, [tuple("—" if cell is None else str(cell) for cell in row) for row in cells])
