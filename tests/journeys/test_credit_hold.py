"""Credit hold: an order beyond the limit waits for the one who may approve it, until the money for the last one is there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk import Profiles
from stage import Stage, dollars

from edi_gateway.errors import WrongInput
from edi_gateway.operations.approve import approve_order


def test_an_order_beyond_the_limit_waits_and_goes_on_when_it_is_approved(
    profiles: Profiles, make_stage: Callable[..., Stage]
) -> None:
    profiles.replace("northwind", "  credit_exceeded: hold", "  credit_exceeded: hold\n  approvers: {credit: [anna]}")
    stage = make_stage(credit="10000.00")
    stage.orders("PO-1", lantern=480)  # 8,880.00
    stage.later(hours=8)
    stage.orders("PO-2", bottle=240)  # 2,700.00 more
    assert "credit" in stage.desk.held()[0]
    assert stage.alerts() == ["bad-credit"]
    assert stage.desk.posted() == ["PO-1"]

    with stage.desk.store.read() as unit:
        (asked,) = unit.approvals.open()
    with pytest.raises(WrongInput, match="ben may not approve this"):
        approve_order(stage.desk.store, asked.id, because="they are good for it", by="ben")

    stage.bank_has(stage.pays())
    stage.approves("PO-1 is paid")
    stage.later(hours=8)
    stage.bank_has(stage.pays())
    assert [stage.thread(number).state for number in ("PO-1", "PO-2")] == ["paid", "paid"]
    assert stage.money("PO-2") == dollars("2700.00", "2700.00", "2700.00", "0")
    assert stage.desk.held() == []
    assert stage.alerts() == ["compliance"]  # its 855 left a day late, since nobody approved it in time: R04
    (late,) = stage.complaints()  # waiting for the money took two days, and we were told in time that it would be late
    assert late.startswith("order acknowledgment PO-2: it came after 49 h")
    assert len(stage.desk.events("answer.owed_overdue")) == 1
    (given,) = stage.desk.events("approval.given")
    assert (given.actor, "PO-1 is paid" in given.text) == ("anna", True)
