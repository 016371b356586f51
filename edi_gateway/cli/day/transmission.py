"""``edi-gateway transmission``: sets that came and went, and sending one of ours again in the one way that is right."""

from __future__ import annotations

from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.bootstrap.recording import find_tools
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, on_record, out, print_json, print_table, who
from edi_gateway.cli.day import selecting
from edi_gateway.operations.request import Request
from edi_gateway.operations.retransmit import UNFETCHED
from edi_gateway.operations.second_pair import ask
from edi_gateway.store.selection import Selection
from edi_gateway.views.traffic import sets

app = typer.Typer(no_args_is_help=True)

Because = Annotated[str, typer.Option(help="Why; it goes on record.")]
One = Annotated[int, typer.Argument(metavar="SET", help="The set's number, from 'transmission sets'.", callback=on_record)]


@app.command("sets")
def list_(
    partner: selecting.Partner = "",
    code: selecting.Code = "",
    way: selecting.Way = "",
    number: selecting.Number = "",
    since: selecting.Since = "",
    until: selecting.Until = "",
    state: selecting.State = "",
    finding: selecting.Finding = "",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """The newest sets with their three statuses; all, or those that are meant."""
    store = find_store(load_settings(data))
    meant = selecting.selection(None, partner, code, way, number, since, until, state, finding)
    rows = sets(store, None if meant == Selection() else meant)
    if as_json:
        print_json(rows)
        return
    columns = ("id", "direction", "partner", "code", "business_number", "interchange", "validation", "delivery", "acknowledgment")
    cells = [[getattr(row, column) for column in columns] for row in rows]
    print_table("Sets", ("set", "", *columns[2:4], "number", *columns[5:]), cells, numbers=("set",))


@app.command("retransmit")
def retransmit(
    id: One,
    because: Because,
    unfetched: Annotated[bool, typer.Option("--unfetched", help="Also where it lies in a mailbox still, not fetched.")] = False,
    data: DataFolder = None,
) -> None:
    """Sends the same interchange again: it left, and no acknowledgment came."""
    _ask("retransmit", id, because, data, {UNFETCHED: "too"} if unfetched else {})


@app.command("re-envelope")
def re_envelope(id: One, because: Because, data: DataFolder = None) -> None:
    """Sends what the partner rejected again as an original, under new control numbers."""
    _ask("re-envelope", id, because, data, {})


def _ask(operation: str, id: int, because: str, data: DataFolder, arguments: dict[str, str]) -> None:
    tools = find_tools(load_settings(data))
    request = Request(operation=operation, transaction=id, because=because, by=who(), arguments=arguments)
    out.print(ask(tools, request).text)
