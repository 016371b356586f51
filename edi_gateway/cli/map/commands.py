"""``edi-gateway map``: run, trace, check and list maps. Needs nothing set up: no partner, no store."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from edi_gateway import settings
from edi_gateway.cli.common import AsJson, body_of, print_json, print_table
from edi_gateway.cli.map import trials
from edi_gateway.documents.base import Value
from edi_gateway.documents.given import read_given
from edi_gateway.errors import Collected, WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.mapping.reading import ReadingMap
from edi_gateway.mapping.trace import Traced
from edi_gateway.mapping.writing import WritingMap
from edi_gateway.x12 import guide as guides
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Segment, TransactionSet
from edi_gateway.x12.place import parse
from edi_gateway.x12.reader import read

app = typer.Typer(no_args_is_help=True, help="Maps between X12 and documents.")

Maps = Annotated[Path | None, typer.Option("--maps", help="Folder of maps; default: EDI_GATEWAY_MAPS, or maps.")]
MapName = Annotated[str, typer.Argument(metavar="MAP", help="A map's name, such as 850-order or northwind/850-order.")]
File = Annotated[str, typer.Argument(help="An X12 file to read, or a document as JSON to write; - reads the standard input.")]
Release = Annotated[str | None, typer.Option("--release", help="The release to write; default: the map's first.")]
Only = Annotated[str | None, typer.Option("--of", help="Only this field or place, at either end: department, REF*DP, REF02.")]
GuideFile = Annotated[Path | None, typer.Option("--guide", help="Hold the maps against this partner's guide as well.")]
WithTrace = Annotated[bool, typer.Option("--trace", help="Then tell where every value came from.")]


@app.command("run")
def run_map(
    name: MapName, file: File, maps: Maps = None, release: Release = None, trace: WithTrace = False, as_json: AsJson = False
) -> None:
    """Turn the sets of an X12 file into documents, or a document into segments."""
    library, body = _library(maps), _body(file)
    if _is_json(body):
        writing = library.writing(name)
        documents = _documents(body, writing, file)
        for segments in [writing.write(document, release=release) for document in documents]:
            _print_segments(segments, as_json)
        left = [one for document in documents for one in writing.not_carried(document, release=release)]
    else:
        reading, sets = library.reading(name), _sets(body, library.reading(name), file)
        _print_documents([reading.read(one) for one in sets])
        left = [str(unread) for one in sets for unread in reading.unread(one)]
    for line in left:
        typer.echo(f"not carried: {line}", err=True)
    if trace:
        _print_trace(_traced(library, name, body, file, release))


@app.command("trace")
def trace_map(
    name: MapName, file: File, maps: Maps = None, release: Release = None, only: Only = None, as_json: AsJson = False
) -> None:
    """Tell where every value came from and where it went: field, place, segment, and the map's file and line."""
    told = _traced(_library(maps), name, _body(file), file, release)
    if only is not None:
        told = [one for one in told if _is_of(one, only)]
    if as_json:
        print_json(told)
    else:
        _print_trace(told)


