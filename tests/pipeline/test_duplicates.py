"""What comes twice: the old answer goes again, nothing is processed twice, and what only looks the same is not lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import CASCADE, Desk, Profiles, sample
from partner_says import northwind, order

from edi_gateway.operations.resume import resume


def test_the_same_interchange_gets_its_old_answer_byte_for_byte_and_is_not_processed(any_desk: Desk) -> None:
    any_desk.drop("northwind-850-plain.edi")
    any_desk.drop("northwind-850-same-interchange.edi")
    first, again = any_desk.sent("997")
    assert again.body == first.body
    assert again.name != first.name
    assert [row.state for row in any_desk.interchanges()] == ["read", "duplicate"]
    any_desk.later(hours=6)
    assert any_desk.posted() == ["4500881201"]
    assert any_desk.codes() == ["997", "997", "855", "856", "810"]


def test_the_same_interchange_gets_its_old_ta1_again_too(desk: Desk) -> None:
    asked = northwind(77, order("PO-1"), asks=True)
    desk.drop(asked)
    desk.drop(asked)
    first, again = desk.sent("ta1")
    assert again.body == first.body
    assert len(desk.sent("997")) == 2


def test_a_repetition_before_the_first_is_answered_is_answered_once_by_the_first(desk: Desk) -> None:
    body = northwind(1, order("PO-1"))
    desk.put(body)
    desk.put(body)
    desk.run()
    assert len({answer.body for answer in desk.sent("997")}) == 1
    assert desk.posted() == ["PO-1"]


def test_the_same_number_with_other_bytes_is_processed_and_flagged(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(northwind(1, order("PO-2")))
    assert [row.state for row in desk.interchanges()] == ["read", "read"]
    assert "came before with other bytes" in desk.events("interchange.number_reused")[0].text
    desk.later(hours=1)
    assert desk.posted() == ["PO-1", "PO-2"]


def test_the_second_of_two_under_one_number_is_known_again_as_well(desk: Desk) -> None:
    first, second = northwind(1, order("PO-1")), northwind(1, order("PO-2"))
    for body in (first, second, second, first):
        desk.drop(body)
    rows = desk.interchanges()
    assert [row.state for row in rows] == ["read", "read", "duplicate", "duplicate"]
    assert [row.duplicate_of for row in rows[2:]] == [rows[1].id, rows[0].id]
    bodies = [answer.body for answer in desk.sent("997")]
    assert sorted(bodies) == sorted([*{*bodies}, *{*bodies}])


def test_the_same_interchange_among_others_in_a_payload_is_known_again(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(northwind(2, order("PO-2")) + northwind(1, order("PO-1")) + northwind(3, order("PO-3")))
    assert [row.state for row in desk.interchanges()] == ["read", "read", "duplicate", "read"]


def test_an_old_number_may_come_back_after_the_window(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.replace("northwind", "window: 365d", "window: 2d")
    desk = make_desk()
    body = northwind(1, order("PO-1"))
    desk.drop(body)
    desk.later(days=3)
    desk.drop(body)
    assert [row.state for row in desk.interchanges()] == ["read", "read"]


def test_a_partner_may_have_its_repetitions_held(desk: Desk) -> None:
    desk.drop("cascade-850-plain.edi", at=CASCADE)
    answers = len(desk.sent())
    desk.drop("cascade-850-plain.edi", at=CASCADE)
    assert "on record already" in desk.held()[0]
    assert len(desk.sent()) == answers
    resume(desk.store, desk.flow("held").id, by="operator")
    desk.run()
    assert len(desk.sent()) == 2 * answers


def test_a_partner_may_have_its_repetitions_processed(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.replace("northwind", "interchange: answer again", "interchange: process")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.drop(northwind(1, order("PO-1")))
    assert [row.state for row in desk.interchanges()] == ["read", "read"]


def test_the_same_order_in_a_new_interchange_is_accepted_by_997_and_held(desk: Desk) -> None:
    desk.drop("northwind-850-plain.edi")
    desk.later(hours=6)
    desk.drop("northwind-850-same-order.edi")
    assert [answer.one("AK5")[1] for answer in desk.sent("997")] == ["A", "A"]
    assert "order 4500881201 of northwind is on record already" in desk.held()[0]
    desk.later(hours=6)
    assert desk.posted() == ["4500881201"]


def test_the_same_order_resumed_is_a_new_order(desk: Desk) -> None:
    desk.drop("northwind-850-plain.edi")
    desk.later(hours=6)
    desk.drop("northwind-850-same-order.edi")
    resume(desk.store, desk.flow("held").id, by="operator")
    desk.later(hours=6)
    assert desk.posted() == ["4500881201", "4500881201"]
    assert len(desk.sent("855")) == 2


def test_an_order_number_may_come_back_after_the_window(profiles: Profiles, make_desk: Callable[..., Desk]) -> None:
    profiles.replace("northwind", "window: 365d", "window: 2d")
    desk = make_desk()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(days=3)
    desk.drop(northwind(2, order("PO-1")))
    desk.later(hours=1)
    assert desk.held() == []
    assert desk.posted() == ["PO-1", "PO-1"]


def test_two_of_one_order_number_in_one_group_are_told_apart(desk: Desk) -> None:
    desk.drop(northwind(1, order("PO-1"), order("PO-1", quantity=12)))
    desk.later(hours=1)
    assert desk.posted() == ["PO-1"]
    assert len(desk.held()) == 1


@pytest.mark.parametrize("count", [2, 3])
def test_every_repetition_is_answered(desk: Desk, count: int) -> None:
    for _ in range(1 + count):
        desk.drop(northwind(1, order("PO-1")))
    assert len(desk.sent("997")) == 1 + count
    assert len({answer.name for answer in desk.sent("997")}) == 1 + count


def test_a_partner_may_have_its_repeated_orders_refused_by_855(desk: Desk) -> None:
    body = sample("cascade-850-plain.edi")
    desk.drop(body, at=CASCADE)
    desk.later(hours=1)
    desk.drop(body.replace(b"000000881", b"000000890").replace(b"|881", b"|890"), at=CASCADE)
    desk.later(hours=1)
    first, again = desk.sent("855")
    assert first.one("BAK")[2] == "AD"
    assert again.one("BAK")[2:4] == ["RD", "C26-30417"]
    assert desk.posted() == ["C26-30417"]
    assert desk.held() == []
