"""A gateway with the presets as its partners. Servers of other people are mailboxes of ours here."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import NOON, ROOT, Desk

from edi_gateway.clock import MovableClock

PRESETS = ROOT / "presets"


@pytest.fixture
def partners(tmp_path: Path) -> Path:
    """The presets' files, which a scene may change before its gateway begins."""
    folder = tmp_path / "partners"
    shutil.copytree(PRESETS, folder)
    for path in (folder / "connections").glob("*.yaml"):
        text = path.read_text()
        if "kind: sftp" in text:
            senders = re.search(r"^senders: .*$", text, re.MULTILINE)
            assert senders
            path.write_text(f"name: {path.stem}\nkind: mailbox\n{senders[0]}\naccount: {path.stem}\n")
    return folder


@pytest.fixture
def make_desk(tmp_path: Path, partners: Path) -> Iterator[Callable[[], Desk]]:
    """Makes the gateway, once the scene has changed what it wants to."""
    made: list[Desk] = []

    def make() -> Desk:
        made.append(Desk(tmp_path / "data", partners, MovableClock(NOON)))
        return made[-1]

    yield make
    for desk in made:
        desk.close()


@pytest.fixture
def desk(make_desk: Callable[[], Desk]) -> Desk:
    """The gateway, with the presets as they come."""
    return make_desk()
