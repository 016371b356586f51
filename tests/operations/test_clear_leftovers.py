"""Leftovers of broken uploads go when nobody wrote on for a week; what is complete, fresh or somebody else's stays."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from desk import Desk

from edi_gateway.operations.clear_leftovers import LEFT_FOR, clear_leftovers


@pytest.fixture
def box(desk: Desk) -> Path:
    folder = desk.folder / "mailboxes/northwind"
    (folder / ".uploading").mkdir(parents=True, exist_ok=True)
    for name in ("inbox", "outbox"):
        (folder / name).mkdir(exist_ok=True)
    return folder


def put(desk: Desk, path: Path, age: timedelta) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"ISA*00*")
    written = (desk.clock.now() - age).timestamp()
    os.utime(path, (written, written))
    return path


def clear(desk: Desk) -> int:
    return clear_leftovers(desk.store, desk.folder / "mailboxes")


OLD, FRESH = LEFT_FOR + timedelta(minutes=1), LEFT_FOR - timedelta(minutes=1)


@pytest.mark.parametrize("name", [".uploading/0a1b", "inbox/po.edi.part", "inbox/.po.edi", "inbox/PO.TMP", "outbox/.0a1b.part"])
def test_what_is_not_complete_goes_after_a_week_and_not_before(desk: Desk, box: Path, name: str) -> None:
    left = put(desk, box / name, FRESH)
    assert clear(desk) == 0
    put(desk, left, OLD)
    assert clear(desk) == 1
    assert not left.exists()


def test_half_a_large_payload_that_a_killed_process_left_goes(desk: Desk) -> None:
    left = put(desk, desk.store.files / ".4711-0a1b.part", OLD)
    kept = put(desk, desk.store.files / "0a" / "0a1b", OLD)
    assert clear(desk) == 1
    assert (left.exists(), kept.exists()) == (False, True)


@pytest.mark.parametrize(
    "name", ["inbox/po.edi", "outbox/855.edi", "outbox/theirs.part", "archive/.old.part", "inbox/.claimed/po.edi"]
)
def test_what_is_complete_or_not_ours_to_judge_stays_however_old(desk: Desk, box: Path, name: str) -> None:
    kept = put(desk, box / name, OLD)
    assert clear(desk) == 0
    assert kept.exists()


def test_a_link_is_not_followed(desk: Desk, box: Path, tmp_path: Path) -> None:
    secret = put(desk, tmp_path / "elsewhere" / "secret.part", OLD)
    (box / "inbox/link.part").symlink_to(secret)
    (box / ".uploading").rmdir()
    (box / ".uploading").symlink_to(secret.parent)
    assert clear(desk) == 0
    assert secret.exists()


def test_what_was_removed_is_told_by_name(desk: Desk, box: Path) -> None:
    for number in range(5):
        put(desk, box / f"inbox/{number}.part", OLD)
    assert clear(desk) == 5
    [told] = desk.events("mailbox.cleared")
    assert told.subject == "mailbox:northwind"
    assert told.text == "5 files that nobody wrote on for 7 days removed, never complete: 0.part, 1.part, 2.part …"
