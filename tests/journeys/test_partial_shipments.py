"""Three partial shipments: each is told by its own 856 and billed by its own 810, and together they are the order."""

from __future__ import annotations

from decimal import Decimal

from stage import COOK_SET, Stage, dollars


def test_three_shipments_three_invoices_one_order(stage: Stage) -> None:
    stage.orders("PO-1", cook_set=24)  # none are there
    stage.later(hours=1)
    assert stage.balances("PO-1", "confirmed", "backordered") == [(0, 24)]
    for so_far in (8, 16, 24):
        stage.desk.erp.restock(COOK_SET, Decimal(8))
        stage.later(hours=10)
        assert stage.balances("PO-1", "shipped", "billed") == [(so_far, so_far)]
    assert stage.documents() == ["855", *(["856", "810"] * 3)]

    notices = list(stage.buyer.ledger.shipments.values())
    assert len({notice.shipment for notice in notices}) == len(set(stage.buyer.ledger.labels)) == 3
    assert stage.money("PO-1") == dollars("1392.00", "0", "0", "1392.00")
    first, *others = stage.invoices()
    stage.bank_has(stage.pays(first))
    assert stage.money("PO-1") == dollars("1392.00", "464.00", "464.00", "928.00")
    stage.bank_has(stage.pays(*others))
    assert stage.thread("PO-1").state == "paid"
    assert (stage.desk.held(), stage.alerts(), stage.complaints()) == ([], [], [])
