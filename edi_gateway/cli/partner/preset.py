"""``edi-gateway partner preset``: the partners to begin from, and a new partner made of one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from edi_gateway import settings
from edi_gateway.cli.common import AsJson, print_json, print_table
from edi_gateway.trading.presets import copy_preset, presets

PRESETS = Path("presets")

Which = Annotated[str | None, typer.Argument(help="The preset to copy; left out, all are listed.")]
As = Annotated[str, typer.Option("--as", help="What the partner is to be called; default: as the preset.")]
Title = Annotated[str | None, typer.Option("--title", help="Their name as people read it.")]
Interchange = Annotated[str | None, typer.Option("--interchange", help="Their id on the ISA, QUALIFIER:ID.")]
Group = Annotated[str | None, typer.Option("--group", help="Their id on the GS.")]
Connection = Annotated[
    str | None, typer.Option("--connection", help="The connection they come by; default: a copy of the preset's.")
]
Folder = Annotated[Path, typer.Option("--presets", help="Folder of presets.")]
Partners = Annotated[Path | None, typer.Option("--partners", help="Folder of partner files; default: EDI_GATEWAY_PARTNERS.")]


def preset(
    which: Which = None,
    name: As = "",
    title: Title = None,
    interchange: Interchange = None,
    group: Group = None,
    connection: Connection = None,
    folder: Folder = PRESETS,
    partners: Partners = None,
    as_json: AsJson = False,
) -> None:
    """List the presets, or make one a partner: its profile, its guides, and its connection. Nothing is overwritten."""
    if which is None:
        _list(folder, as_json)
        return
    given = {
        "title": title and json.dumps(title, ensure_ascii=False),  # which YAML reads as well
        "interchange": interchange and json.dumps([interchange]),
        "group": group and json.dumps([group]),
        "connection": connection,
    }
    words = {word: value for word, value in given.items() if value}
    for path in copy_preset(folder, which, partners or settings.load().partners, name=name, words=words):
        typer.echo(f"written: {path}")
    typer.echo("then: edi-gateway partner check")


def _list(folder: Path, as_json: bool) -> None:
    found = presets(folder)
    if as_json:
        print_json([each._asdict() for each in found])
        return
    rows = [[each.name, each.title, each.connection, each.says] for each in found]
    print_table("Presets", ["name", "title", "comes by", "what it shows"], rows)
