"""A TA1 that rejects an interchange of ours: for them nothing in it exists, whatever it was and whenever the TA1 comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from desk import Desk, Profiles
from partner_says import accepts, northwind, order, rejects, ta1
from world_stages import AnsweredAtOnce

from edi_gateway.errors import NeedsPerson, Uncertain, WrongInput
from edi_gateway.operations.correct_held import held_text
from edi_gateway.operations.request import Request
from edi_gateway.operations.second_pair import ask
from edi_gateway.pipeline.stages import WORLD_STAGES
from edi_gateway.transports.base import Receipt


def after_the_order_acknowledgment(desk: Desk) -> None:
    """Interchange 1 with our 997 was sent, and interchange 2 with our 855."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)


def rejected(about: int) -> bytes:
    return ta1(2, about=about, verdict="R", note="009")


def re_envelope(desk: Desk, code: str) -> None:
    request = Request(operation="re-envelope", transaction=desk.set(code).id, because="they know us now", by="ann")
    ask(desk.tools, request)
    desk.run()


def test_one_that_comes_before_sending_has_committed_is_put_to_a_person(desk: Desk) -> None:
    desk.runner._world = {**WORLD_STAGES, "send": AnsweredAtOnce(desk, rejected(2))}
    after_the_order_acknowledgment(desk)
    assert desk.set("855").acknowledgment == "rejected"
    assert "rejected: interchange: the receiver is not known" in desk.flow("held").because


def test_one_about_what_no_997_is_agreed_for_is_put_to_a_person(profiles: Profiles, make_desk: Callable[[], Desk]) -> None:
    profiles.replace("northwind", "awaits: {within: 24h}", "awaits: {acknowledgment: false}")
    desk = make_desk()
    after_the_order_acknowledgment(desk)
    assert desk.set("855").acknowledgment == "none"
    desk.drop(rejected(2))
    assert desk.set("855").acknowledgment == "rejected"
    assert "northwind answered 855 PO-1: rejected: interchange: the receiver is not known" in desk.flow("held").because