@app.command("check")
def check_maps(
    names: Annotated[list[str] | None, typer.Argument(metavar="[MAP]...")] = None, maps: Maps = None, guide: GuideFile = None
) -> None:
    """Hold maps against their sets and documents, and tell every mistake with its file and line; exits 1 if there is any."""
    library = _library(maps)
    try:
        library.check(*(names or ()))
        if guide is not None:
            _against(library, names or [], guide)
    except Collected as error:
        for mistake in error.mistakes:
            typer.echo(str(mistake), err=True)
        typer.echo(f"mistakes: {len(error.mistakes)}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"maps: {len(names or library.names())}; nothing wrong")


def _against(library: Library, names: list[str], guide: Path) -> None:
    """Holds maps against a partner's guide as well. Raises Collected."""
    if not names:
        raise WrongInput("a guide is for one set", do="name the maps to hold against it")
    asked = guides.load(guide)
    told: list[WrongInput] = []
    for name in names:
        source = library.source(name)
        if source.set_code != asked.set:
            told.append(WrongInput(f"the guide is for {asked.set}, and map {name} for {source.set_code}", where=str(guide)))
        elif source.form == "reading":
            told += library.reads_against(name, asked)
        else:
            told += [*library.against(name, asked), *library.lacks(name, asked)]
    if told:
        raise Collected(told)


@app.command("list")
def list_maps(maps: Maps = None, as_json: AsJson = False) -> None:
    """List all maps: what each reads and writes, and what it extends."""
    library = _library(maps)
    rows = [_row(library, name) for name in library.names()]
    if as_json:
        print_json(rows)
    else:
        print_table("maps", ("map", "reads", "writes", "releases", "extends"), [list(row.values()) for row in rows])


app.command("test")(trials.run_tests)
app.command("coverage")(trials.coverage)
app.command("draft")(trials.draft)


def _row(library: Library, name: str) -> dict[str, str]:
    try:
        source = library.source(name)
    except WrongInput as error:
        return {"map": name, "reads": f"cannot be read: {error}", "writes": "", "releases": "", "extends": ""}
    reads, writes = (source.set_code, source.kind) if source.form == "reading" else (source.kind, source.set_code)
    extends = ", ".join(source.chain[1:])
    return {"map": name, "reads": reads, "writes": writes, "releases": " ".join(source.releases), "extends": extends}


def _library(maps: Path | None) -> Library:
    return Library.load(maps or settings.load().maps)


def _body(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    return body_of(Path(file))


def _is_json(body: bytes) -> bool:
    return body.lstrip()[:1] in (b"{", b"[")


def _documents(body: bytes, writing: WritingMap, file: str) -> list[Value]:
    """The one document, or the list of them, in a JSON file."""
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise WrongInput(f"is not JSON: {error}", where=file) from error
    pieces = value if isinstance(value, list) else [value]
    try:
        return [read_given(writing.kind, msgspec.json.encode(piece)) for piece in pieces]
    except WrongInput as error:
        raise WrongInput(error.what, where=file, do=error.do) from error


def _sets(body: bytes, reading: ReadingMap, file: str) -> list[TransactionSet]:
    """The sets in a file that the map is for; a bare set without its envelope is read with ``*`` and ``~``."""
    if body.lstrip().startswith(b"ST*"):
        return [TransactionSet(body.decode("latin-1").strip(), Delimiters())]
    sets = [event for event in read(body) if isinstance(event, TransactionSet)]
    wanted = [one for one in sets if one.code == reading.set_code]
    if not wanted:
        held = ", ".join(sorted({one.code for one in sets})) or "no transaction set"
        raise WrongInput(f"holds {held}, and map {reading.name} reads {reading.set_code}", where=file)
    return wanted


def _traced(library: Library, name: str, body: bytes, file: str, release: str | None) -> list[Traced]:
    if _is_json(body):
        writing = library.writing(name)
        runs = [writing.trace(document, release=release)[1] for document in _documents(body, writing, file)]
    else:
        reading = library.reading(name)
        runs = [reading.trace(one)[1] for one in _sets(body, reading, file)]
    return [one for run in runs for one in run]


def _is_of(one: Traced, wanted: str) -> bool:
    """Whether a field or a place is one of the ends; ``lines`` is every field of the lines."""
    ends = (one.made, one.source)
    return wanted in ends or any(end.startswith((f"{wanted}.", f"{wanted}[")) for end in ends) or _place(one) == wanted


def _place(one: Traced) -> str:
    """The element itself, where the map names it by its qualifier."""
    place = one.made if one.made[:1].isupper() else one.source
    return f"{parse(place).segment.id}{one.element:02d}"


def _print_documents(documents: list[Value]) -> None:
    plain: Any = [msgspec.to_builtins(document) for document in documents]
    typer.echo(json.dumps(plain[0] if len(plain) == 1 else plain, indent=2, ensure_ascii=False))


def _print_segments(segments: list[Segment], as_json: bool) -> None:
    if as_json:
        print_json(segments)
        return
    marks = Delimiters()
    for segment in segments:
        typer.echo(marks.element.join(segment) + marks.segment)


def _print_trace(told: list[Traced]) -> None:
    for one in told:
        typer.echo(str(one))
