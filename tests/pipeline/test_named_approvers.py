"""Who is named for a rule is not gone round: by another hold of the same order, by two rules, or by refusing the hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import CHANGES_AGREED, Desk, Profiles
from partner_says import northwind, order

from edi_gateway.errors import WrongInput
from edi_gateway.operations.approve import approve_order
from edi_gateway.operations.reject_hold import reject_hold
from edi_gateway.operations.resume import resume
from edi_gateway.store.approvals import ApprovalRow
from edi_gateway.trading.loader import load
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.trading.versions import to_json, version_of
from edi_gateway.x12.envelope import Segment

Made = Callable[..., Desk]


@pytest.fixture
def named(profiles: Profiles, make_desk: Made) -> Made:
    """A gateway where Northwind's rules name approvers; ``more`` are further order terms."""

    def make(approvers: str, more: str = "") -> Desk:
        profiles.replace("northwind", "orders:\n", f"orders:\n  approvers: {approvers}\n{more}")
        profiles.replace("northwind", "agreements:\n", f"agreements:\n{CHANGES_AGREED.strip(chr(10))}\n")
        return make_desk()

    return make


def asked(desk: Desk) -> list[ApprovalRow]:
    with desk.store.read() as unit:
        return unit.approvals.open()


def in_another_unit(number: str) -> list[Segment]:
    """An 860 whose unit is not the order's, which is a doubt, at a price that is not ours, which is for the rule."""
    line = ["001", "CA", "60", "60", "CA", "1", "PE", "IN", "000044013", "UP", "614141001378"]
    beginning = ["BCH", "04", "SA", number, "", "", "20261116", "", "", "", "", "20261117"]
    return [["ST", "860", ""], beginning, ["POC", *line], ["CTT", "1"]]


def test_whoever_lets_a_change_with_a_doubt_go_on_has_not_approved_its_price(named: Made) -> None:
    desk = named("{price: [cfo]}")
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    desk.drop(northwind(2, in_another_unit("PO-1")))
    assert desk.held() == ["line 001 is ordered in EA and changed in CA"]
    resume(desk.store, desk.flow("held").id, by="intern")
    desk.run()
    assert desk.held() == ["line 001: ordered at 1 for one EA, our price is 18.50"]
    with pytest.raises(WrongInput, match="intern may not approve this — ask cfo"):
        resume(desk.store, desk.flow("held").id, by="intern")
    approve_order(desk.store, asked(desk)[0].id, because="agreed", by="cfo")
    desk.run()
    assert desk.held() == []


def test_whoever_lets_an_order_of_a_known_number_go_on_has_not_approved_what_its_rules_ask(named: Made) -> None:
    desk = named("{price: [cfo]}")
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(northwind(2, order("PO-1", price="1")))
    assert "is on record already" in desk.held()[0]
    resume(desk.store, desk.flow("held").id, by="intern")
    desk.run()
    assert (desk.posted(), "our price is 18.50" in desk.held()[0]) == (["PO-1"], True)
    approve_order(desk.store, asked(desk)[0].id, because="agreed", by="cfo")
    desk.run()
    assert (desk.posted(), desk.held()) == (["PO-1", "PO-1"], [])  # what intern said of its number holds still


def test_where_two_rules_name_different_people_one_of_each_has_to_approve(named: Made) -> None:
    desk = named("{price: [ben], minimum order: [anna]}", '  minimum_order: "5000"\n')
    desk.drop(northwind(1, order("PO-1", price="1")))
    of_price, of_minimum = asked(desk)
    with pytest.raises(WrongInput, match="ben may not approve this — ask anna"):
        resume(desk.store, desk.flow("held").id, by="ben")
    told = approve_order(desk.store, of_price.id, because="agreed", by="ben")
    desk.run()
    assert told.text == f"approval {of_price.id} is given; the order waits for approval {of_minimum.id}, of anna too"
    assert (desk.posted(), len(desk.held())) == ([], 1)
    approve_order(desk.store, of_minimum.id, because="a good customer", by="anna")
    desk.run()
    assert (desk.posted(), desk.held()) == (["PO-1"], [])
    assert [given.actor for given in desk.events("approval.given")] == ["ben", "anna"]


def test_who_may_approve_what_both_rules_ask_approves_it_alone(named: Made) -> None:
    desk = named("{price: [ben, cfo], minimum order: [anna, cfo]}", '  minimum_order: "5000"\n')
    desk.drop(northwind(1, order("PO-1", price="1")))
    (one,) = asked(desk)
    approve_order(desk.store, one.id, because="agreed", by="cfo")
    desk.run()
    assert desk.posted() == ["PO-1"]


def test_who_may_not_refuse_an_order_by_its_approval_may_not_by_its_hold(named: Made) -> None:
    desk = named("{price: [cfo]}")
    desk.drop(northwind(1, order("PO-1", price="1")))
    with pytest.raises(WrongInput, match="intern may not approve this — ask cfo"):
        reject_hold(desk.tools, desk.flow("held").id, because="no", by="intern")
    assert (desk.codes(), len(asked(desk))) == (["997"], 1)
    reject_hold(desk.tools, desk.flow("held").id, because="no", by="cfo")
    assert asked(desk) == []


def test_where_the_profile_names_others_by_now_resuming_asks_them(named: Made, profiles: Profiles) -> None:
    desk = named("{price: [cfo]}")
    desk.drop(northwind(1, order("PO-1", price="1")))
    in_force(desk, desk.directory.partner("northwind"))
    with pytest.raises(WrongInput, match=r"where the profile names others by now, 'edi-gateway hold resume .* asks anew"):
        resume(desk.store, desk.flow("held").id, by="new")
    profiles.replace("northwind", "approvers: {price: [cfo]}", "approvers: {price: [new]}")
    today = load(profiles.folder)
    desk.use(directory=today)
    in_force(desk, today.partner("northwind"))
    resume(desk.store, desk.flow("held").id, by="new")
    desk.run()
    assert (desk.posted(), len(desk.held())) == ([], 1)
    (anew,) = asked(desk)
    with pytest.raises(WrongInput, match="ask new"):
        approve_order(desk.store, anew.id, because="as ever", by="cfo")
    approve_order(desk.store, anew.id, because="agreed", by="new")
    desk.run()
    assert desk.posted() == ["PO-1"]


def in_force(desk: Desk, profile: TradingPartner) -> None:
    with desk.store.write() as unit:
        unit.versions.apply("partner", profile.name, version_of(to_json(profile)), to_json(profile), by="ann")
