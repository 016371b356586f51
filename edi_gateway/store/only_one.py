"""The lock of a data folder: on SQLite one process has a gateway to itself, for as long as it holds this file."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from edi_gateway.errors import WrongInput

NAME = "gateway.lock"


def only_one(path: Path) -> IO[str]:
    """Takes the lock, which goes with the file that is returned. Raises WrongInput where another process has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise WrongInput(
            "another process runs this gateway already",
            where=str(path.parent),
            do="stop it first, or give this one another data folder",
        ) from None
    return file


def is_taken(path: Path) -> bool:
    """Whether a process holds the lock."""
    if not path.exists():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
