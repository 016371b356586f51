"""A gateway that runs, with people of every role and documents in every state, served over HTTP for a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from pathlib import Path

from edi_gateway.asgi import application
from edi_gateway.bootstrap.certification import Stage, kept
from edi_gateway.bootstrap.in_force import ToolsInForce
from edi_gateway.cli.demo.scene import Scene, set_up
from edi_gateway.cli.running.serve import Web
from edi_gateway.operations import people
from edi_gateway.operations.certificates import add_certificate
from edi_gateway.operations.resume import resume
from edi_gateway.settings import Settings
from edi_gateway.store.database import Database
from edi_gateway.store.selection import Selection
from edi_gateway.store.vault import Vault
from edi_gateway.trading.certificate_making import make_certificate
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.views import orders, traffic
from edi_gateway.views.set_list import Sought, find
from edi_gateway.web.app import create_app
from edi_gateway.web.identify import Everybody

ROOT = Path(__file__).parents[2]
PASSWORD = "correct horse battery staple"
ROLES = {"vera": "viewer", "anna": "analyst", "otto": "operator", "ada": "admin"}
PAID = "4500881201"
OPEN = "C26-30417"  # cascade's: held until its items are in the cross-references


class Desk:
    """The gateway, its buyers and its pages."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(
            data=folder / "data",
            partners=_partners(folder / "files"),
            maps=ROOT / "maps",
            web_port=0,
            sftp_port=0,
        )
        settings.data.mkdir()
        self._dropped = 0
        self.scene: Scene = set_up(settings, ROOT / "sample_docs")
        gateway = self.scene.gateway
        self.store: Database = gateway.store
        for name, role in ROLES.items():
            people.accept(self.store, people.invite(self.store, name, role, by="scene"), name, PASSWORD, "here")
        self.web = Web(application(self.store, lambda: gateway.as2.station, gateway.settings), "127.0.0.1", 0)
        self.web.start()

    @property
    def url(self) -> str:
        return self.web.url.rstrip("/")

    def play(self) -> None:
        """A paid order, a shipped one, a rejected one; two that are held, one for codes of theirs that nobody has entered."""
        self.drop("northwind", "northwind-850-plain.edi", "northwind-850-syntax-errors.edi")
        self.later(minutes=10)
        self.later(hours=8)
        self.scene.buyers["northwind"].look()
        payment = self.scene.buyers["northwind"].pay()
        assert payment is not None
        self.scene.settle()
        self.later(hours=2)
        self.drop("northwind", "northwind-850-allowances.edi")
        self.later(minutes=10)
        self.drop("northwind", "northwind-850-several-sets.edi")
        self.drop("cascade", "cascade-850-plain.edi")
        self.later(minutes=2)

    def drop(self, buyer: str, *names: str) -> None:
        """Files as they come over SFTP."""
        for name in names:
            self._dropped += 1
            self.scene.buyers[buyer].send_file(f"{self._dropped:03d}-{name}", (ROOT / "sample_docs" / name).read_bytes())
            self.scene.settle()

    def later(self, **by: float) -> None:
        """Lets time pass, and what becomes due in it happen; buyers collect and answer."""
        left = timedelta(**by)
        while left > timedelta():
            self.scene.clock.advance(min(left, timedelta(hours=2)))
            left -= timedelta(hours=2)
            self.scene.settle()
            for buyer in self.scene.buyers.values():
                buyer.look()
            self.scene.settle()

    @contextmanager
    def shown_to_everybody(self) -> Iterator[str]:
        """The same gateway's pages as ``demo`` shows them: to whoever comes."""
        web = Web(create_app(self.store, self.scene.gateway.settings, Everybody("demo")), "127.0.0.1", 0)
        web.start()
        try:
            yield web.url.rstrip("/")
        finally:
            web.stop()

    def held(self) -> list[int]:
        """The flows that wait for a person."""
        return [flow.id for flow in traffic.stopped(self.store, "held")]

    def left(self, code: str, number: str) -> int:
        """How many sets of that kind and business number have left in an interchange of theirs."""
        rows = find(self.store, Sought(text=number, meant=Selection(code=code, direction="out")))
        return sum(row.delivery in ("sent", "fetched") and bool(row.interchange) for row in rows)

    def in_force(self, partner: str) -> TradingPartner:
        """A partner's profile in force."""
        return ToolsInForce(self.store)().directory.partner(partner)

    def resume_all(self) -> None:
        for flow in self.held():
            resume(self.store, flow, by="scene")
        self.scene.settle()

    def order(self, number: str) -> int:
        """The thread of an order."""
        return next(row.id for row in orders.orders(self.store) if row.number == number)

    @cache  # noqa: B019  # there is one desk
    def certified(self) -> int:
        """A certification of northwind, played by its main scenario."""
        tools = self.scene.gateway.tools
        stage = Stage(tools.directory, "northwind", tools.maps)
        id = kept.begin(self.store, stage, "northwind", {}, by="anna")
        kept.play(self.store, id, stage, {})
        return id

    @cache  # noqa: B019
    def certificate(self) -> int:
        """A certificate of northwind's that ends soon."""
        bundle = make_certificate("NORTHWIND-2", "Northwind Stores", self.scene.clock.now(), days=20, bits=2048)
        vault = Vault(self.store, None)
        return add_certificate(self.store, vault, "connection:northwind-mailbox", bundle._replace(key=None), "anna").id

    def close(self) -> None:
        self.web.stop()
        self.scene.gateway.stop()


def _partners(folder: Path) -> Path:
    """The project's partners; cascade's item codes have to be in the cross-references."""
    shutil.copytree(ROOT / "partners", folder)
    path = folder / "cascade" / "partner.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\ncross_references: {items: required}\n", encoding="utf-8")
    return folder
