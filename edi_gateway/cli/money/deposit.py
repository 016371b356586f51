"""``edi-gateway deposit``: what came to the bank."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, body_of, load_settings, out, print_json, print_table, who
from edi_gateway.errors import WrongInput
from edi_gateway.operations.deposit import record_deposit, record_entries, return_deposit
from edi_gateway.order_to_cash.cash.bank import a_currency, an_amount, read_any
from edi_gateway.wording import count

app = typer.Typer(no_args_is_help=True, help="What came to the bank: only that makes an invoice paid.")


@app.command("list")
def list_(
    unmatched: Annotated[bool, typer.Option("--unmatched", help="Only those no remittance was found for yet.")] = False,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """The bank's entries, the newest first."""
    with find_store(load_settings(data)).read() as unit:
        rows = unit.threads.deposits(unmatched=unmatched)
    if as_json:
        print_json(rows)
        return
    cells = [(f"{r.on}", r.trace, f"{r.amount:,.2f}", r.currency or "—", r.method, r.matched or "—") for r in rows]
    print_table("Deposits", ("on", "trace", "amount", "currency", "method", "remittance"), cells, numbers=("amount",))


@app.command()
def add(
    trace: Annotated[str, typer.Argument(help="The trace number (TRN02) on the bank's entry.")],
    amount: Annotated[str, typer.Argument(help="What arrived, such as 1234.56.")],
    on: Annotated[str, typer.Option(help="The day of the entry, YYYY-MM-DD.")],
    method: Annotated[str, typer.Option(help="How it came: ACH, CHK, FWT.")] = "ACH",
    currency: Annotated[str, typer.Option(help="That of the account, such as USD; without, that of the remittance.")] = "",
    partner: Annotated[str, typer.Option(help="Whose money it is, where two remitted that amount under one trace.")] = "",
    data: DataFolder = None,
) -> None:
    """Enter a deposit by hand: what a remittance promised becomes paid."""
    store = find_store(load_settings(data))
    currency = a_currency(currency) if currency else ""
    came, day = an_amount(amount), _day(on)
    said = record_deposit(store, trace=trace, amount=came, on=day, method=method, currency=currency, partner=partner, by=who())
    out.print(said)


@app.command("return")
def return_(
    trace: Annotated[str, typer.Argument(help="The trace number (TRN02) of the deposit.")],
    amount: Annotated[str, typer.Argument(help="What went back: all that had arrived, such as 1234.56.")],
    on: Annotated[str, typer.Option(help="The day it went back, YYYY-MM-DD: not before it came, nor after tomorrow.")],
    because: Annotated[str, typer.Option("--because", help="What the bank says; it is kept.")],
    partner: Annotated[str, typer.Option(help="Whose money it was, where two remitted that amount under one trace.")] = "",
    data: DataFolder = None,
) -> None:
    """The bank took a deposit back (a return, a check that bounced): what it paid is open again."""
    store, back, day = find_store(load_settings(data)), an_amount(amount), _day(on)
    out.print(return_deposit(store, trace=trace, amount=back, on=day, because=because, partner=partner, by=who()))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A BAI2 file, or a CSV with trace,amount,on,method,currency.")],
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Take up a bank's file, all of it or nothing; the same file again changes nothing."""
    taken = record_entries(find_store(load_settings(data)), read_any(body_of(file), str(file)), by=who())
    if as_json:
        print_json([{"trace": each.trace, "amount": str(each.entry.amount), "said": each.said} for each in taken])
        return
    for each in taken:
        out.print(f"{each.entry.on}  {each.entry.amount:>12,.2f}  {each.trace or '—'}: {each.said}")
    out.print(f"{count(len(taken), 'entry', 'entries')}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongInput(f"'{text}' is no day", do="write it like 2026-01-31") from None
