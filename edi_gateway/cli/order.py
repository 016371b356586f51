"""``edi-gateway order``: the orders there are, and the bank's word about their money."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, out, print_json, print_table, who
from edi_gateway.errors import WrongInput
from edi_gateway.operations.deposit import record_deposit
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


@app.command("deposit")
def deposit(
    trace: Annotated[str, typer.Argument(help="The trace number (TRN02) on the bank's entry.")],
    amount: Annotated[str, typer.Argument(help="What arrived, such as 1234.56.")],
    on: Annotated[str, typer.Option(help="The day of the entry, YYYY-MM-DD.")],
    method: Annotated[str, typer.Option(help="How it came: ACH, CHK, FWT.")] = "ACH",
    data: DataFolder = None,
) -> None:
    """Enters a deposit: what a remittance promised becomes paid."""
    store = find_store(load_settings(data))
    out.print(record_deposit(store, trace=trace, amount=_amount(amount), on=_day(on), method=method, by=who()))


def _amount(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise WrongInput(f"'{text}' is no amount", do="write it like 1234.56") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongInput(f"'{text}' is no day", do="write it like 2026-01-31") from None