def test_one_about_our_997_is_put_to_a_person_and_the_997_goes_again_to_whom_it_answers(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(rejected(1))
    assert "northwind answered 997 1: rejected: interchange: the receiver is not known" in desk.flow("held").because
    re_envelope(desk, "997")
    assert desk.held() == []
    first, second = desk.sent("997")
    assert [second.one(tag) for tag in ("AK1", "AK2", "AK9")] == [first.one(tag) for tag in ("AK1", "AK2", "AK9")]
    assert second.one("ISA")[5:9] == first.one("ISA")[5:9]
    desk.drop(northwind(1, order("PO-1")), "again.edi")
    assert [one.one("ISA")[13] for one in desk.sent("997")[2:]] == [second.one("ISA")[13]]  # the one they can know is repeated


class TestTheirRefusalOfACopy:
    """An interchange of ours went twice; to the second copy they say that its number was used before (TA1 025)."""

    @pytest.fixture
    def desk(self, profiles: Profiles, make_desk: Callable[[], Desk]) -> Desk:
        awaited = 'guide: "855"\n    awaits: {within: 24h}'
        profiles.replace("northwind", awaited, awaited.replace("24h", "2h, retransmit: true"))
        desk = make_desk()
        after_the_order_acknowledgment(desk)
        desk.fetch()
        desk.later(hours=11)
        assert len(desk.sent("855")) == 2
        return desk

    def test_takes_back_no_acceptance(self, desk: Desk) -> None:
        desk.drop(northwind(2, accepts("PR", 1, "855")))
        desk.drop(ta1(3, about=2, verdict="R", note="025"))
        assert desk.set("855").acknowledgment == "accepted"
        assert desk.held() == []
        assert "used before: by itself, so they have it" in desk.events("interchange.acknowledged")[-1].text

    def test_leaves_what_they_have_awaited(self, desk: Desk) -> None:
        desk.drop(ta1(3, about=2, verdict="R", note="025"))
        assert desk.set("855").acknowledgment == "overdue"
        assert desk.held() == []

    def test_is_a_rejection_for_any_other_reason(self, desk: Desk) -> None:
        desk.drop(ta1(3, about=2, verdict="R", note="009"))
        assert desk.set("855").acknowledgment == "rejected"


def test_nor_does_it_reject_what_went_again_because_no_answer_came_of_the_first_try(desk: Desk) -> None:
    wire = AnswerLost(desk.connections.sink("northwind-mailbox"))
    desk.use(sink=lambda _name: wire)
    after_the_order_acknowledgment(desk)
    desk.later(hours=1)
    assert wire.tries == {"997_northwind_000000001.edi": 2, "855_northwind_000000002.edi": 2}
    desk.drop(ta1(3, about=2, verdict="R", note="025"))
    desk.drop(ta1(4, about=1, verdict="R", note="025"))
    assert [row.acknowledgment for row in desk.sets(direction="out")][:2] == ["none", "awaited"]
    assert desk.held() == []


def test_one_that_went_once_under_a_number_they_have_is_rejected(desk: Desk) -> None:
    after_the_order_acknowledgment(desk)
    desk.drop(ta1(2, about=2, verdict="R", note="025"))
    assert desk.set("855").acknowledgment == "rejected"


def test_one_about_our_ta1_is_put_to_a_person_and_the_ta1_goes_again(desk: Desk) -> None:
    desk.drop(northwind(7, order("PO-1"), asks=True))
    number = desk.sent("TA1")[0].one("ISA")[13]
    desk.drop(rejected(int(number)))
    assert "northwind answered TA1 000000007: rejected" in desk.flow("held").because
    re_envelope(desk, "TA1")
    first, second = desk.sent("TA1")
    assert second.one("TA1") == first.one("TA1")


def test_an_answer_of_ours_that_was_rejected_is_no_document_to_be_corrected(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(rejected(1))
    with pytest.raises(WrongInput, match="made from no document"):
        held_text(desk.tools, desk.flow("held").id)


class AnswerLost:
    """A connection whose first try of each file ends without an answer; asked, it does not find it."""

    sees_everything, is_at_hand = True, False

    def __init__(self, real: Any) -> None:
        self._real, self.tries = real, Counter[str]()

    def send(self, name: str, payload: Any) -> Receipt:
        self.tries[name] += 1
        if self.tries[name] == 1:
            raise Uncertain("the connection broke")
        receipt: Receipt = self._real.send(name, payload)
        return receipt

    def sent(self, _name: str, _size: int) -> None:
        return None


class ReceiptsLater:
    """A connection whose receipts come once ``proved``, as those of AS2 may."""

    sees_everything = True
    is_at_hand = False

    def __init__(self, desk: Desk, real: Any) -> None:
        self._desk, self._real, self._names, self.proved = desk, real, list[str](), False
        self.gives_up = False

    def send(self, name: str, payload: Any) -> Receipt:
        if self.gives_up:
            raise NeedsPerson("no receipt came")
        if self.proved:
            return Receipt(name, "proved", confirmed=True)
        if name not in self._names:
            self._names.append(name)
            self._real.send(name, payload)
        return Receipt(name, "", confirm_by=self._desk.clock.now() + timedelta(hours=1))


@pytest.fixture
def unproved(desk: Desk) -> ReceiptsLater:
    """The connection over which our 855 went; no receipt has come."""
    wire = ReceiptsLater(desk, desk.connections.sink("northwind-mailbox"))
    desk.use(sink=lambda _name: wire)
    after_the_order_acknowledgment(desk)
    assert desk.set("855").delivery == "unconfirmed"
    return wire


@pytest.mark.parametrize("answer", [rejected(2), northwind(2, rejects("PR", 1, "855"))], ids=["TA1", "997"])
def test_a_rejection_that_comes_before_the_receipt_is_put_to_a_person_once(
    desk: Desk, unproved: ReceiptsLater, answer: bytes
) -> None:
    desk.drop(answer)
    assert (desk.set("855").acknowledgment, len(desk.held())) == ("rejected", 1)
    unproved.proved = True
    desk.later(hours=2)
    assert (desk.set("855").delivery, desk.set("855").acknowledgment) == ("sent", "rejected")
    assert len(desk.held()) == 1


@pytest.mark.parametrize("operation", ["re-envelope", "send anew"])
def test_what_they_answered_they_have_though_its_receipt_is_to_come(desk: Desk, unproved: ReceiptsLater, operation: str) -> None:
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    first = desk.set("855")
    assert first.delivery == "sent"
    ask(desk.tools, Request(operation=operation, transaction=first.id, because="mended", by="ann"))
    desk.run()
    assert len(desk.sent("855")) == 2


def ours(desk: Desk) -> int:
    """The transmission of our 855."""
    return next(one.id for one in desk.transmissions("out") if one.name.startswith("855"))


def test_an_answer_takes_the_question_after_a_receipt_back(desk: Desk, unproved: ReceiptsLater) -> None:
    unproved.gives_up = True
    desk.later(hours=2)
    assert any("no receipt came" in each for each in desk.held())
    desk.drop(northwind(2, accepts("PR", 1, "855")))
    assert desk.set("855").delivery == "sent"
    assert not [flow for flow in desk.flows("held") if flow.stage == "send" and flow.subject == f"transmission:{ours(desk)}"]
