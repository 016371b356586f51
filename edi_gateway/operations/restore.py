"""Restore: a backup is put into a new data folder and made safe to run there; on one that is cut off nothing runs.

A copy of the database alone is a gateway that gives numbers a second time. So the folder is marked before anything is put into
it, and the mark goes when numbers have jumped, what was on its way is held, and all of it is on the disk.
"""

from __future__ import annotations

import os
from contextlib import closing
from io import BytesIO
from pathlib import Path

from edi_gateway.clock import Clock
from edi_gateway.errors import WrongInput
from edi_gateway.files import explained, sync_folder, write_once
from edi_gateway.operations.after_restore import AfterRestore, after_restore
from edi_gateway.operations.backup import DATABASE, Backup, put_back, read_whole
from edi_gateway.store.database import Database
from edi_gateway.store.migrate import migrate

UNFINISHED = "restore.unfinished"
"""The mark, a file in the data folder."""


def restore(folder: Path, data: Path, clock: Clock, *, by: str, jump: int | None = None) -> tuple[Backup, AfterRestore]:
    """Puts a backup into a new data folder. Raises WrongInput for one that is damaged, and where the folder is not empty.

    Raises TryAgain or NeedsPerson where the disk does not take it; the folder is then refused by whatever runs on one, as it is
    after a restore that was killed.
    """
    refuse_unfinished(data)
    about = read_whole(folder, data)
    with explained("restore", data):
        data.mkdir(parents=True, exist_ok=True)
        write_once(data, UNFINISHED, BytesIO())
        put_back(folder, data)
    store = Database(f"sqlite:///{data / DATABASE}", clock, data / "payloads")
    with closing(store):
        migrate(store)
        done = after_restore(store, about.made_at, by=by, jump=jump, data=data)
    with explained("restore", data):
        os.sync()
        (data / UNFINISHED).unlink()
        sync_folder(data)
    return about, done


def refuse_unfinished(data: Path) -> None:
    """Raises WrongInput where a restore into a data folder did not come to its end."""
    if (data / UNFINISHED).exists():
        raise WrongInput(
            "a restore into it was cut off: its numbers would be given a second time",
            where=str(data),
            do="remove what is in it, and restore anew",
        )
