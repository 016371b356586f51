"""Approving what our rules held: by whom, of what, and not of what it is no longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from desk import Desk, Profiles
from partner_says import northwind, order

from edi_gateway.documents.order import Order
from edi_gateway.erp.base import Advice
from edi_gateway.erp.simulator import SimulatedErp
from edi_gateway.errors import WrongInput
from edi_gateway.operations.approve import approve_order, refuse_order
from edi_gateway.operations.reject_hold import reject_hold
from edi_gateway.operations.resume import resume
from edi_gateway.store.approvals import Approvals


def open_approvals(desk: Desk) -> list[int]:
    with desk.store.read() as unit:
        return [asked.id for asked in unit.approvals.open()]


def test_an_approved_order_goes_on_and_who_and_why_is_on_record(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    (asked,) = open_approvals(desk)
    approve_order(desk.store, asked, because="agreed by phone", by="anna")
    desk.run()
    desk.later(hours=1)
    assert desk.codes() == ["997", "855"]
    (given,) = desk.events("approval.given")
    assert (given.actor, "agreed by phone" in given.text) == ("anna", True)


def test_only_who_is_named_for_a_rule_may_approve(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.replace("northwind", "orders:\n", "orders:\n  approvers: {price: [anna]}\n")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1", price="1")))
    (asked,) = open_approvals(desk)
    with pytest.raises(WrongInput, match="ben may not approve this — ask anna"):
        approve_order(desk.store, asked, because="fine", by="ben")
    with pytest.raises(WrongInput, match="ben may not approve this"):
        resume(desk.store, desk.flow("held").id, by="ben")
    approve_order(desk.store, asked, because="fine", by="anna")
    desk.run()
    assert desk.held() == []


def test_an_approval_holds_no_longer_when_the_erp_says_something_else_by_then(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    (asked,) = open_approvals(desk)
    desk.erp.count_stock("PB-1001", desk.erp.stock("PB-1001") - 450)  # 30 are left of 48
    approve_order(desk.store, asked, because="fine", by="anna")
    desk.run()
    assert len(desk.held()) == 1
    (anew,) = open_approvals(desk)
    assert anew != asked
    approve_order(desk.store, anew, because="with a backorder, then", by="anna")
    desk.run()
    desk.later(hours=1)
    assert [ack[1] for ack in desk.sent("855")[0].all("ACK")] == ["IA", "IB"]


def test_an_approval_is_given_once(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    (asked,) = open_approvals(desk)
    approve_order(desk.store, asked, because="fine", by="anna")
    with pytest.raises(WrongInput, match="is given already, by anna"):
        approve_order(desk.store, asked, because="fine", by="anna")


def test_a_refused_order_is_answered_by_an_855_that_rejects_it(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    (asked,) = open_approvals(desk)
    refuse_order(desk.tools, asked, because="not at this price", by="anna")
    desk.run()
    desk.later(hours=1)
    assert desk.sent("855")[0].one("BAK")[2] == "RD"
    assert open_approvals(desk) == []


def test_an_order_is_not_refused_without_its_approval_being_answered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object, **__: object) -> None:
        raise RuntimeError("the gateway stops here")

    desk.drop(northwind(1, order("PO-1", price="1")))
    (asked,) = open_approvals(desk)
    with monkeypatch.context() as stopping, pytest.raises(RuntimeError):
        stopping.setattr(Approvals, "answer", stop)
        refuse_order(desk.tools, asked, because="not at this price", by="anna")
    assert (len(desk.held()), open_approvals(desk)) == (1, [asked])


def test_an_order_that_is_rejected_as_a_hold_waits_for_no_approval(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    (asked,) = open_approvals(desk)
    reject_hold(desk.tools, desk.flow("held").id, because="not at this price", by="anna")
    with desk.store.read() as unit:
        answered = unit.approvals.find(asked)
    assert answered is not None
    assert (answered.state, answered.answered_by) == ("refused", "anna")


def test_the_same_order_twice_is_one_order_though_both_were_held_and_approved(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1", price="1")))
    desk.drop(northwind(2, order("PO-1", price="1")))
    for asked in open_approvals(desk):
        approve_order(desk.store, asked, because="fine", by="anna")
    desk.run()
    desk.later(hours=1)
    assert desk.posted() == ["PO-1"]
    assert "is on record already" in desk.held()[0]


class Unlimited:
    """An ERP that says nothing of credit."""

    def __init__(self, erp: SimulatedErp) -> None:
        self._erp = erp

    def consult(self, partner: str, asked: Order) -> Advice:
        return msgspec.structs.replace(self._erp.consult(partner, asked), credit_limit=None, credit_used=None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._erp, name)


@pytest.mark.parametrize(("limit", "held"), [("1776.00", 0), ("1775.99", 1)])
def test_where_the_erp_names_no_limit_what_is_open_here_counts_against_ours(
    profiles: Profiles, make_desk: Callable[..., Desk], limit: str, held: int
) -> None:
    profiles.replace("northwind", "  credit_exceeded: hold", f"  credit_exceeded: hold\n  credit_limit: '{limit}'")
    desk = make_desk()
    desk.erps["simulator"] = Unlimited(desk.erp)  # type: ignore[assignment]  # the rest of the contract is the simulator's
    desk.drop(northwind(1, order("PO-1")))  # 888.00
    desk.later(hours=12)
    desk.drop(northwind(2, order("PO-2")))
    assert len(desk.held()) == held


def test_of_orders_that_come_together_each_counts_against_our_limit_for_the_next(
    profiles: Profiles, make_desk: Callable[..., Desk]
) -> None:
    profiles.replace("northwind", "  credit_exceeded: hold", "  credit_exceeded: hold\n  credit_limit: '1000.00'")
    desk = make_desk()
    desk.erps["simulator"] = Unlimited(desk.erp)  # type: ignore[assignment]  # the rest of the contract is the simulator's
    for number in (1, 2, 3):
        desk.put(northwind(number, order(f"PO-{number}")))  # 888.00 each
    desk.run()
    assert (desk.posted(), len(desk.held())) == (["PO-1"], 2)
