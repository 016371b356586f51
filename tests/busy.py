"""Servers of partners that refuse files, and an ERP that refuses an order: laid over those of a desk."""

from __future__ import annotations

from typing import Any, BinaryIO

from desk import Desk

from edi_gateway.erp.base import Posted
from edi_gateway.errors import GatewayError, TryAgain
from edi_gateway.transports.base import Receipt


class Over:
    """What lies over a thing and is it, but for what it says otherwise."""

    def __init__(self, under: Any) -> None:
        self.under = under

    def __getattr__(self, name: str) -> Any:
        return getattr(self.under, name)


class Server:
    """Every partner's server: it takes no file whose name begins with what it ``refuses``; None: it takes all."""

    def __init__(self, refuses: str, why: GatewayError | None = None) -> None:
        self.refuses: str | None = refuses
        self.why = why or TryAgain("their server is busy")

    def lies_over(self, desk: Desk) -> Desk:
        """The desk sends everything over it from now on."""
        sink = desk.tools.sink
        desk.use(sink=lambda name: _Refusing(sink(name), self))
        return desk

    def heard(self, name: str) -> None:
        if self.refuses is not None and name.startswith(self.refuses):
            raise self.why


class _Refusing(Over):
    def __init__(self, under: Any, server: Server) -> None:
        super().__init__(under)
        self.server = server

    def send(self, name: str, payload: BinaryIO) -> Receipt:
        self.server.heard(name)
        receipt: Receipt = self.under.send(name, payload)
        return receipt


class RefusesOrder(Over):
    """An ERP that does not get one order done, however often it is given it."""

    def __init__(self, under: Any, number: str) -> None:
        super().__init__(under)
        self.number = number

    def post_order(self, key: str, partner: str, order: Any) -> Posted:
        if order.number == self.number:
            raise TryAgain("500: its item is locked")
        posted: Posted = self.under.post_order(key, partner, order)
        return posted
