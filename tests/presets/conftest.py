"""A gateway with the presets as its partners. Servers of other people are mailboxes of ours here."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import NOON, ROOT, Desk

from edi_gateway.clock import MovableClock

PRESETS = ROOT / "presets"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "partners"
    shutil.copytree(PRESETS, folder)
    for path in (folder / "connections").glob("*.yaml"):
        text = path.read_text()
        if "kind: sftp" in text:
            senders = re.search(r"^senders: .*$", text, re.MULTILINE)
            assert senders
            path.write_text(f"name: {path.stem}\nkind: mailbox\n{senders[0]}\naccount: {path.stem}\n")
    desk = Desk(tmp_path / "data", folder, MovableClock(NOON))
    yield desk
    desk.close()
