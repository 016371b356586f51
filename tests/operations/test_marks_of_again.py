"""In which delimiters a set goes that was written before: those of the day on which it leaves, in composites too."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import NORTHWIND, Desk, Profiles
from partner_says import AT, RELEASE, northwind, order, rejects

from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.request import Request
from edi_gateway.operations.second_pair import ask
from edi_gateway.trading.loader import load
from edi_gateway.x12.delimiters import Delimiters
from edi_gateway.x12.envelope import Identity
from edi_gateway.x12.writer import GroupHeader, InterchangeHeader, write_interchange

Make = Callable[..., Desk]
COMPOSITE = ["REF", "CO", "77", "", "IA>55"]  # REF04 is a composite: 55 is our vendor number
AWAITED = 'guide: "855"\n    awaits: {within: 24h}'


def with_composite(number: str) -> list[list[str]]:
    whole = order(number)
    return [*whole[:4], COMPOSITE, *whole[4:]]


def takes_colons_now(desk: Desk, profiles: Profiles) -> None:
    profiles.replace(NORTHWIND, 'component: ">"', 'component: ":"')
    desk.use(directory=load(profiles.folder))


def again(desk: Desk, operation: str) -> None:
    ask(desk.tools, Request(operation=operation, transaction=desk.sets("855")[0].id, because="mended", by="ann"))
    desk.run()


def inner(desk: Desk) -> list[tuple[str, str]]:
    """ISA16 and REF04 of each 855."""
    return [(one.one("ISA")[16], next(ref[4] for ref in one.all("REF") if len(ref) > 4)) for one in desk.sent("855")]


def test_what_they_rejected_goes_again_in_the_component_separator_agreed_since(profiles: Profiles, make_desk: Make) -> None:
    desk = make_desk()
    desk.drop(northwind(1, with_composite("PO-1")))
    desk.later(minutes=10)
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    takes_colons_now(desk, profiles)
    again(desk, "re-envelope")
    assert inner(desk) == [(">", "IA>55"), (":", "IA:55")]


def test_so_does_what_waits_for_its_window_while_that_is_agreed(profiles: Profiles, make_desk: Make) -> None:
    profiles.replace(NORTHWIND, AWAITED, f'{AWAITED}\n    batch: {{at: ["12:00"]}}')
    desk = make_desk()
    desk.drop(northwind(1, with_composite("PO-1")))
    desk.later(minutes=10)
    takes_colons_now(desk, profiles)
    desk.later(hours=4)
    assert inner(desk) == [(":", "IA:55")]


class TestWhereDelimitersAreChosen:
    """A name of theirs holds the usual element separator."""

    @pytest.fixture
    def rejected(self, profiles: Profiles, make_desk: Make) -> Desk:
        profiles.replace(NORTHWIND, "line_end: lf", "in_data: choose\n  line_end: lf")
        desk = make_desk()
        them, us = Identity("08", "7005551200"), Identity("12", "6125550148")
        header = InterchangeHeader(sender=them, receiver=us, control_number=1, at=AT)
        group = GroupHeader(code="PO", sender=them.id, receiver=us.id, control_number=1, release=RELEASE, at=AT)
        whole = [["N1", "ST", "NORTHWIND*STORES", "92", "0610"] if each[0] == "N1" else each for each in order("PO-1")]
        desk.drop(write_interchange(header, [(group, [whole])], Delimiters(element="|")))
        desk.later(minutes=10)
        desk.drop(northwind(2, rejects("PR", 1, "855")))
        return desk

    def test_they_are_for_what_is_re_enveloped_too(self, rejected: Desk) -> None:
        again(rejected, "re-envelope")
        first, second = rejected.sent("855")
        assert [one.one("N1")[2] for one in (first, second)] == ["NORTHWIND*STORES"] * 2

    def test_once_they_are_not_it_is_held_and_goes_anew_instead(self, rejected: Desk, profiles: Profiles) -> None:
        profiles.replace(NORTHWIND, "in_data: choose\n  ", "")
        rejected.use(directory=load(profiles.folder))
        again(rejected, "re-envelope")
        [held] = [flow for flow in rejected.flows("held") if flow.stage == "envelope"]
        assert "holds the separator '*'" in held.because
        dismiss(rejected.store, held.id, because="it cannot go like that", by="ann")
        again(rejected, "send anew")
        assert [one.one("N1")[2] for one in rejected.sent("855")] == ["NORTHWIND*STORES", "NORTHWIND STORES"]
