"""``edi-gateway audit``: whether the events on record are the ones that were written; and what is on record about something."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import Progress

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, out, print_json, print_table
from edi_gateway.errors import WrongInput
from edi_gateway.operations import audit
from edi_gateway.views.timeline import timeline

app = typer.Typer(no_args_is_help=True)


@app.command("verify")
def verify(
    known: Annotated[str, typer.Option(help="An end of the chain, as 'audit head' printed it and somebody kept it.")] = "",
    data: DataFolder = None,
) -> None:
    """Walks the chain of events; ends with 1 and names the first broken event where there is one."""
    store = find_store(load_settings(data))
    head = audit.noted(known) if known else None
    with store.read() as unit, Progress(console=out, transient=True) as bar:
        task = bar.add_task("events", total=unit.events.head().events)
        found = audit.verify(store, head, progress=lambda count: bar.advance(task, count))
    if found.broken_at is not None:
        out.print(f"[red]event {found.broken_at}[/red]: {found.broken}")
        raise typer.Exit(1)
    removed = f" ({found.without_details:,} without their details, as retention says)" if found.without_details else ""
    out.print(f"{found.head.events:,} events, none missing, none changed{removed}; the chain ends at\n{found.head}")


@app.command("head")
def head(data: DataFolder = None) -> None:
    """Prints where the chain ends: keep it elsewhere, and 'audit verify --known' proves that nothing before it was changed."""
    with find_store(load_settings(data)).read() as unit:
        typer.echo(str(unit.events.head()))


@app.command("events")
def events(
    about: Annotated[str, typer.Argument(help="A subject (transaction:12, document:ab…, flow's subject) or a business number.")],
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Everything on record about one thing and what belongs to it, oldest first."""
    rows = timeline(find_store(load_settings(data)), about)
    if not rows:
        raise WrongInput(
            f"nothing is on record about '{about}'", do="give a number as the document has it, or a subject as transaction:12"
        )
    if as_json:
        print_json(rows)
        return
    cells = [(row.id, f"{row.at:%Y-%m-%d %H:%M:%S}", row.actor, row.kind, row.subject, row.text) for row in rows]
    print_table(f"Events about {about}", ("event", "at (UTC)", "by", "kind", "about", "what"), cells, numbers=("event",))
