"""Apply: what the files in partners/ say comes into force, version by version; every version is kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter

from edi_gateway.mapping.library import Library
from edi_gateway.mapping.rules import READING
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.loader import load
from edi_gateway.trading.profile import Connection, OurIdentity, TradingPartner
from edi_gateway.trading.versions import to_json, version_of
from edi_gateway.x12 import guide

_TYPES: dict[str, TypeAdapter[OurIdentity | TradingPartner | Connection]] = {
    "identity": TypeAdapter(OurIdentity),
    "partner": TypeAdapter(TradingPartner),
    "connection": TypeAdapter(Connection),
}
_GUIDE = "guide"  # named partner/guide; its body is the guide's canonical text
_KINDS = (*_TYPES, _GUIDE)


class Change(NamedTuple):
    """One thing that differs between the files and what is in force."""

    kind: str
    name: str
    how: str  # new, changed, removed, same
    before: str
    after: str


def compare(store: Database, partners: Path) -> list[Change]:
    """What applying the files would change. Raises Collected with every mistake in them."""
    given = {(kind, name): body for kind, name, body in _things(load(partners))}
    with store.read() as unit:
        return list(_changes(unit, given))


def apply(store: Database, partners: Path, *, by: str) -> list[Change]:
    """Puts the files in force; returns what changed."""
    given = {(kind, name): body for kind, name, body in _things(load(partners))}
    with store.write() as unit:
        changes = [change for change in _changes(unit, given) if change.how != "same"]
        for change in changes:
            version = version_of(change.after) if change.after else ""
            unit.versions.apply(change.kind, change.name, version, change.after, by=by)
            unit.events.tell("profile.applied", f"{change.kind}:{change.name}", f"{change.how}, version {version[:12]}", actor=by)
        return changes


def in_force(store: Database) -> Directory | None:
    """The directory as applied; None where nothing was yet."""
    with store.read() as unit:
        current = {key: version for key, version in unit.versions.current().items() if version}
        bodies = {key: unit.versions.body(*key, version) for key, version in current.items() if key[0] in _KINDS}
    if not bodies:
        return None
    things = {
        kind: [_TYPES[kind].validate_json(body) for key, body in sorted(bodies.items()) if key[0] == kind] for kind in _TYPES
    }
    guides = {key[1]: guide.loads(body, f"guide {key[1]}") for key, body in bodies.items() if key[0] == _GUIDE}
    return Directory(
        tuple(things["identity"]),  # type: ignore[arg-type]  # each list holds its own kind
        tuple(things["partner"]),  # type: ignore[arg-type]
        tuple(things["connection"]),  # type: ignore[arg-type]
        {(name.partition("/")[0], name.partition("/")[2]): one for name, one in guides.items()},
    )


def differences(before: str, after: str) -> list[str]:
    """Where two canonical profiles differ: ``path: old → new``, one line each."""
    old, new = (dict(_leaves(json.loads(text or "{}"))) for text in (before, after))
    return [
        f"{path}: {old.get(path, '—')} → {new.get(path, '—')}"
        for path in sorted(old.keys() | new)
        if old.get(path) != new.get(path)
    ]


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for place, inner in enumerate(value, 1):
            yield from _leaves(inner, f"{path}[{place}]")
    else:
        yield path, value


def _things(directory: Directory) -> Iterator[tuple[str, str, str]]:
    for kind, things in (
        ("identity", directory.ourselves),
        ("partner", directory.partners),
        ("connection", directory.connections),
    ):
        for thing in things:
            yield kind, thing.name, to_json(thing)
    for (partner, name), one in directory.guides.items():
        yield _GUIDE, f"{partner}/{name}", one.canonical


def _changes(unit: Unit, given: dict[tuple[str, str], str]) -> Iterator[Change]:
    current = {key: version for key, version in unit.versions.current().items() if version and key[0] in _KINDS}
    for key in sorted(given.keys() | current.keys()):
        before = unit.versions.body(*key, current[key]) if key in current else ""
        after = given.get(key, "")
        how = "same" if before == after else "new" if not before else "changed" if after else "removed"
        yield Change(*key, how, before, after)


def keep_maps(store: Database, library: Library, names: list[str]) -> None:
    """Keeps the version and effective text of every map in use: what a document's map version refers to."""
    sources = [(name, _map_version(library, name), library.source(name).text) for name in names]
    with store.read() as unit:
        current = unit.versions.current()
    if all(current.get(("map", name)) == version for name, version, _ in sources):
        return
    with store.write() as unit:
        for name, version, text in sources:
            unit.versions.apply("map", name, version, text, by="gateway")


def _map_version(library: Library, name: str) -> str:
    written_for_reading = library.source(name).form == READING
    return library.reading(name).version if written_for_reading else library.writing(name).version


def newest(store: Database) -> int:
    """The newest change of profiles or connections that was applied; 0 in a new store."""
    with store.read() as unit:
        return unit.versions.newest()
