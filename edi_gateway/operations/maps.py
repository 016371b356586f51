"""Maps in force: the files that a map in use is made of, kept in the store under the map's version."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from edi_gateway.errors import WrongInput
from edi_gateway.mapping import trials
from edi_gateway.mapping.errors import Mistakes
from edi_gateway.mapping.library import Library
from edi_gateway.store.database import Database
from edi_gateway.trading.directory import Directory

MAP = "map"


def in_use(directory: Directory) -> dict[str, set[str]]:
    """The maps that agreements name, and the directions (``in``, ``out``) in which they do."""
    used: dict[str, set[str]] = {}
    for partner in directory.partners:
        for agreement in partner.agreements:
            used.setdefault(agreement.map, set()).add(agreement.direction)
    return dict(sorted(used.items()))


def body(library: Library, name: str) -> str:
    """What the store keeps of a map: every file it is made of, by path, as JSON."""
    return json.dumps(library.texts(name), sort_keys=True, ensure_ascii=False)


def maps_in_force(store: Database, before: Library | None = None) -> Library:
    """The maps as applied; none in a new store. ``before`` itself where it says the same: what it made of them stays made."""
    with store.read() as unit:
        bodies = unit.versions.in_force(MAP)
    texts: dict[str, str] = {}
    for one in bodies:  # oldest first: a file that two maps share is as the newest of them has it
        texts.update(json.loads(one))
    return before if before is not None and before.says(texts) else Library.of(texts)


def map_of_version(store: Database, name: str, version: str) -> Library:
    """A map as it was when a document was handled under ``version`` of it."""
    with store.read() as unit:
        return Library.of(json.loads(unit.versions.body(MAP, name, version)))


def check(library: Library, used: dict[str, set[str]]) -> None:
    """Holds maps against their sets and documents, in the directions they are used in. Raises Collected with every mistake."""
    mistakes = Mistakes()
    for name, directions in used.items():
        try:
            library.check(name, constants=False)
            if "in" in directions:
                library.reading(name)
            if "out" in directions:
                library.writing(name)
        except WrongInput as error:
            mistakes.take(error, f"map {name}")
    mistakes.raise_if_any()


def try_out(library: Library, names: Iterable[str]) -> None:
    """Runs the stored tests of maps. Raises Collected with everything that came out otherwise than they say."""
    mistakes = Mistakes()
    for failure in _failures(library, names):
        mistakes.add(failure.what, failure.where or "", failure.do)
    mistakes.raise_if_any()


def _failures(library: Library, names: Iterable[str]) -> Iterator[WrongInput]:
    for name in names:
        for trial in trials.trials(library, name):
            for difference in trials.run(library, trial, leaving_out=False).differences:
                yield WrongInput(difference, where=str(trial.edi), do="mend the map or its stored test: 'edi-gateway map test'")
