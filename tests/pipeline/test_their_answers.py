"""A 997 we receive: what it says of what we sent, whenever it comes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import Desk
from partner_says import accepts, northwind, order, rejects, ta1
from world_stages import AnsweredAtOnce

from edi_gateway.pipeline.stages import WORLD_STAGES
from edi_gateway.x12.envelope import Segment


def after_the_order_acknowledgment(desk: Desk) -> None:
    """A group PR 1 was sent, an 855, and nothing after it yet."""
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    assert desk.codes() == ["997", "855"]


def test_what_is_sent_and_not_answered_is_awaited_and_not_accepted(desk: Desk) -> None:
    after_the_order_acknowledgment(desk)
    row = desk.set("855")
    assert (row.validation, row.delivery, row.acknowledgment) == ("valid", "sent", "awaited")
    assert row.acknowledgment_due_at is not None
    assert desk.flow("waiting").subject == f"transaction:{row.id}"


def test_their_997_accepts_it_and_its_way_ends(any_desk: Desk) -> None:
    after_the_order_acknowledgment(any_desk)
    any_desk.drop(northwind(2, accepts("PR", 1, "855")))
    assert any_desk.set("855").acknowledgment == "accepted"
    assert any_desk.flows("waiting", "held") == []
    assert any_desk.sent("997")[0].one("AK1")[1] == "PO"
    assert len(any_desk.sent("997")) == 1


def test_their_997_rejects_it_and_it_is_put_to_a_person_with_their_error(any_desk: Desk) -> None:
    after_the_order_acknowledgment(any_desk)
    any_desk.drop(northwind(2, rejects("PR", 1, "855")))
    row, flow = any_desk.set("855"), any_desk.flow("held")
    assert row.acknowledgment == "rejected"
    assert "BAK" in row.partner_findings
    assert flow.stage == "await"
    assert "northwind answered 855 PO-1: rejected: segment 2 BAK, BAK02" in flow.because


def test_an_answer_with_leading_zeros_is_an_answer_to_the_same_group(desk: Desk) -> None:
    after_the_order_acknowledgment(desk)
    answer = accepts("PR", 1, "855")
    answer[1][2] = "000000001"
    desk.drop(northwind(2, answer))
    assert desk.set("855").acknowledgment == "accepted"


def test_no_answer_in_time_is_overdue_and_told_every_day(desk: Desk) -> None:
    after_the_order_acknowledgment(desk)
    desk.later(hours=23)
    assert desk.set("855").acknowledgment == "awaited"
    desk.later(hours=2)
    assert desk.set("855").acknowledgment == "overdue"
    [told] = [event for event in desk.events("acknowledgment.overdue") if "855 PO-1" in event.text]
    assert "sent in interchange 000000002" in told.text
    assert told.control_number == "000000002"
    desk.later(days=2)
    assert len([event for event in desk.events("acknowledgment.overdue") if "855 PO-1" in event.text]) == 3


def test_a_late_answer_counts(desk: Desk) -> None:
    after_the_order_acknowledgment(desk)
    desk.later(hours=30)
    desk.drop(northwind(2, accepts("PR", 1, "855")))
    assert desk.set("855").acknowledgment == "accepted"
    told = len(desk.events("acknowledgment.overdue"))
    desk.later(minutes=5)
    assert len(desk.events("acknowledgment.overdue")) == told


def test_an_answer_that_comes_before_sending_has_committed_is_found(desk: Desk) -> None:
    desk.runner._world = {**WORLD_STAGES, "send": AnsweredAtOnce(desk, northwind(2, accepts("PR", 1, "855")))}
    after_the_order_acknowledgment(desk)
    assert desk.set("855").acknowledgment == "accepted"
    assert desk.flows("waiting") == []


def test_a_rejection_that_comes_before_sending_has_committed_is_put_to_a_person(desk: Desk) -> None:
    desk.runner._world = {**WORLD_STAGES, "send": AnsweredAtOnce(desk, northwind(2, rejects("PR", 1, "855")))}
    after_the_order_acknowledgment(desk)
    assert desk.set("855").acknowledgment == "rejected"
    assert "rejected: segment 2 BAK, BAK02" in desk.flow("held").because


def test_an_answer_to_a_group_we_never_sent_is_told_and_changes_nothing(desk: Desk) -> None:
    after_the_order_acknowledgment(desk)
    desk.drop(northwind(2, accepts("PR", 99, "855")))
    assert desk.set("855").acknowledgment == "awaited"
    assert "answers group PR 99, which we never sent to northwind" in desk.events("acknowledgment.orphan")[0].text
    assert desk.flow("rejected").stage == "confirm"


@pytest.mark.parametrize("verdict", [accepts, rejects])
def test_a_test_answers_nothing_that_went_in_production(any_desk: Desk, verdict: Callable[..., list[Segment]]) -> None:
    after_the_order_acknowledgment(any_desk)
    any_desk.drop(northwind(2, verdict("PR", 1, "855"), usage="T"))
    any_desk.drop(ta1(3, about=2, verdict="R").replace(b"*P*", b"*T*", 1))
    assert any_desk.set("855").acknowledgment == "awaited"
    assert [event.text.partition("as a test: ")[2][:13] for event in any_desk.events("acknowledgment.orphan")] == [
        "theirs is one"
    ] * 2


def test_an_answer_about_another_kind_of_group_of_that_number_changes_nothing(desk: Desk) -> None:
    after_the_order_acknowledgment(desk)
    desk.drop(northwind(2, accepts("IN", 1, "810")))
    assert desk.set("855").acknowledgment == "awaited"


def test_an_answer_that_does_not_say_what_it_answers_is_held(desk: Desk) -> None:
    after_the_order_acknowledgment(desk)
    desk.drop(northwind(2, [["ST", "997", ""], ["AK9", "A", "1", "1", "1"]]))
    assert "does not say which group it answers" in desk.held()[0]
    assert desk.set("855").acknowledgment == "awaited"


def test_a_second_answer_to_a_rejected_one_is_taken_as_it_says(desk: Desk) -> None:
    after_the_order_acknowledgment(desk)
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    desk.drop(northwind(3, rejects("PR", 1, "855")))
    assert len(desk.held()) == 1
    desk.drop(northwind(4, accepts("PR", 1, "855")))
    assert desk.held() == []
    assert desk.set("855").acknowledgment == "accepted"


def test_a_rejected_answer_holds_what_follows_it_for_the_same_order_only(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    desk.later(minutes=10)
    [first, second] = desk.sent("855")
    rejected, other = first.one("BAK")[3], second.one("BAK")[3]
    desk.drop(northwind(2, rejects("PR", 1, "855")))
    desk.later(hours=6)
    assert [answer.one("PRF")[1] for answer in desk.sent("856")] == [other]
    assert rejected != other


def test_their_ta1_is_attached_to_our_interchange(desk: Desk) -> None:
    after_the_order_acknowledgment(desk)
    desk.drop(ta1(2, about=2))
    assert [row.acknowledgment for row in desk.interchanges("out")] == ["none", "accepted"]
    assert desk.set("855").acknowledgment == "awaited"


def test_their_ta1_for_nothing_of_ours_is_told(desk: Desk) -> None:
    desk.drop(ta1(2, about=77))
    assert "TA1 for interchange 000000077, which we never sent" in desk.events("acknowledgment.orphan")[0].text


def test_nothing_is_shown_as_accepted_that_was_not_answered(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.later(days=3)
    shown = {row.acknowledgment for row in desk.sets(direction="out") if row.code in ("855", "856", "810")}
    assert shown == {"overdue"}
    assert {row.acknowledgment for row in desk.sets("997")} == {"none"}


def an_order_behind(answer: bytes) -> bytes:
    """An order in one interchange with a TA1, which stands before it."""
    body = northwind(1, order("PO-1"))
    return body.replace(b"GS*", answer + b"GS*", 1)


def test_a_ta1_without_the_number_it_answers_is_told_and_keeps_nothing_waiting(desk: Desk) -> None:
    desk.drop(an_order_behind(b"TA1**261117*0930*A*000~"))
    assert desk.codes() == ["997"]
    assert "does not say which interchange it answers" in desk.events("acknowledgment.orphan")[0].text


def test_a_ta1_about_a_number_nobody_could_have_sent_keeps_nothing_waiting(any_desk: Desk) -> None:
    any_desk.drop(an_order_behind(b"TA1*" + b"1" * 30 + b"*261117*0930*A*000~"))
    assert any_desk.codes() == ["997"]
    assert "which we never sent" in any_desk.events("acknowledgment.orphan")[0].text
