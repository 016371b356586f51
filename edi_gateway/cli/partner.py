"""``edi-gateway partner``: who we deal with, as the files in ``partners/`` say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from edi_gateway import settings
from edi_gateway.bootstrap import open_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, print_json, who
from edi_gateway.cli.partner_preset import preset
from edi_gateway.cli.partner_test import play_partner
from edi_gateway.errors import Collected, WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.operations.apply import apply as apply_files
from edi_gateway.operations.apply import compare, differences, in_force
from edi_gateway.trading import loader
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.export import files
from edi_gateway.trading.profile import Agreement, Direction, TradingPartner
from edi_gateway.trading.scalars import write_duration
from edi_gateway.trading.versions import profile_version, to_json

app = typer.Typer(no_args_is_help=True, help="Trading partners and what is agreed with them.")

Partners = Annotated[Path | None, typer.Option("--partners", help="Folder of partner files; default: EDI_GATEWAY_PARTNERS.")]
Maps = Annotated[Path | None, typer.Option("--maps", help="Folder of maps; default: EDI_GATEWAY_MAPS.")]
Name = Annotated[str, typer.Argument(help="The partner's name, as in partners/NAME.")]


@app.command("list")
def list_partners(partners: Partners = None, as_json: AsJson = False) -> None:
    """List all trading partners."""
    rows = [_row(partner) for partner in _directory(partners).partners]
    if as_json:
        print_json(rows)
    else:
        _print_columns(["NAME", "TITLE", "INTERCHANGE", "CONNECTION", "IN", "OUT"], [list(row.values()) for row in rows])


@app.command()
def show(name: Name, partners: Partners = None, as_json: AsJson = False) -> None:
    """Show everything agreed with one partner, defaults included."""
    directory = _directory(partners)
    partner = directory.partner(name)
    profile = json.loads(to_json(partner))
    if as_json:
        print_json({"version": profile_version(partner), "profile": profile})
    else:
        _print_profile(partner, profile, directory)


@app.command()
def check(partners: Partners = None, maps: Maps = None) -> None:
    """Check all partner files and tell every mistake with its file and line; exits 1 if there is any.

    What a map writes that the partner's guide has unused is noted, and no mistake: it may never be there to write.
    """
    where = settings.load()
    library = Library.load(maps or where.maps)
    names = library.names()
    try:
        directory = loader.load(partners or where.partners, names)
    except Collected as error:
        for mistake in error.mistakes:
            typer.echo(str(mistake), err=True)
        typer.echo(f"mistakes: {len(error.mistakes)}", err=True)
        raise typer.Exit(1) from None
    for note in _against_guides(directory, library):
        typer.echo(f"note: {note}")
    counts = f"partners: {len(directory.partners)}, connections: {len(directory.connections)}, maps: {len(names)}"
    typer.echo(f"{counts}; nothing wrong")


@app.command()
def diff(partners: Partners = None, maps: Maps = None, data: DataFolder = None) -> None:
    """Show what applying the files would change in the gateway; exits 1 if anything would."""
    where = load_settings(data)
    found = compare(open_store(where), partners or where.partners, maps or where.maps)
    changes = [change for change in found if change.how != "same"]
    for change in changes:
        typer.echo(f"{change.how} {change.kind} {change.name}")
        for line in differences(change.before, change.after):
            typer.echo(f"  {line}")
    if not changes:
        typer.echo("the files are what is in force")
    raise typer.Exit(1 if changes else 0)


@app.command()
def apply(partners: Partners = None, maps: Maps = None, data: DataFolder = None) -> None:
    """Put what the files of partners and maps say in force; every version is kept. A gateway that runs takes it up by itself.

    Maps are checked and their stored tests are run first: if any fails, nothing is put in force.
    """
    where = load_settings(data)
    changes = apply_files(open_store(where), partners or where.partners, maps or where.maps, by=who())
    for change in changes:
        typer.echo(f"{change.how} {change.kind} {change.name}")
    typer.echo(f"{len(changes)} changed" if changes else "nothing changed")


@app.command()
def export(folder: Annotated[Path, typer.Argument(help="A new or empty folder for the files.")], data: DataFolder = None) -> None:
    """Write what is in force as partner files: to compare with those at hand, or to begin from."""
    directory = in_force(open_store(load_settings(data)))
    if directory is None:
        raise WrongInput("nothing is in force yet", do="run 'edi-gateway partner apply' first")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongInput("is there already and not empty", where=str(folder), do="name a new folder: nothing is overwritten")
    written = list(files(directory))
    for path, text in written:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    typer.echo(f"{len(written)} files written to {folder}")


@app.command()
def history(
    name: Name,
    kind: Annotated[str, typer.Option(help="partner, connection, identity, guide or map.")] = "partner",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show every version of a profile that was put in force: when, by whom, and what it changed."""
    with open_store(load_settings(data)).read() as unit:
        versions = unit.versions.history(kind, name)
    if not versions:
        raise WrongInput(f"no version of {kind} '{name}' was ever put in force")
    if as_json:
        print_json([{**each._asdict(), "applied_at": each.applied_at.isoformat()} for each in versions])
        return
    before = None
    for each in versions:
        typer.echo(f"{each.applied_at:%Y-%m-%d %H:%M} UTC  {each.version[:12] or 'taken away'}  {each.applied_by}")
        if before and each.body:
            for line in differences(before.body, each.body):
                typer.echo(f"  {line}")
        before = each


