"""Tests of maps as files beside them: a set and the document it is, run both ways, with everything left out of them once.

maps/850-order/tests/plain.edi and plain.json            the set and its document; a partner's map: maps/northwind/850-order/tests
maps/ship-notice-856/tests/plain.back.json               what reading gives back where that is not the document that was written;
                                                         alone, without plain.json, a set that is only read
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from edi_gateway.documents.base import Value
from edi_gateway.documents.catalog import from_json
from edi_gateway.errors import Collected, WrongInput
from edi_gateway.mapping.difference import EXPECTED, between_documents, between_segments
from edi_gateway.mapping.errors import MapProblem
from edi_gateway.mapping.library import Library
from edi_gateway.mapping.reading import ReadingMap
from edi_gateway.mapping.rules import READING
from edi_gateway.mapping.types import fields
from edi_gateway.mapping.writing import WritingMap
from edi_gateway.x12.envelope import TransactionSet
from edi_gateway.x12.pasted import sets_in


@dataclass(frozen=True)
class Trial:
    """One stored test: the map's name, the set, the document written as it, and what reading gives back if that is another."""

    map: str
    edi: Path
    document: Path | None
    back: Path | None = None

    @property
    def name(self) -> str:
        return f"{self.map}: {self.edi.stem}"


@dataclass
class Result:
    """What came of a trial: ``differences`` and ``crashes`` are empty if all is well; ``seen`` are the lines of the map used."""

    trial: Trial
    differences: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    mutations: int = 0

    @property
    def good(self) -> bool:
        return not self.differences and not self.crashes


@dataclass(frozen=True)
class Coverage:
    """Which lines of a map its trials used: ``missing`` are what they make, by file and line."""

    map: str
    lines: int
    missing: dict[str, str]

    def __str__(self) -> str:
        return f"{self.map}: {self.lines - len(self.missing)} of {self.lines} lines used"


def trials(library: Library, *names: str) -> list[Trial]:
    """The stored tests of the maps named, or of all. Raises WrongInput for a name of no map, or a set without its document."""
    found = []
    for name in [library.source(name).name for name in names] or library.names():
        for edi in sorted((library.folder / name / "tests").glob("*.edi")):
            document, back = (
                path if path.is_file() else None for path in (edi.with_suffix(".json"), edi.with_suffix(".back.json"))
            )
            if document is None and back is None:
                raise WrongInput("has no document beside it", where=str(edi), do=f"write {edi.stem}.json")
            found.append(Trial(name, edi, document, back))
    return found


def run(library: Library, trial: Trial, *, leaving_out: bool = True) -> Result:
    """Runs a trial in both directions, as far as its map has them; ``leaving_out`` also every segment and field once."""
    source, result, told = library.source(trial.map), Result(trial), set_in(trial.edi)
    kind, own, release = source.kind, source.form == READING, told.release or None
    read_back, written = trial.back or trial.document, trial.document
    reading, writing = _reading(library, trial.map), _writing(library, trial.map)
    if reading is not None and read_back is not None:
        _read(reading, told, from_json(kind, read_back.read_bytes()), own, result)
        if leaving_out:
            _without_segments(reading, told, result)
    if writing is not None and written is not None:
        document = bare(from_json(kind, written.read_bytes()))
        if not own:
            _write(writing, document, told, release, result)
        elif reading is not None and source.turned is not None:
            _there_and_back(reading, writing, document, release, result)
        if leaving_out:
            _without_fields(writing, document, release, result)
    return result


def coverage(library: Library, results: list[Result]) -> list[Coverage]:
    """For each map that has trials, which lines that hold in its own direction none of them used in any."""
    found = []
    for name in dict.fromkeys(result.trial.map for result in results):
        form = library.source(name).form
        lines = (library.reading(name) if form == READING else library.writing(name)).lines()
        seen = set().union(*(result.seen for result in results if result.trial.map == name))
        found.append(Coverage(name, len(lines), {where: what for where, what in lines.items() if where not in seen}))
    return found


