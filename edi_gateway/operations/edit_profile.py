"""Edit a profile: what a person writes in the console is checked like the files, shown as a difference, and put in force.

Files in ``partners/`` do not learn of it: ``edi-gateway partner export`` writes what is in force.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from edi_gateway.errors import Collected, WrongInput
from edi_gateway.operations.apply import Change, apply, compare, differences, in_force
from edi_gateway.operations.maps import maps_in_force
from edi_gateway.store.database import Database
from edi_gateway.trading.export import files
from edi_gateway.trading.loader import PARTNER, load


class Proposal(NamedTuple):
    """What putting a profile in force would change, line by line."""

    changes: tuple[Change, ...]
    lines: tuple[str, ...]


def text_in_force(store: Database, name: str) -> str:
    """A partner's profile in force as YAML. Raises WrongInput for one there is not."""
    directory = in_force(store)
    if directory is None:
        raise WrongInput("nothing is in force yet", do="run 'edi-gateway partner apply' first")
    directory.partner(name)
    return next(text for path, text in files(directory) if path == f"{name}/{PARTNER}")


def version_in_force(store: Database, name: str) -> str:
    """The version of a partner's profile in force; empty where there is none."""
    with store.read() as unit:
        return unit.versions.current().get(("partner", name), "")


def propose(store: Database, name: str, text: str) -> Proposal:
    """What the text would change; nothing is changed. Raises Collected with every mistake in it, each with its line."""
    with _folder(store, name, text) as folder:
        changes = tuple(change for change in compare(store, folder) if change.how != "same")
    lines = tuple(line for change in changes for line in differences(change.before, change.after))
    return Proposal(changes, lines)


def put_in_force(store: Database, name: str, text: str, *, seen: str, by: str) -> Proposal:
    """Puts the text in force. ``seen`` is the version it was written from. Raises WrongInput where another one is in force."""
    if version_in_force(store, name) != seen:
        raise WrongInput(f"somebody changed {name} meanwhile", do="look at what is in force now, and make your change again")
    proposal = propose(store, name, text)
    with _folder(store, name, text) as folder:
        apply(store, folder, by=by)
    return proposal


@contextmanager
def _folder(store: Database, name: str, text: str) -> Iterator[Path]:
    """What is in force as files, with this partner's as given, and checked: maps have to be in force as well."""
    directory = in_force(store)
    if directory is None:
        raise WrongInput("nothing is in force yet", do="run 'edi-gateway partner apply' first")
    directory.partner(name)
    with tempfile.TemporaryDirectory() as path:
        folder = Path(path)
        for file, said in files(directory):
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_text(text if file == f"{name}/{PARTNER}" else said, encoding="utf-8")
        try:
            load(folder, maps_in_force(store).names())
        except WrongInput as error:
            raise _as_written(error, folder) from None
        yield folder


def _as_written(error: WrongInput, folder: Path) -> WrongInput:
    """Mistakes by line of the text, not of a file that nobody knows."""
    mistakes = error.mistakes if isinstance(error, Collected) else (error,)
    told = [WrongInput(each.what, where=(each.where or "").removeprefix(f"{folder}/"), do=each.do) for each in mistakes]
    return Collected(told)
