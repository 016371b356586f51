"""``edi-gateway order``: the orders there are, and the bank's word about their money."""

from __future__ import annotations

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, print_json, print_table
from edi_gateway.views.orders import OrderRow, orders

app = typer.Typer(no_args_is_help=True)
FIGURES = ("ordered", "confirmed", "shipped", "billed", "remitted", "paid", "open")


@app.command("list")
def list_(data: DataFolder = None, as_json: AsJson = False) -> None:
    """Every order, from ordered to open."""
    rows = orders(find_store(load_settings(data)))
    if as_json:
        print_json(rows)
    else:
        show_orders(rows)


def show_orders(rows: list[OrderRow]) -> None:
    """The table of orders that ``order list`` and the demo end with."""
    cells = [(row.number, row.partner, row.state, *(f"{getattr(row, name):,.2f}" for name in FIGURES)) for row in rows]
    print_table("Orders", ("order", "partner", "state", *FIGURES), cells, numbers=FIGURES)
