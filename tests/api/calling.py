"""A scene over HTTP: a desk, its API, and callers with keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from desk import Desk
from fastapi import FastAPI
from fastapi.testclient import TestClient

from edi_gateway.api.app import create_api
from edi_gateway.api.office import Office
from edi_gateway.operations import keys
from edi_gateway.operations.apply import apply
from edi_gateway.operations.maps import MAP, body, in_use
from edi_gateway.store.vault import Vault, VaultKey, new_key
from edi_gateway.transports.ping import Step


class Calls:
    """The API of a desk; ``admin``, ``operator``, … are clients with keys of their own."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        apply(desk.store, desk.partners, by="scene")
        vault = Vault(desk.store, VaultKey.read(new_key()))
        self.office = Office(desk.store, lambda: desk.tools, self._ping, vault, mailboxes=desk.folder / "mailboxes")
        self.app: FastAPI = create_api(self.office)
        self.admin = self.client("admin")
        self.pinged: list[str] = []

    def client(
        self, scope: str = "", partner: str | None = None, *, connection: str | None = None, lasts: timedelta | None = None
    ) -> TestClient:
        """A caller with a key of this scope; without one, nobody."""
        headers = {}
        if scope:
            of = {"partner": partner, "connection": connection}
            key, _ = keys.make(self.desk.store, f"a {scope} key", scope, **of, lasts=lasts, by="scene")
            headers["Authorization"] = f"Bearer {key}"
        return TestClient(self.app, base_url="http://gateway.test", headers=headers, raise_server_exceptions=False)

    def get(self, path: str, **query: Any) -> Any:
        """What the admin is answered; it has to be 200."""
        answer = self.admin.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def keep_maps(self) -> None:
        """Puts on record the maps that documents are handled under, as applying them does after their tests."""
        maps = self.desk.tools.maps
        with self.desk.store.write() as unit:
            for name in in_use(self.desk.directory):
                unit.versions.apply(MAP, name, maps.version(name), body(maps, name), by="scene")

    def _ping(self, name: str) -> tuple[Step, ...]:
        self.pinged.append(name)
        return (Step("name", True, "found"), Step("port", False, "refused"))
