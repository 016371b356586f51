"""The data folder a database belongs to: payloads above 256 KB lie in it, so whoever works on the database has to see it.

A file in the folder holds an id, and an event in the database says the same one. A worker on another machine that was given a
folder of its own is refused before it finds every large payload missing.
"""

from __future__ import annotations

import os
import re
import uuid
from io import BytesIO
from pathlib import Path

from edi_gateway import files
from edi_gateway.errors import WrongInput
from edi_gateway.store.database import Database

IDENTITY = "identity"  # the file's name
_KIND = "store.data_folder"


def take_folder(store: Database, folder: Path) -> None:
    """Makes ``folder`` the one of a new database; raises WrongInput where the database belongs to another one."""
    if (known := _known(store)) is None:
        with store.alone():  # two processes may start at once, each on a folder of its own
            if (known := _known(store)) is None:
                return _take(store, folder)
    there = _read(folder)
    if there == known:
        return None
    found = "holds the files of another database" if there else "is not the folder this database's large payloads lie in"
    raise WrongInput(
        f"{found}: its file '{IDENTITY}' should say {known}" + (f", not {there}" if there else ", and is not there"),
        where=str(folder),
        do="give every process the same data folder, on several machines a shared volume (docs/how-to/scale-out.md); "
        f"if that folder is lost for good, write {known} into {folder / IDENTITY}",
    )


def _known(store: Database) -> str | None:
    with store.read() as unit:
        told = unit.events.of_kind(_KIND)
    return told[-1].subject.partition(":")[2] if told else None


def _take(store: Database, folder: Path) -> None:
    id = _read(folder) or uuid.uuid4().hex
    with files.explained("write", folder / IDENTITY):
        folder.mkdir(parents=True, exist_ok=True)
        files.write_once(folder, IDENTITY, BytesIO(f"{id}\n".encode()))
    with store.write() as unit:
        unit.events.tell(_KIND, f"data_folder:{id}", f"large payloads lie in {folder.resolve()} on {os.uname().nodename}")


def _read(folder: Path) -> str:
    """The id in a folder; nothing where there is none. Raises WrongInput for a file that says none."""
    path = folder / IDENTITY
    try:
        text = path.read_text(encoding="ascii").removesuffix("\n")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise WrongInput(f"cannot be read: {error}", where=str(path)) from error
    if not re.fullmatch("[0-9a-f]{32}", text):
        raise WrongInput("should hold 32 hex digits and nothing else", where=str(path), do="restore it from a backup")
    return text
