"""``edi-gateway partner flows``: each agreement by its eight facts, as a page, as Markdown or as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway.bootstrap import find_store
from edi_gateway.bootstrap.flow_page import flow_page
from edi_gateway.bootstrap.gateway import has_store
from edi_gateway.cli.common import AsJson, DataFolder, load_settings, out, print_json
from edi_gateway.errors import WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.operations.apply import in_force
from edi_gateway.operations.maps import maps_in_force
from edi_gateway.settings import Settings
from edi_gateway.trading import loader
from edi_gateway.trading.directory import Directory
from edi_gateway.views.flows import FlowFacts
from edi_gateway.wording import count


def flows(
    name: Annotated[str, typer.Argument(metavar="[PARTNER]", help="Only this partner's.")] = "",
    to: Annotated[Path | None, typer.Option(help="A Markdown file to write instead.")] = None,
    partners: Annotated[Path | None, typer.Option("--partners", help="Files instead of what is in force.")] = None,
    maps: Annotated[Path | None, typer.Option("--maps", help="Folder of maps; default: EDI_GATEWAY_MAPS.")] = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show each agreement by its eight facts: source, target, entity, mapping, validation, run mode, retries, monitoring.

    They are worked out from what is in force; from the files, where nothing is yet or --partners names them.
    """
    directory, library = _what(load_settings(data), partners, maps)
    rows = flow_page(directory, library, name)
    if as_json:
        print_json(rows)
    elif to is not None:
        _write(to, "\n".join(_markdown(rows)))
        out.print(f"{count(len(rows), 'agreement')} written to {to}")
    else:
        typer.echo("\n".join(_page(rows)))


def _what(where: Settings, partners: Path | None, maps: Path | None) -> tuple[Directory, Library]:
    if partners is None and has_store(where):
        store = find_store(where)
        if directory := in_force(store):
            return directory, maps_in_force(store)
    return loader.load(partners or where.partners), Library.load(maps or where.maps)


def _page(rows: Sequence[FlowFacts]) -> Iterator[str]:
    for row in rows:
        yield f"{row.partner}: {row.agreement}"
        for name, facts in row.facts().items():
            yield f"  {name:<18}{facts[0] if facts else '-'}"
            yield from (f"  {'':<18}{fact}" for fact in facts[1:])
        yield ""


def _markdown(rows: Sequence[FlowFacts]) -> Iterator[str]:
    yield "# Flows\n"
    for row in rows:
        yield f"## {row.partner}: {row.agreement}\n"
        yield "| fact | |\n|---|---|"
        for name, facts in row.facts().items():
            yield f"| {name} | {'<br>'.join(fact.replace('|', chr(92) + '|') for fact in facts)} |"
        yield ""


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise WrongInput(f"cannot be written: {error.strerror}", where=str(path), do="name another file") from error
