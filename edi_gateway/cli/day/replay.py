"""``edi-gateway replay``: our stages once more on what we have; nothing is sent or posted twice unless --send says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from edi_gateway.bootstrap.recording import find_tools
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, on_record, out, print_json, print_table, who
from edi_gateway.cli.day import selecting
from edi_gateway.operations import replay
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.replays import ReplayItem, ReplayRow, Terms

app = typer.Typer(no_args_is_help=True)

One = Annotated[int, typer.Argument(help="The replay's number.", callback=on_record)]

_SHOWN = 50


@app.command("run")
def run(  # an option a filter
    because: Annotated[str, typer.Option(help="Why; it goes on record.")],
    sets: selecting.Sets = None,
    partner: selecting.Partner = "",
    code: selecting.Code = "",
    way: selecting.Way = "",
    number: selecting.Number = "",
    since: selecting.Since = "",
    until: selecting.Until = "",
    state: selecting.State = "",
    finding: selecting.Finding = "",
    origin: Annotated[
        str, typer.Option("--from", help="raw: bytes read and examined; parsed: mapped; mapped: as it is.")
    ] = "parsed",
    pinned: Annotated[bool, typer.Option("--pinned", help="Profile and map as they were then, not those in force.")] = False,
    keep_numbers: Annotated[bool, typer.Option("--keep-numbers", help="With --send: the very same interchange again.")] = False,
    send: Annotated[bool, typer.Option("--send", help="Send or post again what was sent or posted.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be, and change nothing.")] = False,
    data: DataFolder = None,
) -> None:
    """Replays the sets that are meant, and shows what that means."""
    tools = find_tools(load_settings(data))
    meant = selecting.selection(sets, partner, code, way, number, since, until, state, finding)
    terms = replay.terms(
        origin=origin,
        versions="pinned" if pinned else "current",
        numbers="kept" if keep_numbers else "new",
        sends=send,
        is_dry=dry_run,
    )
    _go(tools, replay.begin(tools, meant, terms, because=because, by=who()))


@app.command("go-on")
def go_on(id: One, data: DataFolder = None) -> None:
    """Goes on with a replay that was stopped; sets that had their turn do not get another."""
    tools = find_tools(load_settings(data))
    replay.go_on(tools, id, by=who())
    _go(tools, id)


@app.command("list")
def list_(data: DataFolder = None, as_json: AsJson = False) -> None:
    """The newest replays first."""
    with find_tools(load_settings(data)).store.read() as unit:
        rows = unit.replays.newest(100)
    if as_json:
        print_json(rows)
        return
    cells = [(row.id, _state(row), f"{row.started_at:%Y-%m-%d %H:%M}", row.actor, _how(row.terms), row.because) for row in rows]
    print_table("Replays", ("replay", "state", "begun (UTC)", "by", "how", "because"), cells, numbers=("replay",))


@app.command("show")
def show(id: One, data: DataFolder = None, as_json: AsJson = False) -> None:
    """What a replay came to: its sets, and how what came out differs in meaning."""
    tools = find_tools(load_settings(data))
    replay.find(tools, id)
    with tools.store.read() as unit:
        items = unit.replays.items(id, 100_000)
    if as_json:
        print_json(items)
    else:
        _show(id, items)


def _go(tools: Tools, id: int) -> None:
    with tools.store.read() as unit:
        counts = unit.replays.counts(id)
    columns = ("[progress.description]{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=out, transient=True) as bar:
        ended = sum(count for (state, _), count in counts.items() if state != "open")
        task = bar.add_task(f"replay {id}", total=sum(counts.values()), completed=ended)
        with _stopped_by_a_person(id):
            replay.run(tools, id, progress=lambda count: bar.advance(task, count))
    with tools.store.read() as unit:
        _show(id, unit.replays.items(id, _SHOWN))
        counts = unit.replays.counts(id)
    out.print(f"replay {id}: " + ", ".join(f"{count} {effect or state}" for (state, effect), count in sorted(counts.items())))


@contextmanager
def _stopped_by_a_person(id: int) -> Iterator[None]:
    """Says how to go on with a replay that is interrupted: what had its turn stays done."""
    try:
        yield
    except KeyboardInterrupt:
        out.print(f"replay {id} is stopped; what had its turn stays as it is. Go on with the rest: edi-gateway replay go-on {id}")
        raise


def _show(id: int, items: list[ReplayItem]) -> None:
    cells = [(item.transaction_id, item.effect or item.state, "\n".join([item.text, *item.told])) for item in items]
    print_table(f"Replay {id}", ("set", "effect", "what"), cells, numbers=("set",))


def _state(row: ReplayRow) -> str:
    """Whether it is through; of one that is not nobody knows whether it runs, or was stopped."""
    return "not through" if row.state == "running" else row.state


def _how(terms: Terms) -> str:
    words = [f"from {terms.origin}", f"{terms.versions} versions"]
    words += [f"sends, {terms.numbers} numbers"] if terms.sends else []
    return ", ".join([*words, "dry run"] if terms.is_dry else words)
