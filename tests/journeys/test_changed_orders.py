"""Changes: an 860 after our 855 is taken while the goods are here, and a cancellation after they left is refused and told."""

from __future__ import annotations

from stage import Stage, dollars, to


def test_an_860_after_the_855_changes_what_is_confirmed_shipped_and_billed(stage: Stage) -> None:
    stage.orders("PO-1", lantern=48, bottle=24)
    stage.later(hours=1)
    assert stage.documents() == ["855"]
    stage.changes("PO-1", to(60), to(0, "bottle", number=2, what="delete"))
    stage.later(hours=8)
    assert stage.balances("PO-1", "first_ordered", "ordered", "cancelled", "confirmed", "shipped", "billed") == [
        (48, 60, 0, 60, 60, 60),
        (24, 0, 24, 0, 0, 0),
    ]
    assert stage.documents() == ["855", "855", "856", "810"]
    stage.bank_has(stage.pays())
    assert stage.money("PO-1") == dollars("1110.00", "1110.00", "1110.00", "0")
    assert (stage.desk.held(), stage.alerts(), stage.complaints()) == ([], [], [])


def test_a_cancellation_after_the_goods_left_is_refused_and_somebody_is_told(stage: Stage) -> None:
    stage.orders("PO-1", lantern=48)
    stage.later(hours=8)
    assert "856" in stage.documents()
    stage.changes("PO-1", purpose="cancellation")
    stage.later(hours=2)
    assert stage.balances("PO-1", "ordered", "cancelled", "shipped") == [(48, 0, 48)]
    assert stage.documents() == ["855", "856", "810", "855"]
    (alert,) = stage.alert_rows()
    assert (alert.rule, "all 48 EA of it have left" in alert.text) == ("change-refused", True)
    stage.bank_has(stage.pays())
    assert stage.thread("PO-1").state == "paid"


def test_a_cancellation_in_time_ends_the_order_and_nothing_leaves(stage: Stage) -> None:
    stage.orders("PO-1", lantern=48)
    stage.later(hours=1)
    stage.changes("PO-1", purpose="cancellation")
    stage.later(days=1)
    assert stage.thread("PO-1").state == "cancelled"
    assert stage.balances("PO-1", "first_ordered", "cancelled", "shipped") == [(48, 48, 0)]
    assert stage.documents() == ["855", "855"]
    assert (stage.desk.held(), stage.alerts(), stage.complaints()) == ([], [], [])
