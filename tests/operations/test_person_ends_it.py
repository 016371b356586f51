"""What a person decides in place of the gateway: refuse what is held, or bring it there by other means."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from busy import Server
from desk import Desk
from partner_says import accepts, change, northwind, order

from edi_gateway.errors import NeedsPerson, WrongInput
from edi_gateway.operations.deliver_out_of_band import deliver_out_of_band
from edi_gateway.operations.reject_hold import reject_hold
from edi_gateway.views.monitor import figures


def test_a_held_order_is_refused_by_an_855_that_rejects_every_line(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    reject_hold(desk.tools, desk.flow("held").id, because="price is below cost", by="ann")
    desk.later(minutes=10)
    [answer] = desk.sent("855")
    assert answer.one("BAK")[2] == "RD"  # rejected, with detail
    assert answer.one("ACK")[1] == "IR"
    assert desk.posted() == []
    assert [event.actor for event in desk.events("flow.refused")] == ["ann"]


def test_a_set_nobody_agreed_on_is_refused_by_its_997_while_that_is_owed(desk: Desk) -> None:
    desk.drop(northwind(1, change("PO-1")))
    assert desk.sent("997") == []  # it waits for a person until half the deadline is gone
    reject_hold(desk.tools, desk.flow("held").id, because="we take no changes", by="ann")
    desk.run()
    [answer] = desk.sent("997")
    assert answer.one("AK5")[1:3] == ["R", "1"]
    assert desk.set("860").acknowledgment == "rejected"
    assert desk.held() == []


def test_what_was_answered_is_not_refused_by_an_acknowledgment_any_more(desk: Desk) -> None:
    desk.drop(northwind(1, change("PO-1")))
    desk.later(hours=23)
    with pytest.raises(WrongInput, match="answered already"):
        reject_hold(desk.tools, desk.flow("held").id, because="we take no changes", by="ann")
    assert len(desk.held()) == 1


def test_a_refusal_needs_a_reason(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    with pytest.raises(WrongInput, match="a reason is needed"):
        reject_hold(desk.tools, desk.flow("held").id, because="", by="ann")


class TestByOtherMeans:
    @pytest.fixture
    def desk(self, make_desk: Callable[..., Desk]) -> Desk:
        return Server(refuses="855", why=NeedsPerson("their server does not take it")).lies_over(make_desk())

    def test_an_interchange_brought_there_is_not_sent_and_waits_for_its_answer(self, desk: Desk) -> None:
        desk.drop(northwind(1, order("PO-1")))
        desk.later(minutes=10)
        deliver_out_of_band(desk.tools, desk.flow("held").id, because="mailed to their desk", by="ann")
        desk.run()
        assert desk.sent("855") == []
        assert (desk.set("855").delivery, desk.set("855").acknowledgment) == ("sent", "awaited")
        desk.drop(northwind(2, accepts("PR", 1, "855")))
        assert desk.set("855").acknowledgment == "accepted"
        assert desk.held() == []

    def test_it_waits_for_its_answer_as_what_the_gateway_sent_does(self, desk: Desk) -> None:
        desk.drop(northwind(1, order("PO-1")))
        desk.later(minutes=10)
        deliver_out_of_band(desk.tools, desk.flow("held").id, because="mailed to their desk", by="ann")
        assert [flow.stage for flow in desk.flows("waiting")] == ["await"]
        assert figures(desk.store).oldest_ready is None

    def test_what_is_not_stopped_is_not_marked(self, desk: Desk) -> None:
        desk.drop(northwind(1, order("PO-1")))
        with pytest.raises(WrongInput, match="only held and dead ones"):
            deliver_out_of_band(desk.tools, desk.flows("done")[0].id, because="by e-mail", by="ann")

    def test_what_is_held_elsewhere_is_not_marked(self, desk: Desk) -> None:
        desk.drop(northwind(1, order("PO-1", price="1")))
        with pytest.raises(WrongInput, match="only what is to be sent or posted"):
            deliver_out_of_band(desk.tools, desk.flow("held").id, because="by e-mail", by="ann")
