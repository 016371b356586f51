"""Maps: their text, a run on a pasted sample, their stored tests, and which lines those use."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from edi_gateway.documents.given import read_given
from edi_gateway.errors import GatewayError, WrongInput
from edi_gateway.mapping import trials
from edi_gateway.mapping.library import Library
from edi_gateway.mapping.rules import READING
from edi_gateway.mapping.source import MapSource
from edi_gateway.mapping.trace import Traced
from edi_gateway.operations.maps import in_use
from edi_gateway.web.console import Console, route_class
from edi_gateway.web.export import csv_of
from edi_gateway.web.forms import check_csrf, read_form
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.pasted import sets_in


class Ran(NamedTuple):
    """What a map made of a sample."""

    made: str
    left: list[str]
    traced: list[Traced]


class Row(NamedTuple):
    """A map in force: what it reads and writes, in which directions agreements use it, and what it extends."""

    name: str
    reads: str
    writes: str
    used: list[str]
    extends: tuple[str, ...]


def routes(console: Console) -> APIRouter:
    """The list, a map, running it, its tests."""
    router = APIRouter(route_class=route_class(console), dependencies=[Depends(console.reads)])

    @router.get("/maps")
    def page(request: Request) -> Response:
        return console.page(request, "maps.html", rows=_rows(console))

    @router.get("/maps.csv")
    def as_csv(request: Request) -> Response:
        columns = ("map", "reads", "writes", "used", "extends", "version")
        library = console.tools().maps
        rows = [
            (row.name, row.reads, row.writes, " ".join(row.used), " ".join(row.extends), library.version(row.name))
            for row in _rows(console)
        ]
        return csv_of(request, "maps", columns, rows)

    @router.get("/maps/{name:path}/tests.csv")
    def tests_as_csv(request: Request, name: str) -> Response:
        columns = ("test", "good", "left_out_once", "differences")
        rows = [
            (each.trial.edi.stem, each.good, each.mutations, "; ".join([*each.differences, *each.crashes]))
            for each in _tested(console, name)[1]
        ]
        return csv_of(request, f"tests-{name.replace('/', '-')}", columns, rows)

    @router.get("/maps/{name:path}/tests")
    def tests(request: Request, name: str) -> Response:
        library, results = _tested(console, name)
        return console.page(request, "map_tests.html", name=name, results=results, coverage=trials.coverage(library, results))

    @router.get("/maps/{name:path}")
    def one(request: Request, name: str) -> Response:
        return _page(console, request, name)

    @router.post("/maps/{name:path}")
    async def run(request: Request, name: str) -> Response:
        form = await read_form(request)
        check_csrf(form, console.secret(request))
        sample = form.text("sample")
        try:
            return _page(console, request, name, sample, ran=run_on(console.tools().maps, name, sample))
        except GatewayError as error:
            return _page(console, request, name, sample, wrong=error)

    return router


def _tested(console: Console, name: str) -> tuple[Library, list[trials.Result]]:
    """The stored tests of a map, run now. Raises WrongInput for a map there is not."""
    library = Library.load(console.settings.maps)
    return library, [trials.run(library, trial) for trial in trials.trials(library, name)]


def _rows(console: Console) -> list[Row]:
    tools = console.tools()
    used = in_use(tools.directory)
    return [_row(tools.maps.source(name), name, sorted(used[name])) for name in sorted(used)]


def _row(source: MapSource, name: str, used: list[str]) -> Row:
    ends = (source.set_code, source.kind) if source.form == READING else (source.kind, source.set_code)
    return Row(name, *ends, used, tuple(source.chain[1:]))


def _page(console: Console, request: Request, name: str, sample: str = "", **context: Any) -> Response:
    library = console.tools().maps
    source, texts = library.source(name), library.texts(name)
    shared = {"name": name, "source": source, "texts": texts, "sample": sample, "version": library.version(name)}
    return console.page_as(422 if "wrong" in context else 200, request, "map.html", **shared, **context)


def run_on(library: Library, name: str, sample: str) -> Ran:
    """The map in the direction it is written in, on X12 or on a document as JSON. Raises what is wrong with the sample."""
    if not sample.strip():
        raise WrongInput("there is no sample", do="paste a set, an interchange or a document as JSON")
    if library.source(name).form == READING:
        reading, told = library.reading(name), _set_in(sample, library.reading(name).set_code)
        document, traced = reading.trace(told)
        made = msgspec.json.format(msgspec.json.encode(document)).decode()
        return Ran(made, [str(each) for each in reading.unread(told)], traced)
    writing = library.writing(name)
    document = read_given(writing.kind, sample.encode())
    segments, traced = writing.trace(document)
    return Ran("\n".join("*".join(segment) + "~" for segment in segments), writing.not_carried(document), traced)


def _set_in(sample: str, code: str) -> TransactionSet:
    found = sets_in(sample)
    wanted = [each for each in found if each.code == code]
    if not wanted:
        held = ", ".join(sorted({each.code for each in found})) or "no transaction set"
        raise WrongInput(f"the sample holds {held}, and this map reads {code}", do="paste one from ISA or ST on")
    return wanted[0]
