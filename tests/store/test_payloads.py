from __future__ import annotations

import errno
import hashlib
import io
from pathlib import Path

import pytest

from edi_gateway.errors import NeedsPerson, TryAgain
from edi_gateway.store.database import Database
from edi_gateway.store.payloads import IN_ROW, stage

LARGE = b"ISA" * IN_ROW


@pytest.mark.parametrize("body", [b"", b"ISA*00*", bytes(range(256)), LARGE], ids=["empty", "small", "any byte", "large"])
def test_bytes_come_back_as_they_went_in(store: Database, body: bytes) -> None:
    with store.write() as unit:
        sha256 = unit.payloads.put(body)
    with store.read() as unit:
        assert unit.payloads.read(sha256) == body
    assert sha256 == hashlib.sha256(body).hexdigest()


def test_the_same_bytes_twice_are_one_payload(store: Database) -> None:
    with store.write() as unit:
        assert unit.payloads.put(b"twice") == unit.payloads.put(b"twice")


def test_a_large_payload_is_a_file_named_by_its_hash_before_its_row_exists(store: Database) -> None:
    staged = stage(io.BytesIO(LARGE), store.files)
    file = store.files / staged.sha256[:2] / staged.sha256
    assert file.read_bytes() == LARGE
    assert list(store.files.rglob("*.part")) == []


def test_a_lost_file_is_said_and_not_taken_for_empty(store: Database, tmp_path: Path) -> None:
    with store.write() as unit:
        sha256 = unit.payloads.put(LARGE)
    (store.files / sha256[:2] / sha256).unlink()
    with store.read() as unit, pytest.raises(NeedsPerson, match=sha256):
        unit.payloads.read(sha256)


def test_what_comes_again_while_its_file_is_removed_is_to_be_brought_again(store: Database) -> None:
    with store.write() as unit:
        unit.payloads.remove(unit.payloads.put(LARGE))
    staged = stage(io.BytesIO(LARGE), store.files)
    with store.write() as unit:
        unit.payloads.delete_files(store.clock.now())
    with pytest.raises(TryAgain, match="came again while its file was being removed"), store.write() as unit:
        unit.payloads.record(staged)
    with store.write() as unit:
        sha256 = unit.payloads.put(LARGE)
        unit.payloads.delete_files(store.clock.now())
        assert unit.payloads.read(sha256) == LARGE


def test_a_file_that_cannot_be_opened_just_now_is_no_lost_one(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.write() as unit:
        sha256 = unit.payloads.put(LARGE)

    def refused(*_: object) -> None:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(Path, "open", refused)
    with store.read() as unit, pytest.raises(TryAgain, match="Too many open files"):
        unit.payloads.open(sha256)


def test_a_disk_that_does_not_take_a_payload_now_may_take_it_later(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(TryAgain, match="a payload could not be kept: No space left on device — see that the disk has room"):
        stage(io.BytesIO(LARGE), store.files)
