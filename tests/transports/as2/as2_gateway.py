"""A whole gateway with an AS2 connection, in a folder of its own, served on a socket; its partner is a Party of the tests."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import msgspec
from as2_parties import Party, Server
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from edi_gateway.asgi import application
from edi_gateway.bootstrap import Gateway
from edi_gateway.clock import MovableClock
from edi_gateway.operations.certificates import add_certificate
from edi_gateway.settings import load
from edi_gateway.store.vault import new_key
from edi_gateway.trading.certificate_files import Bundle

ROOT = Path(__file__).parents[3]
OURS, THEIRS, CONNECTION = "Meridian Home Goods", "NORTHWIND", "northwind-as2"
VAULT_KEY = new_key()


def write_partners(folder: Path, **said: str) -> None:
    """Partner files in which Northwind trades with us over AS2; ``said`` is what its connection says besides."""
    partners = folder / "partners"
    shutil.copytree(ROOT / "partners", partners)
    ourselves = partners / "_ourselves.yaml"
    ourselves.write_text(ourselves.read_text().replace("    group:", f"    as2_id: {OURS}\n    group:", 1))
    profile = partners / "northwind" / "partner.yaml"
    profile.write_text(profile.read_text().replace("connection: northwind-mailbox", f"connection: {CONNECTION}"))
    lines = {"name": CONNECTION, "kind": "as2", "senders": "[northwind]", "as2_id": THEIRS, **said}
    written = "".join(f"{name}: {value}\n" for name, value in lines.items())
    (partners / "connections" / f"{CONNECTION}.yaml").write_text(written)


class AS2Gateway:
    """The gateway of a folder with partner files. ``run`` runs what is due, on this thread."""

    def __init__(self, folder: Path, clock: MovableClock) -> None:
        data, partners, maps = folder / "data", folder / "partners", ROOT / "maps"
        given = load(data=data, partners=partners, maps=maps, vault_key=VAULT_KEY, sftp_port=0, web_port=0, database=None)
        self.gateway = Gateway(given, clock, serve_mailboxes=False)
        self.store, self.clock = self.gateway.store, clock
        self.server = Server(application(self.store, lambda: self.gateway.as2.station))

    def trust(self, partner: Party, ours: Party) -> None:
        """Keeps the partner's certificate, and the key pair of ``ours`` as ours."""
        assert isinstance(ours.pair.key, RSAPrivateKey)
        add_certificate(self.store, self.gateway.vault, f"connection:{CONNECTION}", Bundle(partner.pair.certificate), "test")
        bundle = Bundle(ours.pair.certificate, (), ours.pair.key)
        add_certificate(self.store, self.gateway.vault, "ourselves:main", bundle, "test")

    def agree(self, **changes: Any) -> None:
        """Changes what is agreed with Northwind, before the first message goes."""
        relations = self.gateway.as2.relations
        ((names, relation),) = relations._relations.items()
        relations._relations[names] = msgspec.structs.replace(relation, **changes)

    def flows(self, stage: str) -> list[str]:
        """The states of the flows at a stage."""
        with self.store.read() as unit:
            states = ("ready", "attempting", "waiting", "held", "dead", "done")
            return [flow.state for state in states for flow in unit.flows.in_state(state) if flow.stage == stage]

    def deliveries(self) -> set[str]:
        """How the sets of ours that were sent stand."""
        with self.store.read() as unit:
            return {one.delivery for id in (1, 2, 3) for one in unit.transactions.in_transmission(id) if one.direction == "out"}

    def run(self) -> None:
        """Runs what is due until nothing is."""
        for _ in range(200):
            if not sum(self.gateway.runner.drain(lane) for lane in self.gateway.runner.sweep()):
                return
        raise AssertionError("the gateway does not come to rest")

    def events(self, kind: str) -> list[str]:
        with self.store.read() as unit:
            return [each.text for each in unit.events.of_kind(kind)]

    def messages(self) -> list[dict[str, object]]:
        """Every AS2 message, the oldest first."""
        with self.store.read() as unit:
            return [msgspec.to_builtins(row) for row in reversed(unit.as2_messages.recent(100))]

    def close(self) -> None:
        self.gateway.connections.close()
        self.store.close()
