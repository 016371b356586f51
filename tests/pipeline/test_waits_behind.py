"""What is ready and does not go, because one of its order before it is held, says behind which it waits and why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from desk import NORTHWIND, Desk
from partner_says import northwind, order, rejects

from edi_gateway.errors import NeedsPerson
from edi_gateway.operations.dismiss import dismiss
from edi_gateway.pipeline.stages import STAGES
from edi_gateway.pipeline.tools import Record, start
from edi_gateway.views.set_list import held
from edi_gateway.views.set_page import set_page


def test_what_the_erp_told_waits_behind_a_rejected_855_and_is_listed_until_that_goes_on(any_desk: Desk) -> None:
    any_desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    any_desk.later(minutes=10)
    any_desk.drop(northwind(2, rejects("PR", 1, "855")))
    any_desk.later(hours=8)
    rejected = any_desk.flow("held")
    waiting = held(any_desk.store, "", "behind")
    assert {(row.state, row.stage, row.subject.partition(":")[0]) for row in waiting} == {("ready", "draft", "erp_event")}
    for row in waiting:
        assert row.because.startswith(
            f"waits behind flow {rejected.id} of its order, held at 'await': northwind answered 855 PO-1"
        )
    assert [row.id for row in held(any_desk.store)] == [rejected.id]
    dismiss(any_desk.store, rejected.id, because="they took it by telephone", by="ann")
    any_desk.run()
    assert held(any_desk.store, "", "behind") == []


def test_what_keeps_no_order_waits_behind_nothing(any_desk: Desk) -> None:
    with any_desk.store.write() as unit:
        start(unit, "draft", "erp_event:1", partner=NORTHWIND, follows="order:1", state="held", because="no price")
        start(unit, "await", "transaction:1", partner=NORTHWIND, follows="order:1")
        start(unit, "draft", "erp_event:2", partner=NORTHWIND, state="held", because="no order")
        start(unit, "draft", "erp_event:3", partner=NORTHWIND)
    assert held(any_desk.store, "", "behind") == []


def test_of_several_it_waits_behind_the_one_that_is_stopped_is_told(any_desk: Desk) -> None:
    with any_desk.store.write() as unit:
        start(unit, "draft", "erp_event:1", partner=NORTHWIND, follows="order:1")
        start(unit, "draft", "erp_event:2", partner=NORTHWIND, follows="order:1", state="held", because="no price")
        start(unit, "draft", "erp_event:3", partner=NORTHWIND, follows="order:1")
    (waiting,) = held(any_desk.store, "", "behind")
    stopped = any_desk.flow("held").id
    assert waiting.because == f"waits behind flow {stopped} of its order, held at 'draft': no price"


@pytest.fixture
def stuck(make_desk: Callable[..., Desk]) -> Desk:
    """Of two orders of one number the first is held before anybody could read it."""

    def missing(*_: Any) -> Record:
        raise NeedsPerson("a map is missing")

    desk = make_desk(stages={**STAGES, "translate": missing})
    desk.drop(northwind(1, order("PO-1")))
    desk = make_desk()
    desk.drop(northwind(2, order("PO-1")))
    return desk


def test_a_set_says_on_its_page_behind_which_flow_it_waits(stuck: Desk) -> None:
    first, second = (set_page(stuck.store, row.id) for row in stuck.sets("850"))
    (waits,) = (one for one in second.flows if one.id in second.behind)
    assert waits.because == f"waits behind flow {stuck.flow('held').id} of its order, held at 'translate': a map is missing"
    assert first.behind == frozenset()
