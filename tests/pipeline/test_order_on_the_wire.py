"""Interchanges leave in the order of their numbers (R31); what left out of it all the same is told where it happened."""

from __future__ import annotations

from collections.abc import Collection
from typing import BinaryIO

import pytest
from desk import Desk
from partner_says import northwind, order

from edi_gateway.errors import NeedsPerson, TryAgain
from edi_gateway.transports.base import Receipt

FALLBACK = "connection: northwind-mailbox\nfallback: {connection: cascade-mailbox, after: 30m}"


class Wire:
    """A connection that keeps what it took, in order. While it is ``down`` it takes nothing; ``refused`` needs a person."""

    sees_everything = False

    def __init__(self) -> None:
        self.took: list[str] = []
        self.down, self.refused = False, ()
        self.refused: Collection[str]

    def send(self, name: str, _payload: BinaryIO) -> Receipt:
        if self.down:
            raise TryAgain("the line is dead")
        if any(name.startswith(f"{each}_") for each in self.refused):
            raise NeedsPerson("their server is full", do="call them")
        self.took.append(name)
        return Receipt(name)

    def sent(self, _name: str, _size: int) -> Receipt | None:
        return None

    def may_have(self, _name: str) -> bool:
        return False

    @property
    def codes(self) -> list[str]:
        return [name.partition("_")[0] for name in self.took]

    @property
    def numbers(self) -> list[str]:
        return [name.removesuffix(".edi").partition("_")[2] for name in self.took]


@pytest.fixture
def wire() -> Wire:
    return Wire()


def over(desk: Desk, wire: Wire) -> Desk:
    sink = desk.connections.sink
    object.__setattr__(desk.tools, "sink", lambda name: wire if name == "northwind-mailbox" else sink(name))
    return desk


def told(desk: Desk) -> list[tuple[str, str]]:
    """Of each interchange that left out of order: its number, and what is said."""
    return [(event.control_number, event.text) for event in desk.events("compliance.breach") if event.text.startswith("R31")]


def test_a_997_that_was_numbered_later_waits_for_what_waits_for_its_retry(desk: Desk, wire: Wire) -> None:
    over(desk, wire).drop(northwind(1, order("PO-1")))
    wire.down = True
    desk.later(minutes=10)  # the 855 is numbered, and cannot leave
    desk.drop(northwind(2, order("PO-2")))
    assert (wire.codes, len(desk.interchanges("out"))) == (["997"], 3)
    wire.down = False
    desk.later(hours=8)
    assert wire.numbers == sorted(wire.numbers)
    assert set(wire.codes) == {"997", "855", "856", "810"}
    assert told(desk) == []
