"""Put a profile: one partner or connection changed in the console or by a program, under the same checks as the files.

What is in force is written out as files, the new one takes its place among them, and all of it is loaded: every mistake is told
with file and line. Then the one version comes into force, if nothing else did meanwhile. The files in ``partners/`` do not learn
of it, so ``partner apply`` refuses to undo it until they do.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from edi_gateway.errors import Collected, TryAgain, WrongInput
from edi_gateway.mapping.library import Library
from edi_gateway.operations.apply import in_force
from edi_gateway.operations.guides import hold_against_guides
from edi_gateway.operations.stranded import refuse_to_strand
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.export import as_in_file, file_text, files
from edi_gateway.trading.loader import CONNECTIONS, PARTNER, load
from edi_gateway.trading.profile import Connection, TradingPartner
from edi_gateway.trading.versions import to_json, version_of

_TRIES = 5
_NAME = re.compile(r"[a-z][a-z0-9-]{0,79}")

Profile = dict[str, Any] | str  # plain values, or the text of a file, whose own lines mistakes are told by then
_KINDS: dict[str, TypeAdapter[TradingPartner] | TypeAdapter[Connection]] = {
    "partner": TypeAdapter(TradingPartner),
    "connection": TypeAdapter(Connection),
}


class VersionChanged(WrongInput):
    """It is not the version any more that was to be changed."""


class Put(NamedTuple):
    """A profile as it would be, or is in force now: canonical JSON. ``before`` is empty for a new one."""

    version: str
    body: str
    before: str


def current(store: Database, kind: str, name: str) -> tuple[str, str] | None:
    """Version and canonical JSON of what is in force; None where there is nothing of that name."""
    with store.read() as unit:
        version = unit.versions.current().get((kind, name), "")
        return (version, unit.versions.body(kind, name, version)) if version else None


def as_written(kind: str, body: str) -> dict[str, Any]:
    """A canonical profile as its file would say it, which is what ``put`` takes: defaults left out."""
    return as_in_file(_KINDS[kind].validate_json(body))


def text_of(kind: str, body: str) -> str:
    """A canonical profile as the text of its file."""
    return file_text(as_written(kind, body))


def check(store: Database, maps: Library, kind: str, name: str, profile: Profile) -> Put:
    """What putting it in force would make of it. Raises Collected with every mistake."""
    now = current(store, kind, name)
    body = _checked(_in_force(store), maps, kind, name, profile)
    return Put(version_of(body), body, now[1] if now else "")


def put(store: Database, maps: Library, kind: str, name: str, profile: Profile, *, if_version: str | None, by: str) -> Put:
    """Puts it in force. ``if_version`` is the version it changes, empty for a new one, None for whatever there is.

    Raises VersionChanged where that is not in force, Collected with every mistake; and then nothing has changed.
    """
    for _ in range(_TRIES):
        newest, now = _look(store, kind, name, if_version)
        body = _checked(_in_force(store), maps, kind, name, profile)
        version = version_of(body)
        with store.write() as unit:
            if unit.versions.newest() != newest:
                continue
            if unit.versions.apply(kind, name, version, body, by=by):
                _tell(unit, kind, name, f"{'changed' if now else 'new'}, version {version[:12]}", by)
        return Put(version, body, now[1] if now else "")
    raise _overtaken()


def remove(store: Database, maps: Library, kind: str, name: str, *, if_version: str | None, by: str) -> None:
    """Takes it out of force, a partner with its guides and compliance pack. Raises as ``put`` does, while it is named, and while
    something waits there."""
    for _ in range(_TRIES):
        newest, now = _look(store, kind, name, if_version)
        if now is None:
            raise WrongInput(f"there is no {kind} '{name}'")
        _checked(_in_force(store), maps, kind, name, None)
        with store.write() as unit:
            if unit.versions.newest() != newest:
                continue
            refuse_to_strand(unit, [(kind, name)])
            beside = [each for each in unit.versions.current() if kind == "partner" and _is_of_partner(*each, name)]
            for each in [(kind, name), *beside]:
                unit.versions.apply(*each, "", "", by=by)
            _tell(unit, kind, name, "removed", by)
        return
    raise _overtaken()


def _overtaken() -> TryAgain:
    return TryAgain(
        f"something else was put in force meanwhile, {_TRIES} times in a row", do="give it once more when others are done"
    )


def _is_of_partner(kind: str, name: str, partner: str) -> bool:
    """Whether something lies beside a partner's profile and goes with it: its compliance pack, its guides."""
    return (kind, name) == ("compliance", partner) or (kind == "guide" and name.startswith(f"{partner}/"))


def _look(store: Database, kind: str, name: str, if_version: str | None) -> tuple[int, tuple[str, str] | None]:
    with store.read() as unit:
        newest = unit.versions.newest()
    now = current(store, kind, name)
    there = now[0] if now else ""
    if if_version is not None and if_version != there:
        said = f"version {there[:12]} is in force" if there else "there is none of that name"
        raise VersionChanged(f"{kind} {name} is not what you read: {said}", do="read it again")
    return newest, now


def _in_force(store: Database) -> Directory:
    directory = in_force(store)
    if directory is None:
        raise WrongInput("nothing is in force yet", do="run 'edi-gateway partner apply' first")
    return directory


def _checked(directory: Directory, maps: Library, kind: str, name: str, profile: Profile | None) -> str:
    """The canonical JSON of the profile, as it reads among everything else; ``profile`` None: all of it without this one."""
    if not _NAME.fullmatch(name):
        raise WrongInput(f"'{name}' is no name", do="small letters, digits and hyphens")
    mine = f"{name}/{PARTNER}" if kind == "partner" else f"{CONNECTIONS}/{name}.yaml"
    gone = f"{name}/" if kind == "partner" and profile is None else mine
    written = {path: text for path, text in files(directory) if not path.startswith(gone)}
    if profile is not None:
        written[mine] = profile if isinstance(profile, str) else file_text(profile)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in written.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        loaded = _load(root, maps, name if kind == "partner" else "")
    if profile is None:
        return ""
    return to_json(loaded.partner(name) if kind == "partner" else loaded.connection(name))


def _load(root: Path, maps: Library, changed: str) -> Directory:
    """Raises Collected; mistakes name files as they are called in the partners' folder. ``changed`` is the partner, if one is."""
    try:
        loaded = load(root, maps.names())
        if changed:
            hold_against_guides(loaded, maps, changed)
        return loaded
    except Collected as error:
        raise Collected([_as_called(each, root) for each in error.mistakes]) from None


def _as_called(mistake: WrongInput, root: Path) -> WrongInput:
    return WrongInput(mistake.what, where=(mistake.where or "").removeprefix(f"{root}/") or None, do=mistake.do)


def _tell(unit: Unit, kind: str, name: str, text: str, by: str) -> None:
    unit.events.tell("profile.applied", f"{kind}:{name}", text, partner=name if kind == "partner" else None, actor=by)
