"""The lock of a data folder: one has it; who only asks whether somebody has keeps nobody from taking it."""

from __future__ import annotations

import errno
import fcntl
from pathlib import Path
from typing import IO

import pytest

from edi_gateway.errors import WrongInput
from edi_gateway.store import folder_lock
from edi_gateway.store.folder_lock import is_locked, lock_folder


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    """That of an engine that ran before."""
    path = tmp_path / "data" / "gateway.lock"
    lock_folder(path).close()
    return path


def test_who_has_it_has_it_alone_and_everybody_sees_that(lock: Path) -> None:
    assert not is_locked(lock)
    with lock_folder(lock):
        assert is_locked(lock)
        with pytest.raises(WrongInput, match="another process runs this gateway already"):
            lock_folder(lock)
    assert not is_locked(lock)


def test_where_none_ever_ran_nobody_has_it(tmp_path: Path) -> None:
    assert not is_locked(tmp_path / "nowhere" / "gateway.lock")


def test_an_engine_that_starts_while_somebody_asks_is_not_refused(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asking = lock.open()
    fcntl.flock(asking, fcntl.LOCK_SH)
    monkeypatch.setattr(folder_lock.time, "sleep", lambda _seconds: asking.close())  # it asked, and was told
    with lock_folder(lock):
        assert asking.closed
        assert is_locked(lock)


def test_another_users_lock_is_said_to_be_that(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, *_: str) -> IO[str]:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refused)
    for ask in (is_locked, lock_folder):
        with pytest.raises(WrongInput, match=r"gateway\.lock: is another user's — give the command as the user that runs"):
            ask(lock)