app.command("preset")(preset)
app.command("test")(play_partner)


def _against_guides(directory: Directory, library: Library) -> Iterator[str]:
    """Where a map and the guide of the same agreement do not go together."""
    for partner in directory.partners:
        agreed = {(each.map, each.guide): each for each in partner.agreements if each.direction == "out" and each.guide}
        for agreement in agreed.values():
            guide = directory.guide(partner, agreement)
            for note in library.against(agreement.map, guide) if guide else ():
                yield f"{note} ({partner.name})"


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


def _print_profile(partner: TradingPartner, profile: dict[str, Any], directory: Directory) -> None:
    ours, connection = directory.identity(partner.ours), directory.connection(partner.connection)
    profile["ours"] = f"{ours.name}: {ours.title}, {ours.interchange}"
    profile["connection"] = f"{connection.name} ({connection.kind})"
    words = {word: value for word, value in profile.items() if word not in {"name", "title", "agreements"}}

    typer.echo(f"{partner.title} ({partner.name}), version {profile_version(partner)[:12]}")
    _print_words({word: value for word, value in words.items() if not isinstance(value, dict)})
    typer.echo("\nagreements")
    rows = [
        [each.direction, each.set, each.release, each.usage, each.map, each.guide or "-", _answer(each)]
        for each in partner.agreements
    ]
    _print_columns(["  WAY", "SET", "RELEASE", "USAGE", "MAP", "GUIDE", "ANSWER"], [["  " + row[0], *row[1:]] for row in rows])
    for section, inner in words.items():
        if isinstance(inner, dict) and inner:
            typer.echo(f"\n{section}")
            _print_words(inner)


def _answer(agreement: Agreement) -> str:
    """The answer we owe for a set we receive, or expect for one we send."""
    if agreement.direction == "in":
        owed = agreement.acknowledgment
        return "none" if owed.form == "none" else f"{owed.form} within {write_duration(owed.within)}, {owed.detail}"
    awaited = agreement.awaits
    if not awaited.acknowledgment:
        return "none awaited"
    return f"awaited within {write_duration(awaited.within)}" + (", then retransmitted" if awaited.retransmit else "")


def _print_words(words: dict[str, Any]) -> None:
    _print_columns([], [["  " + word, _shown(value)] for word, value in words.items()])


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value in ("", None) else str(value)


def _print_columns(head: list[str], rows: list[list[str]]) -> None:
    """Columns as wide as what they hold, never folded: people pipe them."""
    lines = [head, *rows] if head else rows
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        typer.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
