"""The lock of a data folder: on SQLite the process that has it has the gateway to itself."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from edi_gateway.errors import WrongInput

NAME = "gateway.lock"


def lock_of(data: Path) -> Path:
    """The file whose lock an engine on SQLite has."""
    return data / NAME


def lock_folder(path: Path) -> IO[str]:
    """Takes the lock; it is given back when the file is closed, or the process ends. Raises WrongInput where another has it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a")  # who is refused leaves what is in it
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise WrongInput(
            "another process runs this gateway already",
            where=str(path.parent),
            do="stop it first, or give this one another data folder",
        ) from None
    file.truncate(0)
    return file


def say_run(lock: IO[str], run: int) -> None:
    """Writes into the lock which run of the engine has it; who is no engine writes nothing."""
    lock.write(f"{run}\n")
    lock.flush()


def run_of(path: Path) -> int | None:
    """The run that the lock says has it; None where who has it is no engine, or has not begun yet."""
    said = path.read_text().strip() if path.exists() else ""
    return int(said) if said.isdecimal() else None


def is_locked(path: Path) -> bool:
    """Whether a process has the lock now."""
    if not path.exists():
        return False
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
