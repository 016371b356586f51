"""Maps and guides: listed, checked, tried on a set or a document, held against their stored tests."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from edi_gateway.api import models
from edi_gateway.api.caller import Overseer, Reader
from edi_gateway.api.office import Here, Office
from edi_gateway.api.page import Cursor, Limit, Page, slice_of
from edi_gateway.api.problem import Mistake, not_found
from edi_gateway.documents.given import read_given
from edi_gateway.errors import Collected, GatewayError, WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.mapping.rules import READING
from edi_gateway.mapping.trials import coverage, run, trials
from edi_gateway.x12.guide import loads
from edi_gateway.x12.pasted import sets_in

routes = APIRouter()

MapName = Annotated[str, Query(min_length=1, max_length=120, description="850-order, or northwind/850-order.")]


class MapLine(BaseModel):
    """A map in force: what it reads and writes."""

    name: str = Field(examples=["850-order"])
    reads: str = Field(examples=["850"])
    writes: str = Field(examples=["order"])
    releases: list[str]
    extends: list[str]
    version: str


class MapFile(MapLine):
    """With the text of every file it is made of."""

    files: dict[str, str]


class Verdict(BaseModel):
    """Empty where nothing is wrong."""

    mistakes: list[Mistake]


class Tried(BaseModel):
    """What one stored test came to."""

    test: str
    good: bool
    differences: list[str]


class TestsOut(BaseModel):
    """``coverage`` says for each map which of its lines no test used."""

    tests: list[Tried]
    coverage: list[str]


class Run(BaseModel):
    """An X12 set to be read (``x12``), or a document to be written (``document``)."""

    x12: str | None = Field(None, max_length=5_000_000, examples=["ST*850*0001~BEG*00*SA*PO-1**20261117~…"])
    document: dict[str, Any] | None = None
    release: str | None = Field(None, max_length=20)


class RunOut(BaseModel):
    """What came out, what was not carried, and where every value came from."""

    documents: list[dict[str, Any]] = []
    segments: list[list[Any]] = []
    not_carried: list[str]
    trace: list[models.TracedOut]


class GuideOut(BaseModel):
    """What one partner requires of a set, laid over the definition."""

    partner: str
    name: str
    guide: dict[str, Any]


class GuideText(BaseModel):
    """A guide as it is written in ``partners/…/guides/``; ``file`` is what mistakes call it."""

    text: str = Field(max_length=1_000_000, examples=["set: '850'\nrelease: 004010"])
    file: str = Field("guide.yaml", max_length=120)


@routes.get("/maps", response_model=Page[MapLine], tags=["maps"])
def maps(office: Here, caller: Reader, limit: Limit = 100, cursor: Cursor = "") -> Any:
    """The maps in force; of a partner's own, those that the caller sees."""
    library = office.tools().maps
    names = [each for each in library.names() if "/" not in each or caller.sees(each.partition("/")[0])]
    return slice_of([_line(library, name) for name in names], limit, cursor)


@routes.get("/maps/show", response_model=MapFile, tags=["maps"])
def map_(office: Here, caller: Reader, name: MapName) -> Any:
    """One map and the text of its files."""
    library = _library(office, name)
    caller.look(f"map {name}", name.partition("/")[0] if "/" in name else caller.partner)
    return {**_line(library, name).model_dump(), "files": library.texts(name)}


@routes.post("/maps/check", response_model=Verdict, tags=["maps"])
def check(office: Here, caller: Overseer, name: MapName) -> Any:
    """Holds a map against its set and its document, and tells every mistake with its file and line."""
    library = _library(office, name)
    try:
        library.check(name)
    except Collected as error:
        told = [Mistake(where=each.where or "", what=each.what, do=each.do or "") for each in error.mistakes]
        return Verdict(mistakes=told)
    return Verdict(mistakes=[])


@routes.post("/maps/test", response_model=TestsOut, tags=["maps"])
def test(office: Here, caller: Overseer, name: MapName) -> Any:
    """Runs the stored tests of a map, where its folder is here, and says what they did not use."""
    library = _library(office, name)
    results = [run(library, trial, leaving_out=False) for trial in trials(library, name)]
    tests = [Tried(test=each.trial.name, good=each.good, differences=[*each.differences, *each.crashes]) for each in results]
    return TestsOut(tests=tests, coverage=[str(each) for each in coverage(library, results)])


@routes.post("/maps/run", response_model=RunOut, tags=["maps"])
def run_map(office: Here, caller: Overseer, name: MapName, what: Run) -> Any:
    """Turns sets into documents, or a document into segments; nothing is recorded."""
    library = _library(office, name)
    if (what.x12 is None) == (what.document is None):
        raise WrongInput("give either x12, to be read, or document, to be written")
    return _read(library, name, what.x12) if what.x12 is not None else _write(library, name, what)


@routes.get("/guides", response_model=Page[GuideOut], tags=["maps"])
def guides(office: Here, caller: Reader, limit: Limit = 100, cursor: Cursor = "") -> Any:
    """The guides in force, by partner."""
    seen = [key for key in sorted(office.tools().directory.guides) if caller.sees(key[0])]
    found = office.tools().directory.guides
    told = [GuideOut(partner=key[0], name=key[1], guide=msgspec.json.decode(found[key].canonical)) for key in seen]
    return slice_of(told, limit, cursor)


@routes.post("/guides/check", response_model=Verdict, tags=["maps"])
def check_guide(office: Here, caller: Overseer, what: GuideText) -> Any:
    """Holds the text of a guide against the definition it narrows, and tells every mistake with its line; nothing is recorded."""
    try:
        loads(what.text, what.file)
    except GatewayError as error:
        single = error.mistakes if isinstance(error, Collected) else (error,)
        return Verdict(mistakes=[Mistake(where=each.where or "", what=each.what, do=each.do or "") for each in single])
    return Verdict(mistakes=[])


def _library(office: Office, name: str) -> Library:
    library = office.tools().maps
    if name not in library.names():
        raise not_found(f"map {name} in force")
    return library


def _line(library: Library, name: str) -> MapLine:
    source = library.source(name)
    reads, writes = (source.set_code, source.kind) if source.form == READING else (source.kind, source.set_code)
    return MapLine(
        name=name,
        reads=reads,
        writes=writes,
        releases=list(source.releases),
        extends=list(source.chain[1:]),
        version=library.version(name),
    )


def _read(library: Library, name: str, text: str) -> RunOut:
    reading = library.reading(name)
    sets = [each for each in sets_in(text) if each.code == reading.set_code]
    if not sets:
        raise WrongInput(f"holds no {reading.set_code}, and that is what map {name} reads")
    told = [reading.trace(each) for each in sets]
    return RunOut(
        documents=[msgspec.to_builtins(document) for document, _ in told],
        not_carried=[str(unread) for each in sets for unread in reading.unread(each)],
        trace=[models.TracedOut.model_validate(one) for _, trace in told for one in trace],
    )


def _write(library: Library, name: str, what: Run) -> RunOut:
    writing = library.writing(name)
    document = read_given(writing.kind, msgspec.json.encode(what.document))
    segments, trace = writing.trace(document, release=what.release)
    return RunOut(
        segments=[list(segment) for segment in segments],
        not_carried=writing.not_carried(document, release=what.release),
        trace=[models.TracedOut.model_validate(one) for one in trace],
    )
