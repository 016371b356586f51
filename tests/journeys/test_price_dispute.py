"""Price dispute: an order at another price than ours goes nowhere until a person has agreed, or has refused it."""

from __future__ import annotations

from stage import Stage, dollars

from edi_gateway.operations.approve import refuse_order


def test_a_price_a_person_agrees_to_is_the_one_that_is_billed(stage: Stage) -> None:
    stage.orders("PO-1", price="17.00", lantern=48)
    assert stage.desk.held() != []
    assert "ordered at 17" in stage.alert_rows()[0].text
    assert stage.desk.posted() == []

    stage.approves("the spring promotion runs until Friday")
    stage.later(hours=8)
    assert stage.documents() == ["855", "856", "810"]
    stage.bank_has(stage.pays())
    assert stage.money("PO-1") == dollars("816.00", "816.00", "816.00", "0")
    assert stage.complaints() == []
    assert stage.alerts() == []


def test_a_price_a_person_refuses_is_refused_by_an_855_and_nothing_ships(stage: Stage) -> None:
    stage.orders("PO-1", price="1.00", lantern=48)
    with stage.desk.store.read() as unit:
        (asked,) = unit.approvals.open()
    refuse_order(stage.desk.tools, asked.id, because="no such promotion", by="anna")
    stage.later(days=1)
    assert stage.thread("PO-1").state == "rejected"
    assert stage.documents() == ["855"]
    assert stage.desk.posted() == []
    assert (stage.desk.held(), stage.complaints(), stage.alerts()) == ([], [], [])
