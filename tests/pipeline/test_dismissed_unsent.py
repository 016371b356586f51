"""What never left and is dismissed is taken back: its order counts it no more, and its number and labels are free."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from billing_scenes import charge, go_on, po_1_is_taken_up, ship
from desk import Desk, Profiles

from edi_gateway.errors import NeedsPerson
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.store import tables
from edi_gateway.trading.loader import load


class Wants:
    """What a partner's guide asks of a set, or no more; a set that lacks it is held before it is numbered."""

    def __init__(self, profiles: Profiles) -> None:
        self._folder = profiles.folder / "northwind" / "guides"
        self._usual = {path.stem: path.read_text() for path in self._folder.glob("*.yaml")}

    def more(self, desk: Desk, code: str) -> None:
        above = {"810": "segments:\n  ", "856": "  S:\n    "}[code]
        text = self._usual[code].replace(above, above + "REF*ZZ: required" + above[above.index("\n") :], 1)
        (self._folder / f"{code}.yaml").write_text(text)
        desk.use(directory=load(desk.partners))

    def no_more(self, desk: Desk) -> None:
        for code, text in self._usual.items():
            (self._folder / f"{code}.yaml").write_text(text)
        desk.use(directory=load(desk.partners))


@pytest.fixture
def wants(profiles: Profiles) -> Wants:
    return Wants(profiles)


@pytest.fixture(scope="module")
def taken_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return po_1_is_taken_up(tmp_path_factory.mktemp("taken-up") / "data")


@pytest.fixture
def desk(taken_up: Path, tmp_path: Path, make_desk: Callable[..., Desk]) -> Desk:
    return go_on(make_desk, taken_up, tmp_path)


def line(desk: Desk) -> tuple[Decimal, Decimal]:
    """What of the order's one line is shipped and billed."""
    with desk.store.read() as unit:
        found = unit.threads.get(desk.order("PO-1").id).thread.lines[0]
    return found.shipped, found.billed


def let_be(desk: Desk, stage: str) -> None:
    """The one that is held there is dismissed."""
    held = desk.flow("held")
    assert held.stage == stage
    dismiss(desk.store, held.id, because="counted wrong", by="ann")


def test_an_810_held_before_it_was_numbered_is_billed_anew_under_its_number(desk: Desk, wants: Wants) -> None:
    ship(desk, "S1", 48)
    wants.more(desk, "810")
    charge(desk, "N1", "S1", 48)
    assert line(desk) == (48, 48)
    let_be(desk, "compose")
    assert (line(desk), desk.order("PO-1").open) == ((48, 0), 0)
    wants.no_more(desk)
    charge(desk, "N1", "S1", 40)
    assert (line(desk), desk.held()) == ((48, 40), [])
    assert [(one.one("BIG")[2], one.one("TDS")[1]) for one in desk.sent("810")] == [("N1", "74000")]
    assert "the order counts it no more, and its number is free" in desk.events("flow.dismissed")[-1].text


def test_an_856_held_before_it_was_numbered_ships_anew_under_its_number_or_another(desk: Desk, wants: Wants) -> None:
    wants.more(desk, "856")
    ship(desk, "S1", 48)
    let_be(desk, "compose")
    assert line(desk) == (0, 0)
    wants.no_more(desk)
    ship(desk, "S1", 40)
    assert (line(desk), desk.held(), len(desk.sent("856"))) == ((40, 0), [], 1)


def test_what_was_numbered_and_never_left_is_taken_back_too(desk: Desk) -> None:
    ship(desk, "S1", 48)
    usual = desk.tools.sink

    class Full:
        sees_everything = True
        is_at_hand = False

        def send(self, _name: str, _payload: Any) -> None:
            raise NeedsPerson("their server is full", do="call them")

    desk.use(sink=lambda _name: Full())
    charge(desk, "N1", "S1", 48)
    let_be(desk, "send")
    assert line(desk) == (48, 0)
    desk.use(sink=usual)
    charge(desk, "N1", "S1", 40)
    assert (line(desk), desk.held(), len(desk.sent("810"))) == ((48, 40), [], 1)


def test_what_another_has_the_number_of_takes_nothing_from_that(desk: Desk) -> None:
    ship(desk, "S1", 48)
    charge(desk, "N1", "S1", 40)
    charge(desk, "N1", "S1", 8)
    let_be(desk, "check")
    assert line(desk) == (48, 40)


def test_a_shipment_that_is_billed_stays_counted_and_that_is_said(desk: Desk, wants: Wants) -> None:
    wants.more(desk, "856")
    ship(desk, "S1", 48)
    with desk.store.engine.begin() as connection:  # a person set the invoice going before its 856
        connection.execute(sa.update(tables.flow).where(tables.flow.c.state == "held").values(follows=""))
    charge(desk, "N1", "S1", 48)
    let_be(desk, "compose")
    assert line(desk) == (48, 48)
    said = "the order counts it still, and its number stays taken: line 001: 48 EA are billed, and 0 were shipped"
    assert said in desk.events("flow.dismissed")[-1].text
