"""The lock of a data folder: on SQLite the process that has it has the gateway to itself."""

from __future__ import annotations

import fcntl
import time
from pathlib import Path
from typing import IO

from edi_gateway.errors import WrongInput
from edi_gateway.files import explained

NAME = "gateway.lock"
_ASKED_SECONDS = 0.5  # who asks whether it is locked has it for a moment: that is waited for
_AGAIN_SECONDS = 0.02


def lock_of(data: Path) -> Path:
    """The file whose lock an engine on SQLite has."""
    return data / NAME


def lock_folder(path: Path) -> IO[str]:
    """Takes the lock; it is given back when the file is closed, or the process ends. Raises WrongInput where another has it."""
    with explained("lock the data folder", path):
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _open(path, "a")  # who is refused leaves what is in it
        until = time.monotonic() + _ASKED_SECONDS
        while not _take(file, fcntl.LOCK_EX):
            if time.monotonic() > until:
                file.close()
                raise WrongInput(
                    "another process runs this gateway already",
                    where=str(path.parent),
                    do="stop it first, or give this one another data folder",
                )
            time.sleep(_AGAIN_SECONDS)
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
    """Whether a process has the lock now. Raises WrongInput where this user may not ask."""
    with explained("see whether a gateway runs", path):
        try:
            with _open(path, "r") as file:
                return not _take(file, fcntl.LOCK_SH)
        except (FileNotFoundError, NotADirectoryError):
            return False


def _open(path: Path, mode: str) -> IO[str]:
    try:
        return path.open(mode)
    except PermissionError:
        raise WrongInput("is another user's", where=str(path), do="give the command as the user that runs the gateway") from None


def _take(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
