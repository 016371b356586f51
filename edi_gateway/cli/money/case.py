"""``edi-gateway case``: what remittances left to a person."""

from __future__ import annotations

from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, on_record, out, print_json, print_table, who
from edi_gateway.operations import cases

app = typer.Typer(no_args_is_help=True, help="What remittances left to a person: deductions, short pays, unknown invoices.")

Case = Annotated[int, typer.Argument(help="The case's number.", callback=on_record)]
Because = Annotated[str, typer.Option("--because", help="Why; it is kept.")]


@app.command("list")
def list_(
    partner: Annotated[str, typer.Option(help="Of this partner only.")] = "",
    every: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """The cases that are open or disputed, the newest first."""
    with find_store(load_settings(data)).read() as unit:
        rows = unit.cases.rows(partner=partner, undecided=not every)
    if as_json:
        print_json(rows)
        return
    cells = [
        (f"{r.id}", r.partner, r.trace, r.kind, r.invoice or ", ".join(r.may_be_for), f"{r.amount:,.2f}", r.state) for r in rows
    ]
    print_table("Cases", ("case", "partner", "remittance", "what", "invoice", "amount", "state"), cells, numbers=("amount",))


@app.command()
def show(case: Case, data: DataFolder = None, as_json: AsJson = False) -> None:
    """One case: what the remittance says, and what was decided."""
    with find_store(load_settings(data)).read() as unit:
        row = unit.cases.get(case)
    if as_json:
        print_json(row)
        return
    out.print(f"case {row.id}, {row.state}: {row.message}")
    out.print(f"{row.kind} of {row.amount} in remittance {row.trace} of {row.partner}, document {row.document_id}")
    if row.may_be_for:
        out.print(f"it may be for {', '.join(row.may_be_for)}: edi-gateway case assign {row.id} INVOICE")
    if row.closed_at:
        out.print(f"{row.state} by {row.closed_by}, {row.closed_at:%Y-%m-%d %H:%M} UTC: {row.because}")


@app.command()
def accept(case: Case, because: Because, data: DataFolder = None) -> None:
    """The deduction, charge, discount or difference is right: the invoice is closed by as much."""
    _decide(case, "accepted", because, data)


@app.command()
def dispute(case: Case, because: Because, data: DataFolder = None) -> None:
    """It is not right, and the partner was told: it stays open."""
    _decide(case, "disputed", because, data)


@app.command()
def recover(case: Case, because: Because, data: DataFolder = None) -> None:
    """The partner paid it after all, by another remittance."""
    _decide(case, "recovered", because, data)


@app.command("write-off")
def write_off(case: Case, because: Because, data: DataFolder = None) -> None:
    """It will not come, right or not: the invoice is closed by as much."""
    _decide(case, "written off", because, data)


@app.command()
def assign(
    case: Case,
    invoice: Annotated[str, typer.Argument(help="The invoice the money was for.")],
    because: Because = "",
    data: DataFolder = None,
) -> None:
    """The money was for this invoice."""
    out.print(cases.assign(find_store(load_settings(data)), case, invoice, because=because, by=who()))


def _decide(case: int, decision: cases.Decision, because: str, data: DataFolder) -> None:
    out.print(cases.decide(find_store(load_settings(data)), case, decision, because=because, by=who()))
