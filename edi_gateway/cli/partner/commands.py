"""``edi-gateway partner``: who we deal with, as the files in ``partners/`` say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from edi_gateway import settings
from edi_gateway.bootstrap import find_store, open_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, print_json, who
from edi_gateway.cli.partner.flows import flows
from edi_gateway.cli.partner.new import new
from edi_gateway.cli.partner.page import print_columns, print_profile
from edi_gateway.cli.partner.play import play_partner
from edi_gateway.cli.partner.preset import preset
from edi_gateway.cli.wires.connection import ping_partner
from edi_gateway.cli.wires.trust_host_key import trust_host_key
from edi_gateway.clock import SystemClock
from edi_gateway.errors import Collected, WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.operations.apply import apply as apply_files
from edi_gateway.operations.apply import compare, differences, in_force
from edi_gateway.operations.guides import against_guides, hold_against_guides
from edi_gateway.operations.maps import in_use
from edi_gateway.store.versions import Version
from edi_gateway.trading import loader
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.export import files
from edi_gateway.trading.profile import Direction, TradingPartner
from edi_gateway.trading.versions import profile_version, to_json
from edi_gateway.views.deadlines import DeadlineRow, deadlines
from edi_gateway.views.versions import Handled, handled_under
from edi_gateway.wording import count, did_you_mean

app = typer.Typer(no_args_is_help=True, help="Trading partners and what is agreed with them.")

Partners = Annotated[Path | None, typer.Option("--partners", help="Folder of partner files; default: EDI_GATEWAY_PARTNERS.")]
Maps = Annotated[Path | None, typer.Option("--maps", help="Folder of maps; default: EDI_GATEWAY_MAPS.")]
Force = Annotated[bool, typer.Option("--force", help="Undo, too, what was changed in the console or over the API.")]
KINDS = ("partner", "compliance", "connection", "connector", "identity", "alerts", "guide", "map")

Name = Annotated[str, typer.Argument(help="The partner's name, as in partners/NAME.")]


@app.command("list")
def list_partners(partners: Partners = None, as_json: AsJson = False) -> None:
    """List all trading partners."""
    rows = [_row(partner) for partner in _directory(partners).partners]
    if as_json:
        print_json(rows)
    else:
        print_columns(["NAME", "TITLE", "INTERCHANGE", "CONNECTION", "IN", "OUT"], [list(row.values()) for row in rows])


@app.command()
def show(name: Name, partners: Partners = None, as_json: AsJson = False) -> None:
    """Show everything agreed with one partner, defaults included."""
    directory = _directory(partners)
    partner = directory.partner(name)
    if as_json:
        print_json({"version": profile_version(partner), "profile": json.loads(to_json(partner))})
    else:
        print_profile(partner, directory)


@app.command()
def check(partners: Partners = None, maps: Maps = None) -> None:
    """Check all partner files, and the maps that are partners' own; tell every mistake with its file and line; exits 1 if any.

    That a map never makes what the partner's guide requires is a mistake: every document would be held. What it writes that the
    guide has unused is noted, and no mistake: it may never be there to write.
    """
    where = settings.load()
    library = Library.load(maps or where.maps)
    names = library.names()
    try:
        directory = loader.load(partners or where.partners, names)
        if own := sorted(name for name in in_use(directory) if "/" in name):
            library.check(*own)
        hold_against_guides(directory, library)
    except Collected as error:
        for mistake in error.mistakes:
            typer.echo(str(mistake), err=True)
        typer.echo(f"mistakes: {len(error.mistakes)}", err=True)
        raise typer.Exit(1) from None
    for note in against_guides(directory, library):
        typer.echo(f"note: {note}")
    counts = f"partners: {len(directory.partners)}, connections: {len(directory.connections)}, maps: {len(names)}"
    counts += f", compliance packs: {len(directory.packs)}" if directory.packs else ""
    typer.echo(f"{counts}; nothing wrong")


@app.command()
def diff(partners: Partners = None, maps: Maps = None, data: DataFolder = None) -> None:
    """Show what applying the files would change in the gateway; exits 1 if anything would."""
    where = load_settings(data)
    found = compare(find_store(where), partners or where.partners, maps or where.maps)
    changes = [change for change in found if change.how != "same"]
    for change in changes:
        typer.echo(f"{change.how} {change.kind} {change.name} {change.elsewhere}".rstrip())
        for line in differences(change.before, change.after) if change.how == "changed" else ():
            typer.echo(f"  {line}")
    if not changes:
        typer.echo("the files are what is in force")
    raise typer.Exit(1 if changes else 0)


@app.command()
def apply(partners: Partners = None, maps: Maps = None, data: DataFolder = None, force: Force = False) -> None:
    """Put what the files of partners and maps say in force; every version is kept. A gateway that runs takes it up by itself.

    Maps are checked, held against the partners' guides, and their stored tests are run first: if any fails, nothing is put in
    force. Nor is anything where the files would undo what was changed in the console or over the API since they were applied.
    """
    where = load_settings(data)
    changes = apply_files(open_store(where), partners or where.partners, maps or where.maps, by=who(), force=force)
    for change in changes:
        typer.echo(f"{change.how} {change.kind} {change.name}")
    typer.echo(f"{len(changes)} changed" if changes else "nothing changed")


@app.command()
def export(folder: Annotated[Path, typer.Argument(help="A new or empty folder for the files.")], data: DataFolder = None) -> None:
    """Write what is in force as partner files: to compare with those at hand, or to begin from."""
    directory = in_force(find_store(load_settings(data)))
    if directory is None:
        raise WrongInput("nothing is in force yet", do="run 'edi-gateway partner apply' first")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongInput("is there already and not empty", where=str(folder), do="name a new folder: nothing is overwritten")
    written = list(files(directory))
    try:
        for path, text in written:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise WrongInput(
            f"cannot be written: {error.strerror}", where=str(folder), do="name a folder you may write to"
        ) from error
    typer.echo(f"{count(len(written), 'file')} written to {folder}")


@app.command()
def history(
    name: Name,
    kind: Annotated[str, typer.Option(help=f"{', '.join(KINDS)}.")] = "partner",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show every version that was put in force: when, by whom, what it changed, and how much was handled under it."""
    if kind not in KINDS:
        raise WrongInput(f"there is no kind '{kind}'", do=did_you_mean(kind, KINDS))
    store = find_store(load_settings(data))
    with store.read() as unit:
        versions = unit.versions.history(kind, name)
        names = [each for of, each in unit.versions.current() if of == kind]
    if not versions:
        raise WrongInput(f"no version of {kind} '{name}' was ever put in force", do=did_you_mean(name, names))
    handled = handled_under(store, kind, name)
    if as_json:
        print_json([_version(each, handled.get(each.version)) for each in versions])
        return
    before = None
    for each in versions:
        under = _handled(kind, handled.get(each.version)) if each.body else ""
        typer.echo(f"{each.applied_at:%Y-%m-%d %H:%M} UTC  {each.version[:12] or 'taken away'}  {each.applied_by}{under}")
        if before and before.body and each.body:
            for line in differences(before.body, each.body):
                typer.echo(f"  {line}")
        before = each


