"""The 865 never promises what the ERP, or our rules, refused of a line before; what is asked for anew is answered anew."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from msgspec.structs import replace
from trade import NOON, d, line, opened, order

from edi_gateway.documents.base import DateOf, ItemId
from edi_gateway.documents.order_change import ChangedLine, OrderChange
from edi_gateway.documents.order_change_acknowledgment import OrderChangeAcknowledgment
from edi_gateway.order_to_cash.changes import revise
from edi_gateway.order_to_cash.changing import answer_change, take_change
from edi_gateway.order_to_cash.facts import DecidedQuantity
from edi_gateway.order_to_cash.thread import LineBalance, ThreadChange
from edi_gateway.order_to_cash.turnaround import draft_change_acknowledgment

ORDER = order(line("001", 48))


def answered(
    changed: dict[str, Any], *ruled: DecidedQuantity, confirmed: int = 36, rejected: int = 12
) -> tuple[OrderChangeAcknowledgment, LineBalance]:
    """The 865 to a change of line 001, and the line once it was sent."""
    thread = opened(ORDER)
    thread = replace(thread, lines=(replace(thread.lines[0], confirmed=d(confirmed), rejected=d(rejected)),))
    change = OrderChange(number=ORDER.number, purpose="change", lines=(ChangedLine(number="001", unit="EA", **changed),))
    revision = revise(ORDER, change, thread.gone)
    taken = take_change(thread, revision.order, ThreadChange(document_id="C1", at=NOON, taken="all", digest="x")).thread
    answer = draft_change_acknowledgment(revision.order, change, revision, ruled, taken, today=date(2026, 11, 17))
    after = answer_change(taken, answer, "C1")
    assert after.agreed, after.disagreements
    return answer, after.thread.lines[0]


def said(answer: OrderChangeAcknowledgment) -> list[tuple[str, int]]:
    return [(one.status, int(one.quantity)) for line in answer.lines for one in line.decisions]


def test_the_865_says_the_day_of_the_change_and_our_own_each_in_its_place() -> None:
    asked = ChangedLine(number="001", change="quantity decrease", quantity=d(24), unit="EA")
    change = OrderChange(number=ORDER.number, purpose="change", changed_on=date(2026, 11, 16), lines=(asked,))
    revision = revise(ORDER, change, {})
    answer = draft_change_acknowledgment(ORDER, change, revision, (), opened(revision.order), today=date(2026, 11, 17))
    assert (answer.acknowledged_on, answer.changed_on) == (date(2026, 11, 17), date(2026, 11, 16))  # BCA10, BCA11


def ruled(status: Any, quantity: int) -> DecidedQuantity:
    return DecidedQuantity(line_number="001", status=status, quantity=d(quantity))


def test_another_day_does_not_promise_what_the_erp_refused() -> None:
    answer, after = answered({"change": "date change", "dates": (DateOf(qualifier="010", date=date(2026, 12, 1)),)})
    assert said(answer) == [("accepted", 36), ("rejected", 12)]
    assert answer.decision == "accepted with changes"
    assert (after.confirmed, after.rejected) == (36, 12)


def test_more_of_a_line_is_answered_beside_what_was_refused_of_it() -> None:
    more = {"change": "quantity increase", "quantity": Decimal(60)}
    answer, after = answered(more, ruled("accepted", 8), ruled("backordered", 4))
    assert said(answer) == [("accepted", 44), ("backordered", 4), ("rejected", 12)]
    assert (after.confirmed, after.backordered, after.rejected) == (44, 4, 12)


def test_fewer_of_a_line_are_those_that_were_not_refused() -> None:
    answer, after = answered({"change": "quantity decrease", "quantity": Decimal(36)})
    assert (said(answer), answer.decision) == ([("accepted", 36)], "accepted")
    assert (after.confirmed, after.rejected) == (36, 0)


def test_a_line_that_our_rules_had_refused_is_accepted_once_they_take_it() -> None:
    mended = {"change": "price change", "unit_price": Decimal("18.50")}
    answer, after = answered(mended, ruled("accepted", 48), confirmed=0, rejected=48)
    assert said(answer) == [("accepted", 48)]
    assert (after.confirmed, after.rejected) == (48, 0)


def test_what_a_person_let_go_that_was_not_taken_is_not_said_to_be() -> None:
    other = {"change": "replace all", "item_ids": (ItemId(qualifier="IN", id="000044013"),), "unit_price": Decimal(3)}
    answer, _ = answered(other)
    (said_of,) = answer.lines
    assert (said_of.item_ids, said_of.unit_price, answer.decision) == (
        ORDER.lines[0].item_ids,
        Decimal(3),
        "accepted with changes",
    )
