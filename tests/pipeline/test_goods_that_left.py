"""Goods that left are told of in time, whatever of their order waits for a person; what is owed for them is owed at once."""

from __future__ import annotations

from billing_scenes import charge, ship
from change_scenes import Made, balances, changed, line, said
from desk import Desk
from partner_says import northwind, order

from edi_gateway.operations.resume import resume

DOUBTFUL = line("QI", 12)  # an increase to fewer than are ordered: a person has to say


def held_change(desk: Desk) -> Desk:
    """PO-1 is confirmed, and a change of it waits for a person; what leaves is told by hand."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=30)
    desk.drop(northwind(2, changed("PO-1", DOUBTFUL)))
    assert "quantity increase to 12" in desk.held()[0]
    desk.erps.clear()
    return desk


def test_goods_that_left_are_told_and_billed_while_a_change_waits_which_is_too_late_then(made: Made) -> None:
    desk = held_change(made("changes: {answered_by: '865'}"))
    ship(desk, "S1", 48)
    charge(desk, "I1", "S1", 48)
    assert desk.codes() == ["997", "855", "997", "856", "810"]
    resume(desk.store, desk.flow("held").id, by="ann")
    desk.run()
    assert len(desk.events("order.change_too_late")) == 1
    assert said(desk, "865") == [("00", [("IR", "12")])]
    assert balances(desk, "ordered", "shipped", "billed") == [(48, 48, 48)]


def test_a_change_waits_behind_the_one_before_it_that_waits_for_a_person(made: Made) -> None:
    desk = held_change(made())
    desk.drop(northwind(3, changed("PO-1", line("QI", 72))))
    assert [flow.stage for flow in desk.flows("ready")] == ["translate"]
    assert balances(desk, "ordered") == [(48,)]


def test_the_same_order_again_that_waits_for_a_person_holds_up_nothing_of_the_first(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(northwind(2, order("PO-1")))
    assert "is on record already" in desk.held()[0]
    desk.later(hours=8)
    assert desk.codes() == ["997", "997", "855", "856", "810"]
