from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from edi_gateway.clock import MovableClock
from edi_gateway.erp.contract import PARTNER, an_order
from edi_gateway.erp.simulator import SimulatedErp, default_catalog
from edi_gateway.errors import NeedsPerson, TryAgain

CATALOG = default_catalog()
START = datetime(2026, 1, 5, 14, tzinfo=UTC)


def begun(folder: Path, after: timedelta = timedelta()) -> SimulatedErp:
    return SimulatedErp(folder, MovableClock(START + after), CATALOG)


def test_a_new_process_knows_everything_the_old_one_answered(tmp_path: Path) -> None:
    old = begun(tmp_path)
    posted = old.post_order("k", PARTNER, an_order(500))
    later = begun(tmp_path, timedelta(days=1))
    told = later.pending()
    later.confirm([told[0].id])
    newest = begun(tmp_path, timedelta(days=1))
    assert newest.find("k") == posted
    assert newest.pending() == told[1:]
    assert newest.stock("PB-1001") == later.stock("PB-1001") == 0


def test_cut_off_at_any_byte_it_keeps_every_whole_line_and_goes_on(tmp_path: Path) -> None:
    first = begun(tmp_path / "whole")
    first.post_order("k", PARTNER, an_order())
    begun(tmp_path / "whole", timedelta(days=1)).pending()
    journal = (tmp_path / "whole" / "journal.jsonl").read_bytes()
    opening = journal.index(b"order posted")
    for cut in range(opening, len(journal) + 1, 7):
        folder = tmp_path / str(cut)
        folder.mkdir()
        (folder / "journal.jsonl").write_bytes(journal[:cut])
        erp = begun(folder, timedelta(days=1))
        erp.post_order("k", PARTNER, an_order())
        again = begun(folder, timedelta(days=3))
        assert [event.id for event in again.pending()] == [
            "SO100001/decided/1",
            "SO100001/shipped/1",
            "SO100001/billed/SO100001-1",
        ]
        whole_lines = journal[:cut].rpartition(b"\n")[0]
        assert (folder / "journal.jsonl").read_bytes().startswith(whole_lines)


def test_a_line_that_is_no_entry_is_named_by_file_and_line(tmp_path: Path) -> None:
    begun(tmp_path).close()
    path = tmp_path / "journal.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], b'{"type":"never heard of"}\n', *lines[1:]]))
    with pytest.raises(NeedsPerson, match=r"journal\.jsonl:2: is no journal entry"):
        begun(tmp_path)


PROGRAM = """
import sys
from pathlib import Path
from edi_gateway.erp.contract import PARTNER, an_order
from edi_gateway.clock import MovableClock
from edi_gateway.erp.simulator import SimulatedErp
erp = SimulatedErp(Path(sys.argv[1]), MovableClock())
for number in range(100000):
    print(number, erp.post_order(str(number), PARTNER, an_order(1, number=str(number))).reference, flush=True)
"""


def test_killed_in_the_middle_it_has_everything_it_answered_for(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent
    )
    assert program.stdout
    answered = [program.stdout.readline() for _ in range(25)]
    program.send_signal(signal.SIGKILL)
    answered += program.stdout.readlines()
    program.wait()
    program.stdout.close()
    erp = SimulatedErp(tmp_path, MovableClock(), CATALOG)
    for key, reference in (line.split() for line in answered if line.endswith("\n")):
        found = erp.find(key)
        assert found
        assert found.reference == reference


def test_what_is_posted_in_one_go_is_forced_to_the_disk_once_and_what_cannot_be_is_known_to_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erp = begun(tmp_path)
    forced: list[int] = []
    monkeypatch.setattr(os, "fsync", forced.append)
    with erp.in_one_go():
        for key in ("k1", "k2", "k3"):
            erp.post_order(key, PARTNER, an_order(number=key))
        assert forced == []
    assert len(forced) == 1
    erp.post_order("k4", PARTNER, an_order(number="k4"))
    assert len(forced) == 2

    def fails(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(TryAgain, match="No space left on device"), erp.in_one_go():
        erp.post_order("k5", PARTNER, an_order(number="k5"))


def test_what_could_not_be_forced_is_said_to_be_there_only_when_it_is_forced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erp, real = begun(tmp_path), os.fsync

    def fails(_file: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(TryAgain), erp.in_one_go():
        posted = erp.post_order("k", PARTNER, an_order())
    with pytest.raises(TryAgain, match="Input/output error"):
        erp.find("k")
    monkeypatch.setattr(os, "fsync", real)
    assert erp.find("k") == posted


def test_what_a_process_that_was_killed_had_not_forced_is_forced_by_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[int] = []
    old = begun(tmp_path)
    with old.in_one_go():
        posted = old.post_order("k", PARTNER, an_order())
        monkeypatch.setattr(os, "fsync", forced.append)
        new = begun(tmp_path)  # and the old one never comes to its end
        forced.clear()
        again = begun(tmp_path)
        assert (new.find("k"), again.find("k")) == (posted, posted)
        assert forced
        monkeypatch.undo()


def test_a_failure_that_the_system_told_to_another_thread_is_the_batchs_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    erp, real, fails = begun(tmp_path), os.fsync, [True]

    def fsync(file: int) -> None:
        if fails and fails.pop():  # Linux tells an open file of a failed write once
            raise OSError(5, "Input/output error")
        real(file)

    def restock() -> None:
        with pytest.raises(TryAgain):
            erp.restock("PB-1001", Decimal(1))

    with pytest.raises(TryAgain, match="could not be forced"), erp.in_one_go():
        erp.post_order("k", PARTNER, an_order())
        monkeypatch.setattr(os, "fsync", fsync)
        other = threading.Thread(target=restock)
        other.start()
        other.join()
