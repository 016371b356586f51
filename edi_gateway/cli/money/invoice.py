"""``edi-gateway invoice``: drafts and what they wait for, letting one go or keeping it, and credit notes."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, out, print_json, print_table, who
from edi_gateway.errors import WrongInput
from edi_gateway.operations.invoices import Taken, credit_invoice, release_invoice, withhold_invoice
from edi_gateway.views.invoices import InvoiceRow, invoice, invoices

app = typer.Typer(no_args_is_help=True)

Number = Annotated[str, typer.Argument(metavar="INVOICE", help="Its number (BIG02).")]
Partner = Annotated[str, typer.Option("--partner", help="Whose invoice, where two have one of that number.")]


class Why(StrEnum):
    """Why a credit note is given."""

    RETURNED = "returned"
    OVERBILLED = "overbilled"
    PRICE = "price"


@app.command("list")
def list_(
    state: Annotated[str, typer.Option(help="Only those: draft, withheld, held, sent, …")] = "",
    partner: Annotated[str, typer.Option(help="Only this partner's.")] = "",
    most: Annotated[int, typer.Option(min=1, max=100_000, help="How many at most.")] = 200,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Invoices and credit notes, the newest first: drafts with what they wait for, the others with what is open."""
    rows = invoices(find_store(load_settings(data)), partner=partner, state=state, limit=most)
    if as_json:
        print_json(rows)
        return
    columns = ("invoice", "partner", "order", "store", "total", "open", "state", "acknowledgment", "why")
    print_table("Invoices", columns, [_cells(row) for row in rows], ("total", "open"))


@app.command()
def show(number: Number, partner: Partner = "", data: DataFolder = None, as_json: AsJson = False) -> None:
    """One invoice: its lines, charges and taxes to the cent, its terms, and where it is."""
    row, made = invoice(find_store(load_settings(data)), number, partner)
    if as_json:
        print_json({"state": row, "invoice": made})
        return
    out.print(f"{row.kind} {row.number} of {made.invoiced_on} to {row.partner} for order {row.order}: {_standing(row)}")
    lines = [(x.number, f"{x.quantity:f}", x.unit, f"{x.unit_price:f}", x.price_basis, f"{x.amount:,.2f}") for x in made.lines]
    print_table("Lines", ("line", "quantity", "unit", "price", "basis", "amount"), lines, ("quantity", "price", "amount"))
    for charge in made.charges:
        out.print(f"{charge.kind} {charge.code} {charge.description}".rstrip() + f": {charge.amount:,.2f}")
    for tax in made.taxes:
        out.print(f"tax {tax.type}: {tax.amount or 0:,.2f}")
    out.print(f"total {made.total:,.2f} {made.currency}")
    if terms := made.terms:
        told = (("discount until", terms.discount_due_on), ("discount", terms.discount_amount), ("due", terms.net_due_on))
        out.print("; ".join(f"{word} {value}" for word, value in told if value is not None) or "terms as the order states them")


@app.command()
def release(number: Number, partner: Partner = "", data: DataFolder = None) -> None:
    """Let a draft go now, whatever it waits for."""
    out.print(release_invoice(find_store(load_settings(data)), number, by=who(), partner=partner))


@app.command()
def hold(
    number: Number,
    because: Annotated[str, typer.Option(help="Why; it goes on record.")],
    partner: Partner = "",
    data: DataFolder = None,
) -> None:
    """Withhold a draft until somebody releases it."""
    out.print(withhold_invoice(find_store(load_settings(data)), number, because=because, by=who(), partner=partner))


@app.command()
def credit(
    number: Number,
    line: Annotated[
        list[str] | None,
        typer.Option(help="LINE=QUANTITY, or LINE=QUANTITY@PRICE; default: all that is not credited yet. May be repeated."),
    ] = None,
    why: Annotated[Why, typer.Option(help="returned; overbilled: it may be billed again; price: PRICE is the difference.")] = (
        Why.RETURNED
    ),
    called: Annotated[str, typer.Option("--number", help="The credit note's number; default: the invoice's with C1, C2 …")] = "",
    partner: Partner = "",
    data: DataFolder = None,
) -> None:
    """Take back part of an invoice: a credit note goes to the partner (810, BIG07 CR), and so much less is open."""
    taken = dict(_taken(each) for each in line or ())
    store = find_store(load_settings(data))
    made = credit_invoice(store, number, taken, why=why.value, by=who(), partner=partner, credit=called)
    out.print(f"credit note {made} of invoice {number} is on its way")


def _taken(text: str) -> tuple[str, Taken]:
    number, equals, said = text.partition("=")
    quantity, at, price = said.partition("@")
    try:
        taken = Taken(Decimal(quantity), Decimal(price) if at else None)
        is_one = taken.quantity > 0 and (taken.price is None or taken.price > 0)
    except InvalidOperation:
        is_one = False
    if not (number and equals and is_one):
        raise WrongInput(f"'{text}' is no line to credit", do="write LINE=QUANTITY, such as 001=12, or 001=12@0.50")
    return number, taken


def _cells(row: InvoiceRow) -> tuple[object, ...]:
    still_open = "" if row.open is None else f"{row.open:,.2f}"
    return (
        row.number,
        row.partner,
        row.order,
        row.store,
        f"{row.total:,.2f}",
        still_open,
        row.state,
        row.acknowledgment,
        _why(row),
    )


def _why(row: InvoiceRow) -> str:
    until = f"until {row.leaves_at:%Y-%m-%d %H:%M}" if row.leaves_at else ""
    return " ".join(filter(None, (row.because, until)))


def _standing(row: InvoiceRow) -> str:
    return f"{row.state}, {_why(row)}" if _why(row) else f"{row.state}, acknowledgment {row.acknowledgment}"
