"""A small world of partner files, written afresh for each test and spoiled where the test says so."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from edi_gateway.errors import Collected
from edi_gateway.trading.directory import Directory
from edi_gateway.trading.loader import load

OURSELVES = """\
identities:
  - name: main
    title: Larch & Sons
    interchange: ZZ:LARCH
    group: LARCH
"""
PARTNER = """\
name: acme
title: Acme Stores
interchange: [08:ACME01]
group: [ACMEBUY]
connection: acme-folder
agreements:
  - set: 850
    direction: in
    release: 004010
    map: 850-order
"""
CONNECTION = """\
name: acme-folder
kind: folder
senders: [acme]
inbox: /srv/acme/in
outbox: /srv/acme/out
"""


class World:
    """A partners folder; ``write`` puts a file there, ``change`` replaces words in one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("_ourselves.yaml", OURSELVES)
        self.write("acme/partner.yaml", PARTNER)
        self.write("connections/acme-folder.yaml", CONNECTION)

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text))

    def change(self, name: str, old: str, new: str) -> None:
        text = (self.folder / name).read_text()
        assert old in text, f"{name} has no {old!r} to change"
        self.write(name, text.replace(old, new))

    def partner(self, name: str, **words: str) -> None:
        """Another partner like acme, with some of its words changed: ``partner("bolt", group="[BOLT]")``."""
        lines = PARTNER.replace("name: acme\n", f"name: {name}\n")
        for word, value in words.items():
            kept = [line for line in lines.splitlines() if not line.startswith(f"{word}:")]
            lines = "\n".join([*kept[:1], f"{word}: {value}", *kept[1:]]) + "\n"
        self.write(f"{name}/partner.yaml", lines)

    def load(self, **options) -> Directory:
        return load(self.folder, **options)

    def mistakes(self, **options) -> list[str]:
        """Every mistake that loading tells, as ``file:line: what — do``, the folder left out."""
        with pytest.raises(Collected) as caught:
            self.load(**options)
        return [str(each).removeprefix(f"{self.folder}/") for each in caught.value.mistakes]

    def mistake(self, **options) -> str:
        """The only one there is."""
        found = self.mistakes(**options)
        assert len(found) == 1, found
        return found[0]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "partners")
