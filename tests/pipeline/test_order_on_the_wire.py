"""Interchanges leave in the order of their numbers (R31); what left out of it all the same is told where it happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

import pytest
from desk import CASCADE, NORTHWIND, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.errors import NeedsPerson, TryAgain
from edi_gateway.operations.deliver_out_of_band import deliver_out_of_band
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.request import Request
from edi_gateway.operations.resume import resume
from edi_gateway.operations.retransmit import retransmit
from edi_gateway.transports.base import Receipt
from edi_gateway.views.timeline import relatives

FALLBACK = "connection: northwind-mailbox\nfallback: {connection: cascade-mailbox, after: 30m}"


class Wire:
    """A connection that keeps what it took, in order. While it is ``down`` it takes nothing; ``refused`` needs a person."""

    sees_everything = False
    is_at_hand = False

    def __init__(self) -> None:
        self.took: list[str] = []
        self.refused: list[str] = []
        self.down = False

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


def over(desk: Desk, wire: Wire, other: Wire | None = None) -> Desk:
    """Northwind's interchanges go over ``wire``, Cascade's over ``other``."""
    sinks = {"northwind-mailbox": wire, "cascade-mailbox": other or wire}
    object.__setattr__(desk.tools, "sink", sinks.__getitem__)
    return desk


def with_an_855_held(desk: Desk, wire: Wire) -> Desk:
    """The partner's server does not take the 855, a person has to look, and the 997 numbered after it has left."""
    wire.refused = ["855"]
    over(desk, wire).drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    wire.refused = []
    desk.drop(northwind(2, order("PO-2")))
    assert (wire.codes, told(desk)) == (["997", "997"], [])
    return desk


def told(desk: Desk) -> list[tuple[str, str]]:
    """Of each interchange that left out of order: its number, and what is said."""
    return [(event.control_number, event.text) for event in desk.events("compliance.breach") if event.text.startswith("R31")]


def relatives_of(desk: Desk, subject: str) -> list[str]:
    with desk.store.reading() as connection:
        return relatives(connection, subject)


def test_a_997_that_was_numbered_later_waits_for_what_waits_for_its_retry(any_desk: Desk, wire: Wire) -> None:
    over(any_desk, wire).drop(northwind(1, order("PO-1")))
    wire.down = True
    any_desk.later(minutes=10)  # the 855 is numbered, and cannot leave
    any_desk.drop(northwind(2, order("PO-2")))
    assert (wire.codes, len(any_desk.interchanges("out"))) == (["997"], 3)
    wire.down = False
    any_desk.later(hours=1)
    assert wire.codes[:3] == ["997", "855", "997"]
    assert wire.numbers == sorted(wire.numbers)
    assert told(any_desk) == []


def test_acknowledgments_are_numbered_first(desk: Desk, wire: Wire) -> None:
    over(desk, wire).drop(northwind(1, order("PO-1")))
    drain, answers = desk.runner.drain, "answer:northwind"
    desk.runner.drain = lambda lane: 0 if lane == answers else drain(lane)  # type: ignore[method-assign]  # in this scene
    desk.later(minutes=10)
    desk.drop(northwind(2, order("PO-2")))
    first, then = desk.flows("ready")
    assert (first.stage, then.stage) == ("envelope", "acknowledge")
    desk.runner.drain = drain  # type: ignore[method-assign]
    wire.down = True
    desk.run()
    wire.down = False
    desk.later(minutes=10)  # and they leave in that order, though the way of the 855 began first
    assert (wire.codes, wire.numbers == sorted(wire.numbers)) == (["997", "997", "855", "855"], True)


def test_what_was_numbered_first_leaves_first_though_it_is_set_going_last(desk: Desk, wire: Wire) -> None:
    over(desk, wire).drop(northwind(1, order("PO-1")))
    wire.down = True
    desk.later(minutes=10)
    aside = desk.flow("ready")
    with desk.store.write() as unit:
        unit.flows.move(aside, state="held", because="set aside")
    desk.drop(northwind(2, order("PO-2")))
    behind = desk.flow("ready")
    resume(desk.store, aside.id, by="ann")
    with desk.store.read() as unit:
        assert [flow.subject for flow in unit.flows.ready(aside.lane, 9)] == [aside.subject, behind.subject]


def test_one_that_is_held_stops_nobody_and_is_told_of_where_it_leaves_after_all(desk: Desk, wire: Wire) -> None:
    with_an_855_held(desk, wire)
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    text = "R31 ISA13: interchange 000000002 leaves after 000000003, which was numbered later"
    text += " — where they refuse it, re-envelope what is in it"
    assert told(desk) == [("000000002", text)]
    [event] = desk.events("compliance.breach")
    assert event.subject in relatives_of(desk, f"transaction:{desk.set('855').id}")


def test_what_a_person_brought_there_is_told_of_too(desk: Desk, wire: Wire) -> None:
    with_an_855_held(desk, wire)
    deliver_out_of_band(desk.tools, desk.flow("held").id, because="by mail", by="ann")
    assert [number for number, _ in told(desk)] == ["000000002"]


def test_what_never_leaves_breaks_no_order(desk: Desk, wire: Wire) -> None:
    with_an_855_held(desk, wire)
    dismiss(desk.store, desk.flow("held").id, because="not wanted", by="ann")
    desk.run()
    assert told(desk) == []


def test_an_old_number_that_goes_again_goes_behind_what_waits_and_is_not_told_of(desk: Desk, wire: Wire) -> None:
    over(desk, wire).drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.fetch()
    wire.down = True
    desk.drop(northwind(2, order("PO-2")))
    with desk.store.write() as unit:
        retransmit(
            unit, desk.tools, Request(operation="retransmit", transaction=desk.set("855").id, because="they ask", by="ann")
        )
    wire.down = False
    desk.later(hours=1)
    assert wire.numbers[:4] == [
        "northwind_000000001",
        "northwind_000000002",
        "northwind_000000003",
        "northwind_000000002_again_r1",
    ]
    assert told(desk) == []


def test_two_partners_of_one_connection_keep_to_their_own_numbers(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.replace("cascade", "connection: cascade-mailbox", "connection: northwind-mailbox")
    wire = Wire()
    wire.down = True
    desk = over(make_desk(), wire)
    desk.put(northwind(1, order("PO-1")))
    desk.put("cascade-850-plain.edi", at=CASCADE)
    desk.run()
    wire.down = False
    desk.later(hours=1)
    for partner in (NORTHWIND, CASCADE):
        numbers = [number for number in wire.numbers if number.startswith(partner)]
        assert numbers == sorted(numbers) != []
    assert told(desk) == []


def test_what_is_overtaken_on_its_way_over_the_fallback_is_told_of(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.replace("northwind", "connection: northwind-mailbox", FALLBACK)
    usual, fallback = Wire(), Wire()
    desk = over(make_desk(), usual, fallback)
    usual.down = fallback.down = True
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    usual.down = False
    desk.drop(northwind(2, order("PO-2")))
    desk.later(minutes=20)
    fallback.down = False
    desk.later(hours=1)
    assert (usual.codes[0], fallback.codes[0]) == ("855", "997")  # of which the 997 is number 1
    assert fallback.numbers == sorted(fallback.numbers)
    assert "000000001" in [number for number, _ in told(desk)]
