"""Forty partners: the two that come with the project, and copies of the first under other names and identifiers."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

from edi_gateway.operations.apply import apply
from edi_gateway.store.database import Database

ROOT = Path(__file__).parents[2]
OURS = "12:6125550148"
KEPT = "\nretention:\n  payloads: 1000d\n"  # longer than the traffic goes back: no engine that begins removes what is asked for


class Partner(NamedTuple):
    """A name, the identifier on its interchanges, and how much of all traffic it has, as a weight."""

    name: str
    identity: str
    weight: float

    @property
    def connection(self) -> str:
        return f"{self.name}-mailbox"


def partners(count: int) -> list[Partner]:
    """The first is the largest; each next has a little less, as it is among customers."""
    return [Partner(_name(at), f"08:{7005551200 + 7 * at}", 1 / (at + 1) ** 0.8) for at in range(count)]


def _name(at: int) -> str:
    return "northwind" if at == 0 else f"retailer-{at:02d}"


def put_in_force(store: Database, them: list[Partner], folder: Path) -> None:
    """Profiles, connections and maps of all of them, written into ``folder`` and applied."""
    shutil.copytree(ROOT / "partners", folder)
    profile = (folder / "northwind" / "partner.yaml").read_text() + KEPT
    (folder / "northwind" / "partner.yaml").write_text(profile)
    connection = (folder / "connections" / "northwind-mailbox.yaml").read_text()
    for one in them[1:]:
        shutil.copytree(folder / "northwind", folder / one.name)
        (folder / one.name / "partner.yaml").write_text(_renamed(profile, one))
        (folder / "connections" / f"{one.connection}.yaml").write_text(_renamed(connection, one))
    apply(store, folder, ROOT / "maps", by="benchmark")


def _renamed(text: str, one: Partner) -> str:
    text = text.replace("northwind/850-order", "@").replace("northwind", one.name).replace("@", "northwind/850-order")
    text = text.replace("Northwind Stores", one.name.replace("-", " ").title()).replace("NWDSTORES", one.name.upper()[:15])
    return text.replace("7005551200", one.identity.partition(":")[2])
