"""``edi-gateway schedule``: what recurs, when next, how it went last."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, print_json, print_table, who
from edi_gateway.operations.schedule import pause as pause_job
from edi_gateway.operations.schedule import resume as resume_job
from edi_gateway.operations.schedule import run as run_job
from edi_gateway.store.folder_lock import lock_of
from edi_gateway.store.schedule import ScheduleRow
from edi_gateway.views.engines import NO_ENGINE, engines

app = typer.Typer(no_args_is_help=True, help="What recurs: polling, watches, reports.")

Name = Annotated[str, typer.Argument(help="The job, as 'schedule list' names it.")]


@app.command("list")
def list_(data: DataFolder = None, as_json: AsJson = False) -> None:
    """List all jobs: when each is next and how it ended last. Times are this machine's; 'when' names its own zone."""
    with find_store(load_settings(data)).read() as unit:
        rows = unit.schedule.all()
    if as_json:
        print_json(rows)
        return
    cells = [(row.name, row.trigger, _next(row), _local(row.last_run), _ended(row)) for row in rows]
    print_table("Schedule", ("job", "when", "next", "last", "how it ended"), cells)


@app.command()
def run(name: Name, data: DataFolder = None) -> None:
    """Have a job run now, by whichever process of the gateway looks first; its next time is counted from then."""
    settings = load_settings(data)
    store = find_store(settings)
    run_job(store, name, by=who())
    typer.echo(f"{name} is due now")
    if not engines(store, lock_of(settings.data)):
        typer.echo(NO_ENGINE)


@app.command()
def pause(name: Name, data: DataFolder = None) -> None:
    """Keep a job from running until it is resumed; one that runs right now goes on to its end."""
    pause_job(find_store(load_settings(data)), name, by=who())
    typer.echo(f"{name} is paused")


@app.command()
def resume(name: Name, data: DataFolder = None) -> None:
    """Let a paused job run again; what was missed meanwhile happens once."""
    resume_job(find_store(load_settings(data)), name, by=who())
    typer.echo(f"{name} runs again")


def _next(row: ScheduleRow) -> str:
    if row.paused:
        return "paused"
    return f"running on {row.holder}" if row.holder is not None else _local(row.next_run)


def _ended(row: ScheduleRow) -> str:
    return row.last_error or (f"well, {_local(row.last_ended)}" if row.last_ended else "")


def _local(moment: datetime | None) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}" if moment else ""
