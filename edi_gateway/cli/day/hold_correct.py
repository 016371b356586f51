"""``edi-gateway hold show`` and ``hold correct``: a held document, and letting it go on as it should have been."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.bootstrap.recording import find_tools
from edi_gateway.cli.common import DataFolder, load_settings, on_record, out, text_in, who
from edi_gateway.cli.day.looked_at import Seen, Yes, looked_at
from edi_gateway.operations.correct_held import correct_held, held_text

Flow = Annotated[int, typer.Argument(help="The flow's number, from 'hold list'.", callback=on_record)]


def show(flow: Flow, data: DataFolder = None) -> None:
    """Prints the document of a held flow as JSON: edit it, and give it to 'hold correct'."""
    typer.echo(held_text(find_tools(load_settings(data)), flow))


def correct(
    flow: Flow,
    because: Annotated[str, typer.Option(help="Why; it goes on record.")],
    body: Annotated[Path | None, typer.Option("--file", help="The document as it is to be, JSON.")] = None,
    change: Annotated[
        list[str] | None, typer.Option("--set", help="One field: lines.0.quantity=12; lines.0.pack= empties it. Again for each.")
    ] = None,
    seen: Seen = "",
    yes: Yes = False,
    data: DataFolder = None,
) -> None:
    """Edits a held document, theirs or ours, and lets it go on; what still keeps it holds it again. This approves nothing.

    One of ours is judged by the compliance rules again. What its order has counted by 'compose' (quantities, prices, amounts) is
    not changed by this: once it has left, correct or credit it.

    What the partner rejected goes again corrected, as an original; where its profile says so, when a second person agrees.
    """
    text = text_in(body) if body else ""
    tools = find_tools(load_settings(data))
    answer = correct_held(
        tools, flow, text, change or [], because=because, by=who(), seen=looked_at(tools.store, flow, seen, yes)
    )
    out.print(answer.text, markup=False)
