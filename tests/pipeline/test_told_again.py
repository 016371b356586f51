"""What a partner rejected does not exist for it: the ERP tells it again under the same number, and that is the one original."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import BinaryIO

import pytest
from billing_scenes import charge, credit, ship
from desk import Desk, Profiles
from partner_says import accepts, northwind, order, rejects

from edi_gateway.errors import Uncertain, WrongInput
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.invoices import Taken, credit_invoice
from edi_gateway.operations.request import Request
from edi_gateway.operations.second_pair import ask
from edi_gateway.pipeline.outbound.originals import unrejected
from edi_gateway.pipeline.outbound.send import Send
from edi_gateway.transports.base import Receipt
from edi_gateway.views.invoices import invoice
from edi_gateway.views.order_trace import order_trace
from edi_gateway.x12.acknowledgment import Verdict

GROUPS = {"856": "SH", "810": "IN"}


@pytest.fixture
def shipped(billing: Callable[[str], Desk]) -> Desk:
    """48 of PO-1 were told of as shipment S1."""
    desk = billing("{}")
    ship(desk, "S1", 48)
    return desk


def says(desk: Desk, verdict: Callable[..., list[list[str]]], code: str, which: int = -1) -> None:
    """Northwind answers an 856 or 810 of ours."""
    tell(desk, verdict, code, desk.sent(code)[which].one("GS")[6])


def tell(desk: Desk, verdict: Callable[..., list[list[str]]], code: str, group: str) -> None:
    desk.drop(northwind(100 + len(desk.interchanges()), verdict(GROUPS[code], int(group), code)))


def line(desk: Desk) -> tuple[Decimal, Decimal]:
    (found,) = order_trace(desk.store, "PO-1").thread.lines
    return found.shipped, found.billed


def test_a_rejected_856_that_the_erp_tells_again_goes_as_an_original_in_its_place(shipped: Desk) -> None:
    says(shipped, rejects, "856")
    assert len(shipped.held()) == 1
    ship(shipped, "S1", 40)
    _, second = shipped.sent("856")
    assert (second.one("BSN")[1:3], shipped.held()) == (["00", "S1"], [])
    assert (line(shipped), order_trace(shipped.store, "PO-1").disagreements) == ((40, 0), ())
    (told,) = shipped.events("document.told_again")
    assert told.text == "ship notice S1 goes again as an original: northwind rejected the first, and the ERP told it again"
    assert [one.acknowledgment for one in shipped.sets("856", "out")] == ["rejected", "awaited"]


def test_the_second_one_is_held_against_the_rules_for_itself(shipped: Desk) -> None:
    says(shipped, rejects, "856")
    ship(shipped, "S1", 50)
    assert "line 001: 50 EA shipped of 48 to ship" in shipped.held()
    assert line(shipped) == (48, 0)
    (held,) = (flow for flow in shipped.flows("held") if flow.stage == "check")
    dismiss(shipped.store, held.id, because="counted wrong", by="anna")
    ship(shipped, "S1", 40)
    sets = shipped.sets("856", "out")
    with shipped.store.read() as unit:
        looks = [unit.compliance_checks.of(one.document_id or "") for one in sets]
    assert len(sets) == 2
    assert all(look is not None and look.verdicts for look in looks)


def test_what_they_did_not_reject_has_its_number_for_good(shipped: Desk) -> None:
    says(shipped, accepts, "856")
    ship(shipped, "S1", 40)
    assert shipped.held() == ["S1: shipment S1 was told before with other quantities or another date"]
    assert len(shipped.sent("856")) == 1


def test_a_rejected_810_that_the_erp_tells_again_is_billed_as_it_says_now(shipped: Desk) -> None:
    charge(shipped, "N1", "S1", 48)
    says(shipped, rejects, "810")
    charge(shipped, "N1", "S1", 40)
    assert [(one.one("BIG")[2], one.one("TDS")[1]) for one in shipped.sent("810")] == [("N1", "88800"), ("N1", "74000")]
    assert (line(shipped), shipped.order("PO-1").open, shipped.held()) == ((48, 40), Decimal("740.00"), [])
    assert invoice(shipped.store, "N1")[1].total == Decimal("740.00")


def test_it_may_be_rejected_and_told_again_as_often_as_it_takes(shipped: Desk) -> None:
    for quantity in (30, 40, 48):
        charge(shipped, "N1", "S1", quantity)
        says(shipped, rejects, "810")
    charge(shipped, "N1", "S1", 44)
    assert (len(shipped.sent("810")), line(shipped), shipped.held()) == (4, (48, 44), [])


def test_a_rejected_credit_note_is_told_again_too(shipped: Desk) -> None:
    charge(shipped, "N1", "S1", 48)
    credit(shipped, "C1", "N1", 8)
    says(shipped, rejects, "810")
    credit(shipped, "C1", "N1", 4)
    assert (shipped.order("PO-1").open, shipped.held()) == (Decimal("814.00"), [])


def test_a_rejected_credit_note_is_given_again_by_a_command_under_its_number(shipped: Desk) -> None:
    charge(shipped, "N1", "S1", 48)
    credit_invoice(shipped.store, "N1", {}, why="returned", by="anna")
    shipped.run()
    says(shipped, rejects, "810")
    with pytest.raises(WrongInput, match="credit note N1-C1 was rejected: to give it again, add --number N1-C1"):
        credit_invoice(shipped.store, "N1", {}, why="returned", by="anna")
    credit_invoice(shipped.store, "N1", {"001": Taken(Decimal(8))}, why="returned", by="anna", credit="N1-C1")
    shipped.run()
    assert (shipped.order("PO-1").open, shipped.held()) == (Decimal("740.00"), [])
    assert [one.one("BIG")[2] for one in shipped.sent("810")] == ["N1", "N1-C1", "N1-C1"]


def test_a_rejected_810_that_something_stands_on_is_for_a_person(shipped: Desk) -> None:
    charge(shipped, "N1", "S1", 48)
    credit(shipped, "C1", "N1", 8)
    says(shipped, rejects, "810", 0)
    charge(shipped, "N1", "S1", 40)
    assert "N1: invoice N1 was rejected, and remittances or credit notes are on it" in shipped.held()
    assert (len(shipped.sent("810")), shipped.order("PO-1").open) == (2, Decimal("740.00"))


def test_less_shipped_than_was_billed_is_for_a_person(shipped: Desk) -> None:
    charge(shipped, "N1", "S1", 48)
    says(shipped, rejects, "856")
    ship(shipped, "S1", 40)
    assert "line 001: 48 EA are billed, and 40 were shipped" in shipped.held()
    assert (len(shipped.sent("856")), line(shipped)) == (1, (48, 48))


BATCHED = """    map: ship-notice-856
"""


@pytest.fixture
def waiting(profiles: Profiles, billing: Callable[[str], Desk]) -> Desk:
    """The first 856 of S1 was rejected; the one the ERP told after it waits for its batch."""
    text = (profiles.folder / "northwind/partner.yaml").read_text()
    at = text.index('  - set: "856"')
    profiles.replace("northwind", text[at:], text[at:].replace("    map:", '    batch: {at: ["10:00", "22:00"]}\n    map:', 1))
    desk = billing("{}")
    ship(desk, "S1", 48)
    desk.later(hours=13)
    says(desk, rejects, "856")
    ship(desk, "S1", 40)
    assert [one.delivery for one in desk.sets("856", "out")][-1] == "pending"
    return desk


def test_a_late_acceptance_keeps_a_second_original_from_leaving(waiting: Desk) -> None:
    says(waiting, accepts, "856")
    waiting.later(hours=13)
    (held,) = waiting.held()
    assert held.startswith("northwind has 856 S1 after all: set ")
    assert len(waiting.sent("856")) == 1
    assert len(waiting.events("set.accepted_late")) == 1


def test_without_one_it_leaves_in_its_window(waiting: Desk) -> None:
    waiting.later(hours=13)
    assert (len(waiting.sent("856")), waiting.held()) == (2, [])


def test_an_acceptance_after_the_second_one_left_is_told(shipped: Desk) -> None:
    says(shipped, rejects, "856")
    ship(shipped, "S1", 40)
    says(shipped, accepts, "856", 0)
    (told,) = shipped.events("set.accepted_late")
    assert "northwind answered 856 S1: accepted, after it was rejected; set " in told.text


def test_a_person_who_re_enveloped_it_was_first_and_the_erps_is_held(shipped: Desk) -> None:
    says(shipped, rejects, "856")
    rejected = shipped.sets("856", "out")[0]
    ask(shipped.tools, Request(operation="re-envelope", transaction=rejected.id, because="their map is mended", by="anna"))
    shipped.run()
    ship(shipped, "S1", 40)
    assert len(shipped.sent("856")) == 2
    assert line(shipped) == (48, 0)
    assert len(shipped.held()) == 1


class Silent:
    """A connection that takes what is sent and never answers."""

    sees_everything = False
    is_at_hand = False

    def send(self, _name: str, _payload: BinaryIO) -> Receipt:
        raise Uncertain("the line dropped before the answer")

    def sent(self, _name: str, _size: int) -> Receipt | None:
        return None


@pytest.fixture
def let_be(shipped: Desk) -> Desk:
    """A rejected 810 was re-enveloped; whether that one arrived is not known, and a person let it be."""
    charge(shipped, "N1", "S1", 48)
    says(shipped, rejects, "810")
    sink = shipped.tools.sink
    object.__setattr__(shipped.tools, "sink", lambda name: Silent() if name == "northwind-mailbox" else sink(name))
    [rejected] = shipped.sets("810", "out")
    ask(shipped.tools, Request(operation="re-envelope", transaction=rejected.id, because="mended", by="ann"))
    shipped.later(minutes=1)
    shipped.later(minutes=1)  # it is asked for now
    object.__setattr__(shipped.tools, "sink", sink)
    [held] = [flow for flow in shipped.flows("held") if flow.stage == "send"]
    dismiss(shipped.store, held.id, because="they have it", by="ann")
    return shipped


def test_what_may_have_arrived_keeps_its_number_though_a_person_let_it_be(let_be: Desk) -> None:
    charge(let_be, "N1", "S1", 40)
    assert (len(let_be.sets("810", "out")), line(let_be)) == (2, (48, 48))
    assert [text.partition(":")[0] for text in let_be.held()] == ["N1"]
    assert "they may have it" in let_be.events("flow.dismissed")[-1].text


def test_what_they_rejected_after_all_keeps_no_number_though_nobody_knew_that_it_arrived(let_be: Desk) -> None:
    with let_be.store.read() as unit:
        group = unit.interchanges.group(let_be.sets("810", "out")[-1].group_id or 0)
    tell(let_be, rejects, "810", group.control_number)
    charge(let_be, "N1", "S1", 40)
    assert (len(let_be.sets("810", "out")), line(let_be), let_be.held()) == (3, (48, 40), [])


def test_whatever_they_answered_but_a_rejection_keeps_the_number(let_be: Desk) -> None:
    first, second = let_be.sets("810", "out")
    with let_be.store.write() as unit:
        for flow in unit.flows.of("transmission:" + str(unit.interchanges.get(second.interchange_id or 0).transmission_id)):
            unit.attempts.end(Send().key(flow, unit), 1, "failed")  # it is known now that this attempt brought nothing there
        keeps = {}
        for verdict in ("none", "overdue", *map(str, Verdict)):
            unit.transactions.change(second.id, acknowledgment=verdict)
            keeps[verdict] = bool(unrejected(unit, first))
    answered = {str(verdict): verdict is not Verdict.REJECTED for verdict in Verdict}
    assert keeps == {"none": False, "overdue": False} | answered


def test_on_both_databases_the_rejected_one_gives_way(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1")))
    any_desk.later(hours=6)
    says(any_desk, rejects, "810")
    any_desk.erps.clear()
    (number,) = {one.one("BIG")[2] for one in any_desk.sent("810")}
    charge(any_desk, number, any_desk.sent("856")[0].one("BSN")[2], 40)
    assert (any_desk.order("PO-1").billed, any_desk.held()) == (Decimal("740.00"), [])
