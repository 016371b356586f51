"""Backup: database, payloads, mailboxes and host keys in one folder, made while the gateway runs; and how it is put back."""

from __future__ import annotations

import os
import shutil
from contextlib import closing, suppress
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

import msgspec

from edi_gateway import __version__
from edi_gateway.errors import WrongInput
from edi_gateway.files import explained, sync_folder
from edi_gateway.store import folder_lock
from edi_gateway.store.copying import copy_database
from edi_gateway.store.database import Database
from edi_gateway.store.unit import Unit

DATABASE, ABOUT = "gateway.sqlite3", "backup.json"
_NOT_COPIED = ("gateway.sqlite3", "gateway.sqlite3-wal", "gateway.sqlite3-shm", folder_lock.NAME)


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself. ``chain`` is where the chain of events ended; ``database`` is the SHA-256 of its file."""

    made_at: datetime
    version: str
    chain: str
    database: str
    files: int


def backup(store: Database, data: Path, folder: Path) -> Backup:
    """Copies everything a gateway keeps in ``data`` to a new folder. Raises WrongInput where it is there already.

    Raises TryAgain or NeedsPerson where the disk does not take it.

    The database first: files of payloads are written before the rows that name them, so the copy lacks none but those that
    retention removes meanwhile, which are removed in the copy too. Its folder gets its name when all of it is there, durably.
    """
    if folder.exists():
        raise WrongInput("is there already", where=str(folder), do="name a new folder")
    if folder.resolve().is_relative_to(data.resolve()):
        raise WrongInput("lies in the data folder itself", where=str(folder), do="name a folder elsewhere")
    with explained("back up", folder):
        return _backup(store, data, folder)


def _backup(store: Database, data: Path, folder: Path) -> Backup:
    part = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True, mode=0o700)
    made_at = store.clock.now()
    copy_database(store, part / DATABASE)
    files = _copy(data, part)
    copy = Database(f"sqlite:///{part / DATABASE}", store.clock, part / "payloads")
    with closing(copy), copy.write() as unit:
        _remove(unit, store)
        chain = str(unit.events.head())
    about = Backup(made_at=made_at, version=__version__, chain=chain, database=_digest(part / DATABASE), files=files)
    (part / ABOUT).write_bytes(msgspec.json.format(msgspec.json.encode(about)))
    os.sync()
    part.rename(folder)
    sync_folder(folder.parent)
    return about


def _remove(unit: Unit, store: Database) -> None:
    """Removes from the copy what retention has removed since the database was copied."""
    lacking = unit.payloads.lacking()
    with store.read() as now:
        gone = [sha256 for sha256 in lacking if now.payloads.was_removed(sha256)]
    for sha256 in gone:
        unit.payloads.remove(sha256)


def read_whole(folder: Path, data: Path) -> Backup:
    """What a backup that may be put into ``data`` says of itself, each payload held against its hash.

    Raises WrongInput for one that is damaged, and for a data folder in which something is.
    """
    about = _about(folder)
    if data.exists() and (not data.is_dir() or any(data.iterdir())):
        raise WrongInput("is not empty", where=str(data), do="name a new data folder; nothing is ever restored over another")
    if _digest(folder / DATABASE) != about.database:
        raise WrongInput("is not as it was written", where=str(folder / DATABASE), do="take another backup")
    for payload in _payloads(folder):
        if _digest(payload) != payload.name:
            raise WrongInput("is not as it was written", where=str(payload), do="take another backup")
    return about


def put_back(folder: Path, data: Path) -> None:
    """Copies a backup into a data folder. What was sent since it was made is not in it: only ``restore`` makes it safe to run."""
    data.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / DATABASE, data / DATABASE)
    _copy(folder, data, leave_out=(DATABASE, ABOUT))


def _about(folder: Path) -> Backup:
    do = "name a folder that 'edi-gateway backup' made"
    if not folder.is_dir():
        raise WrongInput("there is no such folder", where=str(folder), do=do)
    for name in (ABOUT, DATABASE):
        if not (folder / name).is_file():
            raise WrongInput(f"is no backup: there is no {name} in it", where=str(folder), do=do)
    try:
        return msgspec.json.decode((folder / ABOUT).read_bytes(), type=Backup)
    except OSError as error:
        raise WrongInput(f"cannot be read: {error.strerror}", where=str(folder / ABOUT), do=do) from error
    except msgspec.DecodeError as error:
        raise WrongInput(f"does not say what a backup says: {error}", where=str(folder / ABOUT), do=do) from error


def _copy(source: Path, target: Path, leave_out: tuple[str, ...] = _NOT_COPIED) -> int:
    """Copies files but those left out; one that goes away meanwhile (fetched from a mailbox) is none that is missing."""
    copied = 0
    for path in sorted(source.rglob("*")):
        name = path.relative_to(source)
        if str(name) in leave_out or not path.is_file() or path.name.endswith(".part"):
            continue
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            shutil.copy2(path, target / name)
            copied += 1
    return copied


def _payloads(folder: Path) -> list[Path]:
    return [path for path in (folder / "payloads").glob("??/*") if path.is_file()]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
