"""``edi-gateway document``: a document and all that is on record about it; and sending it corrected."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.bootstrap.recording import find_tools
from edi_gateway.cli.common import DataFolder, load_settings, out, text_in, who
from edi_gateway.errors import WrongInput
from edi_gateway.operations.correct import corrected, text_of
from edi_gateway.operations.request import Request
from edi_gateway.operations.second_pair import ask
from edi_gateway.views.evidence_bundle import bundle
from edi_gateway.wording import count

app = typer.Typer(no_args_is_help=True)

One = Annotated[str, typer.Argument(metavar="SET", help="The set it went in, from 'transmission sets': 12, or transaction:12.")]


def set_of(text: str) -> int:
    """The number of a set that a person names by it, or as ``transaction:12``. Raises WrongInput."""
    number = text.removeprefix("transaction:")
    if not (number.isdecimal() and number.isascii() and len(number) < 19):
        raise WrongInput(f"'{text}' is no set", do="give its number, 12 or transaction:12, from 'edi-gateway transmission sets'")
    return int(number)


@app.command("show")
def show(id: One, data: DataFolder = None) -> None:
    """Prints the document of a set as JSON: edit it, and give it to 'document correct'."""
    typer.echo(text_of(find_tools(load_settings(data)), set_of(id)))


@app.command("correct")
def correct(
    id: One,
    because: Annotated[str, typer.Option(help="Why; it goes on record.")],
    body: Annotated[Path | None, typer.Option("--file", help="The document as it is to be, JSON.")] = None,
    change: Annotated[
        list[str] | None, typer.Option("--set", help="One field: lines.0.quantity=12; lines.0.pack= empties it. Again for each.")
    ] = None,
    data: DataFolder = None,
) -> None:
    """Sends a document of ours corrected: as a replacement, or as an original where the partner rejected it."""
    tools = find_tools(load_settings(data))
    number = set_of(id)
    text = corrected(tools, number, text_in(body) if body else "", change or [])
    request = Request(operation="correct", transaction=number, because=because, by=who(), arguments={"document": text})
    out.print(ask(tools, request).text)


@app.command("evidence")
def evidence(
    about: Annotated[str, typer.Argument(help="A business number, or a set: transaction:12.")],
    to: Annotated[Path | None, typer.Option(help="The zip file to write; default: evidence-NUMBER.zip.")] = None,
    data: DataFolder = None,
) -> None:
    """Writes everything on record about a document into one zip file: bytes, receipts, acknowledgments, timeline, hashes."""
    path = to or Path(f"evidence-{about.replace(':', '-').replace('/', '-')}.zip")
    parts = bundle(find_store(load_settings(data)), about, path)
    out.print(f"{path}: {count(len(parts), 'file')}; begin with index.html")
