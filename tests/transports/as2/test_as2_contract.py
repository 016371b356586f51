"""AS2 keeps the contract of transports: what is sent arrives once and whole, and what a partner brings is ours."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from as2_parties import Dead, Party, Server, Wire
from transport_contract import ArrivalContract, SinkContract

from edi_gateway.errors import TryAgain, Uncertain
from edi_gateway.transports.as2.sink import As2Sink
from edi_gateway.transports.base import Receipt


class Partner:
    """Northwind's station, as whoever sends to it sees it."""

    def __init__(self, acme: Party, northwind: Party, server: Server) -> None:
        self._acme, self._northwind, self._server = acme, northwind, server

    # -- what SinkContract asks of a place

    def transport(self, **_: Any) -> As2Sink:
        return self._acme.sink(Wire(self._northwind))

    # -- what ArrivalContract asks of a way in

    def bring(self, name: str, payload: bytes) -> None:
        Party("ACME", "Northwind").send(payload, name, client=Wire(self._northwind))

    def bring_twice(self, name: str, payload: bytes) -> None:
        """The answer is lost; the same message goes again."""
        with pytest.raises(TryAgain):
            self._acme.send(payload, name, client=Dead(Wire(self._northwind)))
        self._acme.send(payload, name, client=Wire(self._northwind))

    def break_off(self, name: str, beginning: bytes) -> None:
        head = f"POST /as2 HTTP/1.1\r\nHost: x\r\nAS2-From: ACME\r\nAS2-To: Northwind\r\nMessage-ID: <{name}@x>\r\n"
        with socket.create_connection(("127.0.0.1", self._server.port)) as wire:
            wire.sendall(f"{head}Content-Length: {len(beginning) + 1}\r\n\r\n".encode() + beginning)
            wire.shutdown(socket.SHUT_WR)
            wire.recv(1000)  # the server is done with it

    def arrived(self) -> list[tuple[str, bytes]]:
        journal = self._northwind.journal
        return list(zip(journal.file_names, journal.payloads, strict=True))


class SeenAsPlace(Partner):
    """What arrived, by name, as SinkContract looks at it."""

    def arrived(self, *, hidden: bool = False) -> dict[str, bytes]:  # type: ignore[override]  # the two contracts look differently
        return dict(super().arrived())

    _taken = 0

    def take(self) -> list[bytes]:
        """What the partner has from us since it was last asked."""
        new = list(self._northwind.journal.payloads[self._taken :])
        self._taken += len(new)
        return new

    @contextmanager
    def losing(self) -> Iterator[None]:
        post = Wire.post

        def lost(wire: Wire, *request: Any) -> Any:
            post(wire, *request)
            raise Uncertain("no answer in time")

        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(Wire, "post", lost)
            yield


class TestAs2Sink(SinkContract):
    """Sending over AS2."""

    @pytest.fixture
    def place(self, acme: Party, northwind: Party, server: Server) -> SeenAsPlace:
        return SeenAsPlace(acme, northwind, server)

    def check(self, receipt: Receipt, name: str, payload: bytes) -> None:
        """It is named by its Message-ID, and its receipt has proved it."""
        assert receipt.reference.startswith("<")
        assert receipt.confirmed


class TestAs2Station(ArrivalContract):
    """Receiving over AS2."""

    @pytest.fixture
    def brought(self, acme: Party, northwind: Party, server: Server) -> Partner:
        return Partner(acme, northwind, server)
