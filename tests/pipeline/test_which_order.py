"""Which order is meant: one rule over the orders that were taken and those that wait for a person."""

from __future__ import annotations

import pytest
from change_scenes import Made, changed, line
from desk import Desk
from partner_says import northwind, order

from edi_gateway.operations.reject_hold import reject_hold
from edi_gateway.operations.resume import resume
from edi_gateway.pipeline.inbound.find_order import find_orders, taken_orders
from edi_gateway.x12.envelope import Segment


def ordered(number: str, *, release: str = "", place: str = "", price: str = "18.5") -> list[Segment]:
    """An order, or a release of a blanket order, for a place; at another price than ours it is held."""
    segments = order(number, price=price)
    if release:
        segments[1] = ["BEG", "00", "RL", number, release, "20261116"]
    if place:
        at = next(index for index, segment in enumerate(segments) if segment[:2] == ["N1", "ST"])
        segments[at] = ["N1", "ST", f"NORTHWIND STORES DC {place}", "92", place]
    return segments


def changed_of(number: str, *, release: str = "", place: str = "", quantity: int = 60) -> list[Segment]:
    """An 860 that asks for more of line 001, with the price that is ours."""
    segments = changed(number, line("PC", 48), line("QI", quantity))
    segments[1][4] = release
    if place:
        segments.insert(2, ["N1", "ST", f"NORTHWIND STORES DC {place}", "92", place])
    return segments


def found(desk: Desk, number: str = "PO-1", **told: str) -> list[tuple[str, str, bool]]:
    """Release, ship-to, and whether it was taken, of each order that may be meant."""
    with desk.store.read() as unit:
        return [(one.release, one.ship_to, one.thread is not None) for one in find_orders(unit, "northwind", "P", number, **told)]


def quantities(desk: Desk, number: str = "PO-1") -> dict[tuple[str, str], int]:
    with desk.store.read() as unit:
        threads = [stored.thread for stored in taken_orders(unit, "northwind", number)]
    return {(one.release_number, one.ship_to): int(one.lines[0].ordered) for one in threads}


def test_a_change_of_another_release_waits_for_that_and_not_changes_a_held_one(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, ordered("PO-1", release="0001", price="1")))
    desk.drop(northwind(2, changed_of("PO-1", release="0002", quantity=480)))
    (waits,) = desk.events("order.change_waits")
    assert waits.text.startswith("order PO-1 of northwind has not come")
    assert desk.events("order.changed") == []
    desk.drop(northwind(3, ordered("PO-1", release="0002")))
    desk.later(hours=1)
    assert quantities(desk) == {("0002", "0610"): 480}
    assert len(desk.held()) == 1  # release 0001, at its price


def test_a_change_that_names_the_place_of_a_held_order_changes_that_one(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, ordered("PO-1", place="0610")))
    desk.drop(northwind(2, ordered("PO-1", place="0423", price="1")))
    assert found(desk) == [("", "0610", True), ("", "0423", False)]
    desk.drop(northwind(3, changed_of("PO-1", place="0423")))
    desk.later(hours=1)
    assert desk.held() == []
    assert quantities(desk) == {("", "0610"): 48, ("", "0423"): 60}


def test_a_change_that_names_no_place_of_two_is_put_to_a_person_though_one_is_held(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, ordered("PO-1", place="0610")))
    desk.drop(northwind(2, ordered("PO-1", place="0423", price="1")))
    desk.drop(northwind(3, changed_of("PO-1")))
    assert any("2 orders of northwind have number PO-1 (ship-to 0610, 0423)" in because for because in desk.held())
    assert quantities(desk) == {("", "0610"): 48}


def test_a_repetition_that_is_held_is_not_meant_beside_its_order(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, ordered("PO-1")))
    desk.drop(northwind(2, ordered("PO-1")))
    assert "is on record already" in desk.held()[0]
    assert found(desk) == [("", "0610", True)]


@pytest.mark.parametrize(("told", "meant"), [({"release": "0002"}, ["0002"]), ({}, ["0001", "0002"]), ({"release": "0003"}, [])])
def test_without_a_release_every_release_may_be_meant(made: Made, told: dict[str, str], meant: list[str]) -> None:
    desk = made()
    desk.drop(northwind(1, ordered("PO-1", release="0001"), ordered("PO-1", release="0002")))
    assert [release for release, _, _ in found(desk, **told)] == meant


def test_an_order_refused_whole_is_meant_only_where_there_is_no_other(made: Made) -> None:
    desk = made()
    desk.drop(northwind(1, ordered("PO-1", price="1")))
    reject_hold(desk.tools, desk.flow("held").id, because="too cheap", by="ann")
    desk.run()
    assert found(desk) == [("", "0610", True)]
    desk.drop(northwind(2, ordered("PO-1", place="0423", price="1")))
    assert found(desk) == [("", "0423", False)]
    resume(desk.store, next(flow.id for flow in desk.flows("held")), by="ann")
    desk.run()
    assert found(desk) == [("", "0423", True)]
