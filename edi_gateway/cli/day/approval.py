"""``edi-gateway approval``: what waits for a person: orders our rules held, and what a second one has to agree to."""

from __future__ import annotations

from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.bootstrap.recording import find_tools
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, on_record, out, print_json, print_table, who
from edi_gateway.operations.answer_approval import give_approval, refuse_approval

app = typer.Typer(no_args_is_help=True)

One = Annotated[int, typer.Argument(metavar="APPROVAL", help="Its number, from 'approval list'.", callback=on_record)]


@app.command("list")
def list_(data: DataFolder = None, as_json: AsJson = False) -> None:
    """What our rules hold for a person, and what somebody asked for that another one has to agree to; oldest first."""
    with find_store(load_settings(data)).read() as unit:
        rows = unit.approvals.open()
    if as_json:
        print_json(rows)
        return
    cells = [(row.id, row.operation, row.subject, row.partner, row.asked_by, row.because) for row in rows]
    print_table("Waiting for approval", ("approval", "what", "of", "partner", "asked by", "because"), cells, ("approval",))


@app.command("give")
def give(
    id: One,
    because: Annotated[str, typer.Option(help="Why; it goes on record. Needed for an order.")] = "",
    data: DataFolder = None,
) -> None:
    """Agrees, and it is done; refused where things have changed since."""
    out.print(give_approval(find_tools(load_settings(data)), id, because=because, by=who()).text)


@app.command("refuse")
def refuse(id: One, because: Annotated[str, typer.Option(help="Why; it goes on record.")], data: DataFolder = None) -> None:
    """Does not agree: an order is refused by an 855, a change of one by an 865, anything else is not done."""
    out.print(refuse_approval(find_tools(load_settings(data)), id, because=because, by=who()))
