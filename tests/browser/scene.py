"""A gateway that runs, with people of every role and documents in every state, served over HTTP for a browser."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from edi_gateway.asgi import application
from edi_gateway.cli.demo.scene import Scene, set_up
from edi_gateway.cli.serve import Web
from edi_gateway.operations import people
from edi_gateway.operations.resume import resume
from edi_gateway.settings import Settings
from edi_gateway.store.database import Database
from edi_gateway.views import orders, traffic

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
            self.scene.buyers[buyer].send_file(name, (ROOT / "sample_docs" / name).read_bytes())
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

    def held(self) -> list[int]:
        """The flows that wait for a person."""
        return [flow.id for flow in traffic.stopped(self.store, "held")]

    def resume_all(self) -> None:
        for flow in self.held():
            resume(self.store, flow, by="scene")
        self.scene.settle()

    def order(self, number: str) -> int:
        """The thread of an order."""
        return next(row.id for row in orders.orders(self.store) if row.number == number)

    def close(self) -> None:
        self.web.stop()
        self.scene.gateway.stop()


def _partners(folder: Path) -> Path:
    """The project's partners; cascade's item codes have to be in the cross-references."""
    shutil.copytree(ROOT / "partners", folder)
    path = folder / "cascade" / "partner.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\ncross_references: {items: required}\n", encoding="utf-8")
    return folder
