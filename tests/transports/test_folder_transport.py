"""What a folder on this machine has to withstand beyond the contract."""

from __future__ import annotations

import errno
import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from counterparts import contents

from edi_gateway import files
from edi_gateway.clock import MovableClock
from edi_gateway.errors import NeedsPerson, TryAgain, WrongInput
from edi_gateway.transports.folder import FolderConfig, FolderTransport


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def test_an_old_file_is_taken_at_first_sight(inbox: Path):
    clock = MovableClock(datetime(2026, 1, 5, 14, 0, tzinfo=UTC))
    transport = FolderTransport(FolderConfig(inbox=inbox, stable_for=10.0), clock)
    (inbox / "po.edi").write_bytes(b"ISA")
    os.utime(inbox / "po.edi", (clock.now().timestamp() - 9,) * 2)
    assert transport.look() == []

    os.utime(inbox / "po.edi", (clock.now().timestamp() - 10,) * 2)

    assert [file.name for file in transport.look()] == ["po.edi"]


def test_a_file_from_the_future_settles_too(inbox: Path, clock: MovableClock):
    transport = FolderTransport(FolderConfig(inbox=inbox, stable_for=10.0), clock)
    (inbox / "po.edi").write_bytes(b"ISA")
    os.utime(inbox / "po.edi", ((clock.now() + timedelta(days=1)).timestamp(),) * 2)
    assert transport.look() == []

    clock.advance(timedelta(seconds=10))

    assert [file.name for file in transport.look()] == ["po.edi"]


def test_a_claim_dated_in_the_future_by_a_wrong_clock_is_not_lost(inbox: Path, clock: MovableClock):
    (inbox / "po.edi").write_bytes(b"ISA")
    ahead = FolderTransport(FolderConfig(inbox=inbox, stable_for=0.0), MovableClock(clock.now() + timedelta(days=1)))
    ahead.claim(ahead.look()[0])

    assert [file.name for file in FolderTransport(FolderConfig(inbox=inbox, stable_for=0.0), clock).look()] == ["po.edi"]


def test_a_file_claimed_under_an_odd_name_is_gone_on_with_under_one_that_can_be_written_down(inbox: Path, clock: MovableClock):
    transport = FolderTransport(FolderConfig(inbox=inbox, stable_for=0.0, owner="main"), clock)
    (inbox / ".claimed").mkdir()
    odd = os.fsdecode(b"Bestell\xfcng.edi~20260105T140000Z~main-00000000.claimed")
    (inbox / ".claimed" / odd).write_bytes(b"ISA")

    (seen,) = transport.look()
    claimed = transport.claim(seen)

    assert claimed is not None
    assert claimed.identity.isascii()
    assert transport.fetch(claimed).read() == b"ISA"


def test_a_missing_folder_is_wrong_input_and_not_an_empty_one(tmp_path: Path):
    transport = FolderTransport(FolderConfig(inbox=tmp_path / "nowhere", outbox=tmp_path / "nowhere"))

    for attempt in (transport.look, lambda: transport.send("po.edi", io.BytesIO(b""))):
        with pytest.raises(WrongInput, match="nowhere"):
            attempt()
    assert [(step.step, step.ok) for step in transport.ping()] == [("folder", False)]


def test_a_ping_says_which_folder_may_not_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """By what the system says of the right; whoever runs the tests may have every right there is."""
    folders = [tmp_path / name for name in ("in", "out")]
    for folder in folders:
        folder.mkdir()
    monkeypatch.setattr(os, "access", lambda path, _: path != folders[1])

    *before, last = FolderTransport(FolderConfig(inbox=folders[0], outbox=folders[1])).ping()

    assert [(step.step, step.ok) for step in before] == [("folder", True), ("right", True), ("folder", True)]
    assert (last.step, last.ok) == ("right", False)
    assert str(folders[1]) in last.detail


def test_a_link_planted_as_the_folder_of_claims_is_not_followed(inbox: Path, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    (inbox / ".claimed").symlink_to(tmp_path / "elsewhere")
    (inbox / "po.edi").write_bytes(b"ISA")

    with pytest.raises(NeedsPerson, match="is a link"):
        FolderTransport(FolderConfig(inbox=inbox, stable_for=0.0)).look()


def test_a_claimed_file_swapped_for_a_link_is_not_read(inbox: Path, clock: MovableClock):
    (inbox / "po.edi").write_bytes(b"ISA")
    transport = FolderTransport(FolderConfig(inbox=inbox, stable_for=0.0), clock)
    claimed = transport.claim(transport.look()[0])
    Path(claimed.path).unlink()
    Path(claimed.path).symlink_to("/etc/passwd")

    with pytest.raises(NeedsPerson, match="cannot read"):
        transport.fetch(claimed)


def test_a_full_disk_is_worth_another_try_and_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(_fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    transport = FolderTransport(FolderConfig(outbox=tmp_path))
    monkeypatch.setattr(files.os, "fsync", full)

    with pytest.raises(TryAgain, match="No space"):
        transport.send("po.edi", io.BytesIO(b"ISA"))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_a_case_for_a_person(tmp_path: Path):
    tmp_path.chmod(0o500)

    with pytest.raises(NeedsPerson, match="right"):
        FolderTransport(FolderConfig(outbox=tmp_path)).send("po.edi", io.BytesIO(b"ISA"))


def test_a_file_system_without_hard_links_serves_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def no_links(*_: object, **__: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(files.os, "link", no_links)
    transport = FolderTransport(FolderConfig(outbox=tmp_path))
    transport.send("po.edi", io.BytesIO(b"first"))
    transport.send("po.edi", io.BytesIO(b"first"))

    with pytest.raises(NeedsPerson):
        transport.send("po.edi", io.BytesIO(b"other"))

    assert contents(tmp_path) == {"po.edi": b"first"}


def test_an_archive_on_another_disk_gets_a_whole_copy(inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    real = os.link

    def other_disk(source: Path, name: Path, **options: object) -> None:
        if Path(source).parent.name == ".claimed":
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        real(source, name, **options)

    monkeypatch.setattr(files.os, "link", other_disk)
    transport = FolderTransport(FolderConfig(inbox=inbox, archive=tmp_path / "archive", stable_for=0.0))
    for content in (b"first", b"second"):
        (inbox / "po.edi").write_bytes(content)
        transport.finish(transport.claim(transport.look()[0]))

    assert contents(tmp_path / "archive") == {"po.edi": b"first", "po-2.edi": b"second"}
    assert list((inbox / ".claimed").iterdir()) == []


def test_a_crash_between_archiving_and_letting_go_does_not_archive_twice(inbox: Path, tmp_path: Path):
    (tmp_path / "archive").mkdir()
    transport = FolderTransport(FolderConfig(inbox=inbox, archive=tmp_path / "archive", stable_for=0.0))
    (inbox / "po.edi").write_bytes(b"once")
    claimed = transport.claim(transport.look()[0])
    os.link(claimed.path, tmp_path / "archive" / "po.edi")

    transport.finish(claimed)

    assert contents(tmp_path / "archive") == {"po.edi": b"once"}
    assert transport.look() == []
