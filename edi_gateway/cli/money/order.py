"""``edi-gateway order``: the orders there are, how each stands, and the documents behind each number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, out, print_json, print_table
from edi_gateway.order_to_cash.line_money import LineMoney
from edi_gateway.order_to_cash.thread import OrderThread, StoreBalance
from edi_gateway.views.order_trace import BehindIt, OrderTrace, order_trace
from edi_gateway.views.orders import OrderRow, orders
from edi_gateway.views.which_order import name_of_order

app = typer.Typer(no_args_is_help=True)
FIGURES = ("ordered", "confirmed", "shipped", "billed", "remitted", "paid", "open")
BALANCES = (
    "ordered",
    "changed",
    "cancelled",
    "confirmed",
    "backordered",
    "rejected",
    "undecided",
    "shipped",
    "billed",
    "credited",
)
MONEY = ("billed", "credited", "remitted", "paid", "discount", "deducted", "claimed", "open")

Number = Annotated[
    str,
    typer.Argument(
        help="A PO, ASN, invoice, ISA13 or payment number; or the order itself, order:182 as in 'order list', or document:ID."
    ),
]
Partner = Annotated[str, typer.Option(help="Only this partner's, where several have that number.")]


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
    cells = [(name_of_order(row.id), row.number, row.partner, row.state, *_worth(row)) for row in rows]
    print_table("Orders", ("", "order", "partner", "state", *FIGURES), cells, numbers=FIGURES)


@app.command("show")
def show(number: Number, partner: Partner = "", data: DataFolder = None, as_json: AsJson = False) -> None:
    """One order, from whatever number is at hand: what there is of each line, for each store, and its money."""
    found = order_trace(find_store(load_settings(data)), number, partner)
    if as_json:
        print_json(found)
        return
    thread = found.thread
    out.print(f"order {thread.order_number} of {thread.partner}, ship-to {thread.ship_to or 'none'}: {found.state}")
    _tell_repeats(found)
    print_table("Quantities", ("line", "store", "unit", *BALANCES), list(_quantities(thread)), BALANCES)
    lines = [(line.number, *_amounts(found.money.get(line.number, LineMoney()))) for line in thread.lines]
    print_table("Money by line", ("line", *MONEY), lines, MONEY)
    if found.stores:
        stores = [(one.line, one.store or "none", *_amounts(one.money)) for one in found.stores]
        print_table("Money by store", ("line", "store", *MONEY), stores, MONEY)
    print_table("Money by invoice", ("invoice", *MONEY), list(_invoices(thread)), MONEY)
    for wrong in found.disagreements:
        out.print(f"disagreement: {wrong.place}: {wrong.message}")


@app.command("trace")
def trace(number: Number, partner: Partner = "", data: DataFolder = None, as_json: AsJson = False) -> None:
    """The documents behind one order's numbers, oldest first: what each says, under which ISA13, what became of it."""
    found = order_trace(find_store(load_settings(data)), number, partner)
    if as_json:
        print_json(found.documents)
        return
    columns = ("at", "", "set", "document", "number", "ISA13", "delivery", "acknowledgment", "says")
    title = f"Order {found.thread.order_number} of {found.thread.partner}"
    print_table(title, columns, [_behind(one) for one in found.documents])
    _tell_repeats(found)
    for change in found.thread.changes:
        name = f"change {change.sequence}" if change.sequence else f"change of {change.at:%Y-%m-%d %H:%M}"
        why = f": {change.because}" if change.because else ""
        out.print(f"{name}: {change.taken} of it taken, {'answered' if change.answered else 'not answered yet'}{why}")


def _worth(row: OrderRow) -> list[str]:
    return [f"{getattr(row, name):,.2f}" for name in FIGURES]


def _tell_repeats(found: OrderTrace) -> None:
    """An order may be looked for that was refused because this one was there."""
    if found.repeats:
        out.print(f"its number came again, and was refused as a repeat: {', '.join(map(name_of_order, found.repeats))}")


def _quantities(thread: OrderThread) -> Iterator[tuple[object, ...]]:
    """A row for each line, and below it one for each of its stores, with what documents say of stores."""
    for line in thread.lines:
        first = {"ordered": line.first_ordered}
        yield (line.number, "", line.unit, *(f"{first.get(name, getattr(line, name)):f}" for name in BALANCES))
        for one in line.stores:
            yield ("", one.store, line.unit, *_of_store(one))


def _of_store(one: StoreBalance) -> list[str]:
    known = {"ordered": one.ordered - one.changed + one.cancelled, "changed": one.changed}
    known |= {name: getattr(one, name) for name in ("cancelled", "shipped", "billed", "credited")}
    return [f"{known[name]:f}" if name in known else "" for name in BALANCES]


def _invoices(thread: OrderThread) -> Iterator[tuple[object, ...]]:
    for one in thread.receivables:
        amounts = (one.amount, one.credited, one.remitted, one.paid, one.discount, one.deducted, one.claimed, one.open)
        yield (one.invoice, *(f"{amount:,.2f}" for amount in amounts))


def _amounts(money: LineMoney) -> list[str]:
    return [f"{getattr(money, name):,.2f}" for name in MONEY]


def _behind(one: BehindIt) -> tuple[object, ...]:
    figures = (
        f"{each.line} {each.balance} {each.quantity:f}{f' for {each.store}' if each.store else ''}" for each in one.figures
    )
    row = (one.direction, one.code, one.kind, one.number, one.interchange, one.delivery, one.acknowledgment)
    return (f"{one.at:%Y-%m-%d %H:%M}", *row, "; ".join(figures))
