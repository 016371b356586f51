"""Apply: what the files in partners/ and maps/ say comes into force, version by version; every version is kept."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from difflib import unified_diff
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import TypeAdapter

from edi_gateway.errors import WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.operations.guides import hold_against_guides
from edi_gateway.operations.maps import MAP, body, check, in_use, maps_in_force, try_out
from edi_gateway.operations.stranded import refuse_to_strand
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.store.versions import Version
from edi_gateway.trading.alerts import Alerts
from edi_gateway.trading.compliance.pack import CompliancePack
from edi_gateway.trading.connector import Connector
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.loader import load
from edi_gateway.trading.profile import Connection, OurIdentity, TradingPartner
from edi_gateway.trading.versions import to_json, version_of
from edi_gateway.x12 import guide

__all__ = ["Change", "ChangedElsewhere", "apply", "compare", "differences", "in_force", "maps_in_force", "newest"]

T = TypeVar("T")

_IDENTITY, _PARTNER, _CONNECTOR = TypeAdapter(OurIdentity), TypeAdapter(TradingPartner), TypeAdapter(Connector)
_CONNECTION: TypeAdapter[Connection] = TypeAdapter(Connection)
_ALERTS, _COMPLIANCE = TypeAdapter(Alerts), TypeAdapter(CompliancePack)
_GUIDE = "guide"  # named partner/guide; its body is the guide's canonical text
_KINDS = ("identity", "partner", "connection", "connector", "alerts", "compliance", _GUIDE)


class Thing(NamedTuple):
    """What files say about one thing; two texts of one version mean the same."""

    version: str
    body: str


_GONE = Thing("", "")


class Change(NamedTuple):
    """One thing that differs between the files and what is in force."""

    kind: str
    name: str
    how: str  # new, changed, removed, same
    before: str
    after: str
    elsewhere: str = ""  # who changed what is in force, when, since the files last said it


class ChangedElsewhere(WrongInput):
    """What is in force was changed in the console or over the API, and the files do not know of it."""


class Files(NamedTuple):
    """What the files say; ``library`` is None where the maps in force are to stay as they are."""

    things: dict[tuple[str, str], Thing]
    directory: Directory
    library: Library | None


def compare(store: Database, partners: Path, maps: Path | None = None) -> list[Change]:
    """What applying the files would change; without ``maps``, of partners alone. Raises Collected with every mistake in them."""
    files = _read(partners, maps)
    with store.read() as unit:
        return list(_changes(unit, files))


def apply(store: Database, partners: Path, maps: Path | None = None, *, by: str, force: bool = False) -> list[Change]:
    """Puts the files in force; returns what changed. Without ``maps``, the maps in force stay as they are.

    A map that is new or changed is checked first, and its stored tests are run; all are held against the guides. Raises Collected
    with every mistake, ChangedElsewhere where, without ``force``, it would undo what somebody changed in the console or over
    the API since the files were applied, and WrongInput where what waits at a connection or a connector would be left without it;
    and then nothing has changed.
    """
    files = _read(partners, maps)
    with store.read() as unit:
        found = list(_changes(unit, files))
    if not force:
        _refuse_to_undo(found)
    _check_maps(files, found)
    hold_against_guides(files.directory, files.library or maps_in_force(store))
    with store.write() as unit:
        found = list(_changes(unit, files))
        if not force:
            _refuse_to_undo(found)
        changes = [change for change in found if change.how != "same"]
        refuse_to_strand(unit, [(change.kind, change.name) for change in changes if change.how == "removed"])
        for kind, name in unit.versions.elsewhere():
            if kind != MAP or files.library is not None:
                unit.versions.is_in_files(kind, name)  # as it is, or as it will be in a moment
        for change in changes:
            thing = files.things.get((change.kind, change.name), _GONE)
            unit.versions.apply(change.kind, change.name, thing.version, thing.body, by=by, from_files=True)
            told = f"{change.how}, version {thing.version[:12]}"
            unit.events.tell("profile.applied", f"{change.kind}:{change.name}", told, actor=by)
        return changes


def _refuse_to_undo(changes: Iterable[Change]) -> None:
    """Raises ChangedElsewhere for what the files would put back as it was."""
    undone = [change for change in changes if change.how != "same" and change.elsewhere]
    if not undone:
        return
    told = "; ".join(f"{each.kind} {each.name} {each.elsewhere}" for each in undone)
    raise ChangedElsewhere(
        f"the files would undo what was changed elsewhere since they were applied: {told}",
        do="'partner diff' shows it, 'partner export FOLDER' writes what is in force to take it over into the files; "
        "'partner apply --force' puts the files in force all the same",
    )


def in_force(store: Database) -> Directory | None:
    """The directory as applied; None where nothing was yet."""
    with store.read() as unit:
        current = {key: version for key, version in unit.versions.current().items() if version}
        bodies = {key: unit.versions.body(*key, version) for key, version in current.items() if key[0] in _KINDS}
    if not bodies:
        return None
    guides = {name: guide.loads(body, f"guide {name}") for (kind, name), body in bodies.items() if kind == _GUIDE}
    return Directory(
        tuple(_each(bodies, "identity", _IDENTITY).values()),
        tuple(_each(bodies, "partner", _PARTNER).values()),
        tuple(_each(bodies, "connection", _CONNECTION).values()),
        {(name.partition("/")[0], name.partition("/")[2]): one for name, one in guides.items()},
        tuple(_each(bodies, "connector", _CONNECTOR).values()),
        next(iter(_each(bodies, "alerts", _ALERTS).values()), Alerts()),
        _each(bodies, "compliance", _COMPLIANCE),
    )


def _each(bodies: dict[tuple[str, str], str], kind: str, type_: TypeAdapter[T]) -> dict[str, T]:
    """Everything of a kind, by name."""
    return {name: type_.validate_json(body) for (each, name), body in sorted(bodies.items()) if each == kind}


def differences(before: str, after: str) -> list[str]:
    """Where two canonical profiles, or the files of two maps, differ: ``path: old → new``, one line each."""
    old, new = ({path: value for path, value in _leaves(json.loads(text or "{}")) if value != ""} for text in (before, after))
    paths = [path for path in sorted(old.keys() | new) if old.get(path) != new.get(path)]
    return [line for path in paths for line in _said(path, old.get(path), new.get(path))]


def _said(path: str, old: object, new: object) -> Iterator[str]:
    """A value is shown whole, a text of many lines by the lines that differ."""
    if "\n" not in f"{old}{new}":
        yield f"{path}: {'—' if old is None else old} → {'—' if new is None else new}"
        return
    lines = unified_diff(str(old or "").splitlines(), str(new or "").splitlines(), lineterm="", n=0)
    yield from (f"{path}: {line}" for line in lines if not line.startswith(("---", "+++", "@@")))


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        names = [_name_of(inner) for inner in value]
        for place, (name, inner) in enumerate(zip(names, value, strict=True), 1):
            yield from _leaves(inner, f"{path}[{name if name and names.count(name) == 1 else place}]")
    elif isinstance(value, list):
        yield path, ", ".join(map(str, value))
    else:
        yield path, value


def _name_of(entry: dict[str, object]) -> str:
    """What an entry of a list is known by, so that one more before it does not change it: an agreement by what it governs."""
    if "direction" not in entry:
        return str(entry.get("name", ""))
    known_by = [str(entry.get(word) or "") for word in ("set", "direction", "release", "usage")]
    return " ".join(filter(None, (*known_by, f"from {entry['valid_from']}" if entry.get("valid_from") else "")))


def _read(partners: Path, maps: Path | None) -> Files:
    library = Library.load(maps) if maps is not None else None
    directory = load(partners, library.names() if library is not None else None)
    things = {(kind, name): Thing(version_of(body), body) for kind, name, body in _profiles(directory)}
    if library is not None:
        things |= {(MAP, name): Thing(library.version(name), body(library, name)) for name in in_use(directory)}
    return Files(things, directory, library)


def _profiles(directory: Directory) -> Iterator[tuple[str, str, str]]:
    for kind, things in (
        ("identity", directory.ourselves),
        ("partner", directory.partners),
        ("connection", directory.connections),
        ("connector", directory.connectors),
    ):
        for thing in things:
            yield kind, thing.name, to_json(thing)
    if directory.alerts != Alerts():
        yield "alerts", "alerts", to_json(directory.alerts)
    for partner, pack in directory.packs.items():
        yield "compliance", partner, to_json(pack)
    for (partner, name), one in directory.guides.items():
        yield _GUIDE, f"{partner}/{name}", one.canonical


def _changes(unit: Unit, files: Files) -> Iterator[Change]:
    kinds = _KINDS if files.library is None else (*_KINDS, MAP)
    current = {key: version for key, version in unit.versions.current().items() if version and key[0] in kinds}
    elsewhere = unit.versions.elsewhere()
    for key in sorted(files.things.keys() | current.keys()):
        old = current.get(key, "")
        new = files.things.get(key, _GONE)
        how = "same" if old == new.version else "new" if not old else "changed" if new.version else "removed"
        before = unit.versions.body(*key, old) if old else ""
        yield Change(*key, how, before, new.body, _by_whom(elsewhere.get(key)))


def _by_whom(version: Version | None) -> str:
    if version is None:
        return ""
    how = "changed" if version.version else "taken away"
    return f"({how} by {version.applied_by}, {version.applied_at:%Y-%m-%d %H:%M} UTC)"


def _check_maps(files: Files, changes: Iterable[Change]) -> None:
    """What is in force already in the same version was checked when it was applied."""
    if files.library is None:
        return
    changed = {change.name for change in changes if change.kind == MAP and change.how in ("new", "changed")}
    used = {name: directions for name, directions in in_use(files.directory).items() if name in changed}
    check(files.library, used)
    try_out(files.library, used)


def newest(store: Database) -> int:
    """The newest change of profiles, connections or maps that was applied; 0 in a new store."""
    with store.read() as unit:
        return unit.versions.newest()
