"""What they rejected, whole or in part: every door says what to do with that very set, and what it says can be done."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from desk import Desk
from partner_says import accepts, northwind, rejects

from edi_gateway.erp.base import BilledLine, OrderBilled
from edi_gateway.errors import WrongInput
from edi_gateway.operations.correct import corrected, text_of
from edi_gateway.operations.deliver_out_of_band import deliver_out_of_band
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.operations.key_in import key_in, new_event
from edi_gateway.operations.request import Answer, Request
from edi_gateway.operations.resume import resume
from edi_gateway.operations.second_pair import ask
from edi_gateway.x12.envelope import Segment

GROUPS = {"855": "PR", "856": "SH", "810": "IN"}
CHANGES = {"855": "seller_order_number=SO-12345", "856": "carrier_reference=PRO-77"}


@pytest.fixture
def desk(replacing: Desk) -> Desk:
    return replacing


def in_part(group: str, number: int, code: str) -> list[Segment]:
    """A 997 that takes a part of the set in our group."""
    return [
        ["ST", "997", ""],
        ["AK1", group, str(number)],
        ["AK2", code, "0001"],
        ["AK5", "P"],
        ["AK9", "P", "1", "1", "0"],
    ]


def again(desk: Desk, operation: str, id: int, **arguments: str) -> Answer:
    answer = ask(desk.tools, Request(operation=operation, transaction=id, because="mended", by="ann", arguments=arguments))
    desk.run()
    return answer


def correct(desk: Desk, id: int, change: str) -> None:
    again(desk, "correct", id, document=corrected(desk.tools, id, text_of(desk.tools, id), [change]))


def bill_anew(desk: Desk, number: str) -> None:
    line = BilledLine(line_number="001", quantity=Decimal(48), unit_price=Decimal("18.5"))
    order, shipment = desk.order("PO-1").document_id, desk.set("856").business_number
    told = OrderBilled(id=new_event(), order=order, at=desk.clock.now(), invoice=number, shipment=shipment, lines=(line,))
    key_in(desk.store, told, by="ann")
    desk.run()


def advice(desk: Desk, operation: str, id: int) -> str:
    """What is said to do instead, where an operation is refused."""
    with pytest.raises(WrongInput) as refused:
        again(desk, operation, id)
    return refused.value.do or ""


@pytest.mark.parametrize("code", GROUPS)
def test_what_they_rejected_is_held_with_the_commands_for_that_very_set(desk: Desk, code: str) -> None:
    desk.drop(northwind(2, rejects(GROUPS[code], 1, code)))
    id = desk.set(code).id
    because = desk.flow("held").because
    assert f"'edi-gateway document correct {id}'" in because
    assert f"'edi-gateway transmission re-envelope {id}'" in because
    assert because.endswith(advice(desk, "retransmit", id))


@pytest.mark.parametrize("answer", [rejects, in_part])
def test_what_they_did_not_take_is_not_let_go_on_since_nothing_of_it_would_go(
    desk: Desk, answer: Callable[[str, int, str], list[Segment]]
) -> None:
    desk.drop(northwind(2, answer("PR", 1, "855")))
    held = desk.flow("held")
    said = f"document correct {desk.set('855').id}.*'edi-gateway hold dismiss {held.id}'"
    with pytest.raises(WrongInput, match=f"would send nothing.*{said}"):
        resume(desk.store, held.id, by="ann")
    with pytest.raises(WrongInput, match=f"only what is to be sent or posted is brought by hand.*{said}"):
        deliver_out_of_band(desk.tools, held.id, because="by mail", by="ann")
    assert desk.flow("held") == held


def test_what_they_rejected_is_dealt_with_by_dismissing_it_with_a_reason_and_stays_rejected(desk: Desk) -> None:
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    dismiss(desk.store, desk.flow("held").id, because="they took it by telephone", by="ann")
    desk.later(days=2)
    assert (desk.held(), desk.set("855").acknowledgment) == ([], "rejected")
    assert "they took it by telephone" in desk.events("flow.dismissed")[0].text


@pytest.mark.parametrize("code", CHANGES)
def test_what_they_took_in_part_is_replaced_and_every_other_way_says_so(desk: Desk, code: str) -> None:
    desk.drop(northwind(2, in_part(GROUPS[code], 1, code)))
    id = desk.set(code).id
    replaced = f"'edi-gateway document correct {id}' sends what replaces it"
    assert replaced in desk.flow("held").because
    assert all(replaced in advice(desk, way, id) for way in ("retransmit", "re-envelope", "send anew"))
    correct(desk, id, CHANGES[code])
    assert (len(desk.sent(code)), desk.held()) == (2, [])
    assert desk.held() == []


def test_an_invoice_they_took_in_part_is_credited_and_billed_anew_and_every_other_way_says_so(desk: Desk) -> None:
    desk.drop(northwind(2, in_part("IN", 1, "810")))
    first, held = desk.set("810"), desk.flow("held")
    credited = "have the ERP send a credit and a new invoice, then dismiss this"
    assert credited in held.because
    assert all(credited in advice(desk, way, first.id) for way in ("retransmit", "re-envelope", "send anew"))
    with pytest.raises(WrongInput, match="have the ERP send a credit and a new invoice"):
        correct(desk, first.id, "bill_of_lading=BOL-12345")
    note = desk.erp.credit(first.business_number, "001", Decimal(48), why="overbilled")
    desk.run()
    bill_anew(desk, "N2")
    dismiss(desk.store, held.id, because="credited, and billed as N2", by="ann")
    desk.later(hours=1)
    assert [row.business_number for row in desk.sets("810")] == [first.business_number, note, "N2"]
    assert (len(desk.sent("810")), desk.held()) == (3, [])


class TestTheFirstIsTakenAfterItWentAgain:
    """They rejected an 810, it was re-enveloped, and then they accept the first."""

    @pytest.fixture
    def desk(self, desk: Desk) -> Desk:
        desk.drop(northwind(2, rejects("IN", 1, "810")))
        again(desk, "re-envelope", desk.set("810").id)
        desk.fetch()
        desk.drop(northwind(3, accepts("IN", 1, "810")))
        assert len(desk.events("set.accepted_late")) == 1
        return desk

    def test_the_second_is_retransmitted_no_more_by_a_person_or_by_itself(self, desk: Desk) -> None:
        first, second = desk.sets("810")
        with pytest.raises(
            WrongInput, match=f"a second original: they have 810 .* after all, as set {first.id}.*dismiss this one"
        ):
            again(desk, "retransmit", second.id)
        desk.later(hours=30)
        assert desk.sets("810")[1].acknowledgment == "overdue"
        assert f"they have it as set {first.id} (accepted)" in advice(desk, "re-envelope", second.id)
        assert len(desk.sent("810")) == 2

    def test_a_rejection_of_the_second_asks_for_nothing_but_to_be_dismissed(self, desk: Desk) -> None:
        desk.drop(northwind(4, rejects("IN", 2, "810")))
        first, second = desk.sets("810")
        nothing = f"they have it as set {first.id} (accepted), so nothing is to be sent: dismiss this one"
        assert desk.flow("held").because.endswith(nothing)
        assert [advice(desk, way, second.id) for way in ("retransmit", "re-envelope", "send anew")] == [nothing] * 3
        dismiss(desk.store, desk.flow("held").id, because="they have the first", by="ann")
        desk.later(days=2)
        assert desk.held() == []


def test_a_rejection_that_says_nowhere_what_is_wrong_is_told_as_that(desk: Desk) -> None:
    bare = [segment for segment in rejects("PR", 1, "855") if segment[0] not in ("AK3", "AK4")]
    desk.drop(northwind(2, bare))
    assert "rejected: set: segments of the set have errors; not said which (their code 5) — " in desk.flow("held").because


def test_no_door_names_a_set_or_a_flow_by_a_number_it_does_not_have(desk: Desk) -> None:
    desk.drop(northwind(2, rejects("IN", 1, "810")))
    id = desk.set("810").id
    told = re.findall(r"'edi-gateway (?:document correct|transmission re-envelope) (\d+)'", desk.flow("held").because)
    assert {int(number) for number in told} == {id}
