"""``edi-gateway xref``: partners' codes for items and locations, and ours."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, out, print_json, print_table, who
from edi_gateway.errors import WrongInput
from edi_gateway.operations import cross_reference as operation
from edi_gateway.operations.apply import in_force
from edi_gateway.store.database import Database
from edi_gateway.trading.cross_reference import COLUMNS, KINDS, CrossReference, Kind, read_csv, write_csv
from edi_gateway.wording import count

app = typer.Typer(no_args_is_help=True, help="Partners' codes for items and locations, and ours.")

Partner = Annotated[str, typer.Argument(help="The partner's name.")]
KindOption = Annotated[str, typer.Option("--kind", help="item or location; default: both.")]
Resume = Annotated[bool, typer.Option("--resume", help="Let what was held for a missing entry go on.")]


@app.command("import")
def import_(
    partner: Partner,
    file: Annotated[Path, typer.Argument(help=f"CSV with a heading: {','.join(COLUMNS)}.")],
    replace: Annotated[bool, typer.Option("--replace", help="Take away entries that are not in the file.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")] = False,
    resume: Resume = False,
    data: DataFolder = None,
) -> None:
    """Put the entries of a CSV file in force: all of them, or with any mistake none."""
    store = _store(data, partner)
    entries = read_csv(file)
    if dry_run:
        found = operation.compare(store, partner, entries)
    else:
        found = operation.put_in_force(store, partner, entries, by=who(), replace=replace)
    for each in found.changed:
        out.print(f"changed {each.kind} {each.theirs}: {each.ours}")
    told = f"new {len(found.new)}, changed {len(found.changed)}, same {len(found.same)}"
    told += f", taken away {len(found.absent)}" if replace else f", not in the file {len(found.absent)}"
    out.print(told + ("; nothing was changed" if dry_run else ""))
    if resume and not dry_run:
        _resume(store, partner)


@app.command()
def add(
    partner: Partner,
    kind: Annotated[str, typer.Argument(help="item or location.")],
    theirs: Annotated[str, typer.Argument(help="Their code, QUALIFIER:CODE; :CODE for any qualifier.")],
    ours: Annotated[str, typer.Argument(help="Our code.")],
    valid_from: Annotated[str, typer.Option("--from", help="First day it holds: 2026-11-26.")] = "",
    valid_until: Annotated[str, typer.Option("--until", help="Last day it holds.")] = "",
    note: Annotated[str, typer.Option(help="Why.")] = "",
    resume: Resume = False,
    data: DataFolder = None,
) -> None:
    """Say what one code of theirs is with us; replaces what was said of it."""
    store = _store(data, partner)
    qualifier, colon, code = theirs.partition(":")
    if not (colon and code.strip() and ours.strip()) or len(qualifier) > 3:
        raise WrongInput(f"'{theirs}' is no code of theirs", do="write QUALIFIER:CODE, such as IN:000044013 or 92:0423")
    entry = CrossReference(
        kind=_kind(kind),
        qualifier=qualifier.strip(),
        code=code.strip(),
        ours=ours.strip(),
        valid_from=_day(valid_from),
        valid_until=_day(valid_until),
        note=note,
    )
    entry = operation.with_first_day_there(store, partner, entry)
    operation.put_in_force(store, partner, [entry], by=who())
    out.print(f"{entry.kind} {entry.theirs} of {partner} is {entry.ours}")
    if resume:
        _resume(store, partner, entry)


@app.command()
def export(
    partner: Partner,
    file: Annotated[Path | None, typer.Argument(help="Where to write; default: the screen.")] = None,
    kind: KindOption = "",
    data: DataFolder = None,
) -> None:
    """Write a partner's entries as CSV, as 'xref import' reads them."""
    entries = _entries(_store(data, partner), partner, kind)
    if file is None:
        write_csv(entries, sys.stdout)
        return
    try:
        with file.open("w", encoding="utf-8", newline="") as target:
            write_csv(entries, target)
    except OSError as error:
        raise WrongInput(f"cannot be written: {error.strerror}", where=str(file), do="name a file you may write") from error
    out.print(f"{count(len(entries), 'entry', 'entries')} written to {file}")


@app.command()
def show(
    partner: Partner,
    code: Annotated[str, typer.Argument(help="Only this code, theirs or ours.")] = "",
    kind: KindOption = "",
    as_json: AsJson = False,
    data: DataFolder = None,
) -> None:
    """Show a partner's entries."""
    entries = [each for each in _entries(_store(data, partner), partner, kind) if code in ("", each.code, each.ours, each.theirs)]
    if as_json:
        print_json(entries)
        return
    if not entries:
        out.print(f"{partner} has no {kind or 'entry'}" + (f" '{code}', theirs or ours" if code else " yet"))
        return
    rows = [(each.kind, each.theirs, each.ours, each.valid_from, each.valid_until, each.note) for each in entries]
    print_table(f"Cross-references of {partner}", ("kind", "theirs", "ours", "from", "until", "note"), rows)


def _store(data: Path | None, partner: str) -> Database:
    """The store; raises WrongInput for a partner that is not in force."""
    store = find_store(load_settings(data))
    directory = in_force(store)
    if directory is None:
        raise WrongInput("nothing is in force yet", do="run 'edi-gateway partner apply' first")
    directory.partner(partner)
    return store


def _entries(store: Database, partner: str, kind: str) -> list[CrossReference]:
    with store.read() as unit:
        return unit.cross_references.of(partner, _kind(kind) if kind else None)


def _kind(text: str) -> Kind:
    for kind in KINDS:
        if text == kind:
            return kind
    raise WrongInput(f"there is no kind '{text}'", do="write item or location")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongInput(f"'{text}' is no date", do="write it as 2026-11-26") from None


def _resume(store: Database, partner: str, entry: CrossReference | None = None) -> None:
    waiting = operation.resume_held(store, partner, entry, by=who())
    out.print(f"flow {', '.join(map(str, waiting))} goes on" if waiting else "nothing was held for a missing entry")
