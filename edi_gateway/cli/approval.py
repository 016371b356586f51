"""``edi-gateway approval``: what waits for a person: orders our rules held, and what a second one has to agree to."""

from __future__ import annotations

from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.bootstrap.recording import find_tools
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, out, print_json, print_table, who
from edi_gateway.operations import second_pair
from edi_gateway.operations.approve import approve_order, is_of_order, refuse_order

app = typer.Typer(no_args_is_help=True)

One = Annotated[int, typer.Argument(metavar="APPROVAL", help="Its number, from 'approval list'.")]


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
    settings = load_settings(data)
    store = find_store(settings)
    if is_of_order(store, id):
        out.print(approve_order(store, id, because=because, by=who()).text)
        return
    out.print(second_pair.give(find_tools(settings), id, by=who()).text)


@app.command("refuse")
def refuse(id: One, because: Annotated[str, typer.Option(help="Why; it goes on record.")], data: DataFolder = None) -> None:
    """Does not agree: an order is refused by an 855, anything else is not done."""
    tools = find_tools(load_settings(data))
    if is_of_order(tools.store, id):
        out.print(refuse_order(tools, id, because=because, by=who()))
        return
    second_pair.refuse(tools, id, because=because, by=who())
    out.print(f"approval {id} is refused")
