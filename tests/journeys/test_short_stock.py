"""Short stock: an order for more than is there is confirmed in part, and the rest follows when it comes."""

from __future__ import annotations

from stage import Stage, dollars


def test_what_is_not_there_is_promised_for_later_and_follows(stage: Stage) -> None:
    stage.orders("PO-1", lantern=500)  # 480 are on the shelf
    stage.later(hours=1)
    assert stage.balances("PO-1", "ordered", "confirmed", "backordered") == [(500, 480, 20)]
    stage.later(hours=6)
    assert stage.thread("PO-1").state == "partly shipped"
    assert stage.balances("PO-1", "shipped", "billed") == [(480, 480)]

    stage.later(days=3)  # the ERP was restocked
    assert stage.balances("PO-1", "shipped", "billed") == [(500, 500)]
    assert stage.documents() == ["855", "856", "810", "856", "810"]

    stage.bank_has(stage.pays())
    assert stage.thread("PO-1").state == "paid"
    assert stage.money("PO-1") == dollars("9250.00", "9250.00", "9250.00", "0")
    assert (stage.desk.held(), stage.alerts(), stage.complaints()) == ([], [], [])
