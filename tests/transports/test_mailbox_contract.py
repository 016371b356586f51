"""Our mailboxes keep the contract of transports at both doors: SFTP, and the API."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import pytest
from counterparts import RunningMailbox
from desk import NORTHWIND, Desk
from desk_fixtures import desk, make_desk, profiles
from fastapi.testclient import TestClient
from transport_contract import ArrivalContract, SinkContract, losing_the_sync, take

from edi_gateway.api.app import create_api
from edi_gateway.api.office import Office
from edi_gateway.operations import keys
from edi_gateway.store.vault import Vault, VaultKey, new_key
from edi_gateway.transports.folder import FolderTransport
from edi_gateway.transports.mailbox import mailbox_transport

__all__ = ["desk", "make_desk", "profiles"]


class OverTheApi:
    """A partner's program at its mailbox over HTTP."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._root = desk, desk.folder / "mailboxes"
        vault = Vault(desk.store, VaultKey.read(new_key()))
        self._app = create_api(Office(desk.store, lambda: desk.tools, lambda _: (), vault, mailboxes=self._root))
        self._key, _ = keys.make(desk.store, "their program", "mailbox", connection=f"{NORTHWIND}-mailbox", by="scene")
        self._http = TestClient(self._app, headers={"Authorization": f"Bearer {self._key}"})

    def transport(self, **_: Any) -> FolderTransport:
        return mailbox_transport(self._root, NORTHWIND, self._desk.clock)

    def bring(self, name: str, payload: bytes) -> None:
        assert self._http.post("/mailbox/inbox", params={"name": name}, content=payload).status_code == 202

    def bring_twice(self, name: str, payload: bytes) -> None:
        self.bring(name, payload)
        self.bring(name, payload)

    def break_off(self, name: str, beginning: bytes) -> None:
        """What the server is told when a client goes away in the middle of a body."""
        told = iter([{"type": "http.request", "body": beginning, "more_body": True}, {"type": "http.disconnect"}])
        headers = [(b"authorization", f"Bearer {self._key}".encode()), (b"content-length", b"1000")]
        scope = {"type": "http", "method": "POST", "path": "/mailbox/inbox", "query_string": f"name={name}".encode()}

        async def receive() -> dict[str, Any]:
            return next(told)

        async def send(_: Any) -> None: ...

        more = {"headers": headers, "client": ("192.0.2.1", 1), "server": ("gateway.test", 80), "scheme": "http", "root_path": ""}
        asyncio.run(self._app({**scope, **more}, receive, send))  # type: ignore[arg-type]  # the plainest of ASGI

    def arrived(self) -> list[tuple[str, bytes]]:
        with self._desk.store.read() as unit:
            return [(row.name, unit.payloads.find(row.payload) or b"") for row in self._desk.transmissions("in")]


class TakenOverTheApi(OverTheApi):
    """What waits in the outbox, as the partner's program finds it."""

    def arrived(self, *, hidden: bool = False) -> dict[str, bytes]:  # type: ignore[override]  # the two contracts look differently
        waiting = self._http.get("/mailbox/outbox").json()["items"]
        return {file["name"]: self._http.get(f"/mailbox/outbox/{file['name']}").content for file in waiting}

    def take(self) -> list[bytes]:
        """What has come since it was last asked. That it was fetched is on record: see ``pipeline.outbound.send``."""
        there, before = self.arrived(), self._taken
        self._taken = there
        return [payload for name, payload in there.items() if name not in before]

    _taken: Mapping[str, bytes] = MappingProxyType({})

    losing = staticmethod(losing_the_sync)


class OverSftp:
    """A partner's program at its mailbox over SFTP."""

    def __init__(self, mailbox: RunningMailbox) -> None:
        self._mailbox = mailbox
        self._ours = mailbox_transport(mailbox.root, "acme")

    def bring(self, name: str, payload: bytes) -> None:
        sftp = self._mailbox.raw()
        sftp.putfo(io.BytesIO(payload), f"/inbox/{name}")
        sftp.get_channel().get_transport().close()

    def bring_twice(self, name: str, payload: bytes) -> None:
        self.bring(name, payload)
        self.bring(name, payload)

    def break_off(self, name: str, beginning: bytes) -> None:
        sftp = self._mailbox.raw()
        half = sftp.open(f"/inbox/{name}", "wb")  # kept: a file nobody holds any more is closed, and so complete
        half.write(beginning)
        half.flush()
        sftp.get_channel().get_transport().close()
        self._mailbox.diary.wait_for("logout")

    def arrived(self) -> list[tuple[str, bytes]]:
        taken = [self._ours.claim(file) for file in self._ours.look()]
        found = [(file.name, take(self._ours, file)) for file in taken if file]
        for file in filter(None, taken):
            self._ours.finish(file)
        return found


class TestTakenOverTheApi(SinkContract):
    """What we send waits in the outbox, and is taken over HTTP."""

    @pytest.fixture
    def place(self, desk: Desk) -> TakenOverTheApi:
        return TakenOverTheApi(desk)


class TestBrought(ArrivalContract):
    """What partners bring, at both doors."""

    @pytest.fixture(params=["sftp", "api"])
    def brought(self, request: pytest.FixtureRequest) -> Iterator[OverSftp | OverTheApi]:
        if request.param == "sftp":
            yield OverSftp(request.getfixturevalue("mailbox"))
        else:
            yield OverTheApi(request.getfixturevalue("desk"))
