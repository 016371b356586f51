"""``edi-gateway map test``, ``coverage`` and ``draft``: what keeps maps right, and begins new ones."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import settings
from edi_gateway.cli.common import AsJson, print_json, print_table
from edi_gateway.errors import WrongInput
from edi_gateway.mapping import coverage as leftovers
from edi_gateway.mapping import draft as drafts
from edi_gateway.mapping import trials
from edi_gateway.mapping.library import Library
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.reader import read

Maps = Annotated[Path | None, typer.Option("--maps", help="Folder of maps; default: EDI_GATEWAY_MAPS, or maps.")]
Names = Annotated[list[str] | None, typer.Argument(metavar="[MAP]...", help="Maps; default: all.")]


def run_tests(names: Names = None, maps: Maps = None, as_json: AsJson = False) -> None:
    """Run the stored tests of maps both ways, and tell what differs in meaning; exits 1 if anything does."""
    library = Library.load(maps or settings.load().maps)
    results = [trials.run(library, trial) for trial in trials.trials(library, *(names or ()))]
    covered = trials.coverage(library, results)
    if as_json:
        print_json(
            {
                "tests": [{"name": one.trial.name, "differences": one.differences, "crashes": one.crashes} for one in results],
                "coverage": covered,
            }
        )
    else:
        for result in results:
            for line in (*result.differences, *result.crashes):
                typer.echo(f"{result.trial.name}: {line}")
        for one in covered:
            typer.echo(str(one))
            for where, what in one.missing.items():
                typer.echo(f"  not used: {what} ({where})")
        wrong = sum(not result.good for result in results)
        mutations = sum(result.mutations for result in results)
        typer.echo(f"tests: {len(results)}, wrong: {wrong}; tried with something left out: {mutations}")
    if any(not result.good for result in results):
        raise typer.Exit(1)


def coverage(
    samples: Annotated[Path, typer.Option("--samples", help="A folder of X12 files, or one file.")],
    names: Names = None,
    maps: Maps = None,
    as_json: AsJson = False,
) -> None:
    """Read real documents and list what the maps did not carry over, by place; without names, with the common maps."""
    library = Library.load(maps or settings.load().maps)
    chosen = names or [name for name in library.names() if "/" not in name and len(library.source(name).chain) == 1]
    sets = list(_sets(samples))
    found = []
    for name in chosen:
        reading = library.reading(name)
        fitting = [(file, one) for file, one in sets if one.code == reading.set_code and one.release[:6] in reading.releases]
        found.append(leftovers.leftovers(reading, fitting))
    if as_json:
        print_json(found)
        return
    for each in found:
        typer.echo(
            f"{each.map}: {each.read} read, {len(each.refused)} refused; {each.left} of {each.elements} elements left over"
        )
        for file, why in each.refused:
            typer.echo(f"  refused: {file}: {why}")
        rows = [[place, str(times), each.example[place][:40]] for place, times in each.places.most_common()]
        if rows:
            print_table(f"left over by {each.map}", ("place", "times", "such as"), rows)


def draft(
    sample: Annotated[Path, typer.Option("--sample", help="A partner's X12 file; its first set is looked at.")],
    name: Annotated[
        str | None, typer.Option("--name", help="What the map is to be called; default: draft, or as --to says.")
    ] = None,
    base: Annotated[
        str | None, typer.Option("--extends", help="The map to begin with; default: the common one for the set.")
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="The file to write; default: the standard output.")] = None,
    maps: Maps = None,
) -> None:
    """Write a starter map for a partner from a sample; its open questions fail the check until they are answered."""
    library = Library.load(maps or settings.load().maps)
    called = name or (to.stem if to is not None else None) or "draft"
    text = drafts.draft(library, trials.set_in(sample), called, base)
    if to is None:
        typer.echo(text, nl=False)
        return
    if to.exists():
        raise WrongInput("is there already", where=str(to), do="choose another name, or remove it first")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WrongInput(f"cannot be written: {error.strerror}", where=str(to)) from None
    questions = sum("?" in line for line in text.splitlines()[1:])
    typer.echo(f"{to}: open questions: {questions}")


def _sets(samples: Path) -> list[tuple[str, TransactionSet]]:
    files = sorted(path for path in samples.rglob("*") if path.is_file()) if samples.is_dir() else [samples]
    if not samples.exists():
        raise WrongInput("there is no such file or folder", where=str(samples))
    found = []
    for path in files:
        found += [(path.name, event) for event in read(path.read_bytes()) if isinstance(event, TransactionSet)]
    if not found:
        raise WrongInput("holds no transaction set", where=str(samples))
    return found