@app.command("deadlines")
def show_deadlines(
    name: Annotated[str, typer.Argument(help="Only this partner's.")] = "", data: DataFolder = None, as_json: AsJson = False
) -> None:
    """Show what we owe partners and they owe us, by when, the most urgent first; times are the partner's."""
    store = find_store(load_settings(data))
    directory = in_force(store)
    if name and directory:
        directory.partner(name)
    rows = deadlines(store, name)
    if as_json:
        print_json(rows)
        return
    zones = {partner.name: ZoneInfo(partner.time_zone) for partner in directory.partners} if directory else {}
    now = SystemClock().now()
    cells = [
        [
            each.partner,
            each.who,
            each.answer,
            f"{each.about} {each.number}",
            _due(each, zones),
            "overdue" if each.due_at < now else "",
        ]
        for each in rows
    ]
    if cells:
        print_columns(["PARTNER", "WHO", "OWES", "FOR", "BY", ""], cells)
    else:
        typer.echo("nothing is owed")


def _due(row: DeadlineRow, zones: dict[str, ZoneInfo]) -> str:
    return f"{row.due_at.astimezone(zones.get(row.partner, ZoneInfo('UTC'))):%Y-%m-%d %H:%M %Z}"


def _version(each: Version, handled: Handled | None) -> dict[str, Any]:
    return {**each._asdict(), "applied_at": each.applied_at.isoformat(), "handled": handled}


def _handled(kind: str, handled: Handled | None) -> str:
    if handled is None:
        return ""
    what = "documents" if kind == "map" else "sets"
    return f"  {handled.count} {what}, {handled.first:%Y-%m-%d} to {handled.last:%Y-%m-%d}"


app.command("flows")(flows)
app.command("new")(new)
app.command("preset")(preset)
app.command("test")(play_partner)
app.command("ping")(ping_partner)
app.command("trust-host-key")(trust_host_key)


def _directory(partners: Path | None) -> Directory:
    return loader.load(partners or settings.load().partners)


def _row(partner: TradingPartner) -> dict[str, str]:
    return {
        "name": partner.name,
        "title": partner.title,
        "interchange": " ".join(str(id) for id in partner.interchange),
        "connection": partner.connection,
        "in": _sets(partner, "in"),
        "out": _sets(partner, "out"),
    }


def _sets(partner: TradingPartner, direction: Direction) -> str:
    return " ".join(sorted({each.set for each in partner.agreements if each.direction == direction}))