def set_in(path: Path) -> TransactionSet:
    """The set in a file: bare, with ``*`` and ``~``, or the first of an interchange. Raises WrongInput if there is none."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise WrongInput(f"cannot be read: {error.strerror}", where=str(path)) from None
    found = sets_in(body)
    if not found:
        raise WrongInput("holds no transaction set", where=str(path))
    return found[0]


def bare(document: Value) -> Value:
    """A document without its extras, which are never written."""
    return replace(document, extras=()) if "extras" in document.__struct_fields__ else document


def _reading(library: Library, name: str) -> ReadingMap | None:
    try:
        return library.reading(name)
    except Collected:
        if library.source(name).form == READING:
            raise
        return None


def _writing(library: Library, name: str) -> WritingMap | None:
    try:
        return library.writing(name)
    except Collected:
        if library.source(name).form != READING:
            raise
        return None


def _read(reading: ReadingMap, told: TransactionSet, expected: Value, own: bool, result: Result) -> None:
    try:
        found, values = reading.trace(told)
    except MapProblem as problem:
        result.differences.append(f"reading: {problem}")
        return
    result.seen |= {one.rule for one in values}
    if not own:
        expected, found = bare(expected), bare(found)
    result.differences += [f"reading: {one}" for one in between_documents(expected, found, EXPECTED)]


def _write(writing: WritingMap, document: Value, told: TransactionSet, release: str | None, result: Result) -> None:
    """In its own direction, a map writes exactly the set, and carries all of the document."""
    try:
        segments, values = writing.trace(document, release=release, component=told.delimiters.component)
    except MapProblem as problem:
        result.differences.append(f"writing: {problem}")
        return
    result.seen |= {one.rule for one in values}
    expected = [segment for segment in told.segments if segment[0] not in ("ST", "SE")]
    result.differences += [f"writing: {one}" for one in between_segments(expected, segments, EXPECTED)]
    result.differences += [f"writing: {one} is not carried" for one in writing.not_carried(document, release=release)]


def _there_and_back(reading: ReadingMap, writing: WritingMap, document: Value, release: str | None, result: Result) -> None:
    """Turned round, a map writes a set that says the same; it need not be the same set."""
    try:
        segments = writing.write(document, release=release)
        again = reading.read(TransactionSet.of([["ST", writing.set_code, "0001"], *segments, ["SE", "", "0001"]]))
    except MapProblem as problem:
        result.differences.append(f"there and back: {problem}")
        return
    result.differences += [f"there and back: {one}" for one in between_documents(document, bare(again), EXPECTED)]


def _without_segments(reading: ReadingMap, told: TransactionSet, result: Result) -> None:
    """Every segment left out once: a document or a problem, never anything else."""
    whole = told.segments
    for at in range(1, len(whole)):
        result.mutations += 1
        changed = TransactionSet.of([*whole[:at], *whole[at + 1 :]], told.delimiters)
        try:
            reading.read(changed)
        except MapProblem:
            continue
        except Exception as error:  # whatever it is, it is what is looked for
            result.crashes.append(f"without segment {at + 1} ({whole[at][0]}): {error!r}")


def _without_fields(writing: WritingMap, document: Value, release: str | None, result: Result) -> None:
    for path, changed in _lacking(document, ""):
        result.mutations += 1
        try:
            writing.write(changed, release=release)
        except MapProblem:
            continue
        except Exception as error:  # whatever it is, it is what is looked for
            result.crashes.append(f"without {path}: {error!r}")


def _lacking(value: Value, path: str) -> Iterator[tuple[str, Value]]:
    """``value`` with each field that it can be without left out, at every depth."""
    for name, found in fields(type(value)).items():
        content, where = getattr(value, name), f"{path}.{name}" if path else name
        if not found.required and content != found.default:
            yield where, replace(value, **{name: found.default})
        if isinstance(content, Value):
            for inner, changed in _lacking(content, where):
                yield inner, replace(value, **{name: changed})
        elif found.part is not None and content:
            for number, one in enumerate(content):
                for inner, changed in _lacking(one, f"{where}[{number}]"):
                    yield inner, replace(value, **{name: (*content[:number], changed, *content[number + 1 :])})
