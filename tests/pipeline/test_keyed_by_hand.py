"""What a person keys in and credits is about the order as it stands, with the changes (860) that were taken."""

from __future__ import annotations

from decimal import Decimal

import pytest
from change_scenes import Made, changed, line
from desk import Desk
from partner_says import northwind, order

from edi_gateway.erp.base import BilledLine, OrderBilled
from edi_gateway.errors import WrongInput
from edi_gateway.operations.invoices import Taken, credit_invoice
from edi_gateway.operations.key_in import key_in, order_of


@pytest.fixture
def grown(made: Made) -> Desk:
    """PO-1, to which an 860 added line 002 and of which it lowered the price of line 001; everything was shipped and billed."""
    desk = made()
    desk.drop(northwind(1, order("PO-1")))
    desk.later(hours=1)
    added = line("AI", 24, number="002", price="11.25", item=["IN", "000044026", "UP", "614141001743"])
    desk.drop(northwind(2, changed("PO-1", line("PC", 48, price="18.45"), added)))
    desk.later(hours=12)
    return desk


def test_the_order_to_key_about_is_the_one_that_stands(grown: Desk) -> None:
    _, stands = order_of(grown.store, grown.order("PO-1").id)
    assert [(each.number, each.unit_price) for each in stands.lines] == [("001", Decimal("18.45")), ("002", Decimal("11.25"))]


def test_a_line_that_a_change_added_can_be_credited(grown: Desk) -> None:
    invoice = grown.sent("810")[0].one("BIG")[2]
    credit_invoice(grown.store, invoice, {"002": Taken(Decimal(2))}, why="returned", by="ann")
    grown.later(hours=1)
    (note,) = [sent for sent in grown.sent("810") if sent.one("BIG")[2] == f"{invoice}-C1"]
    assert note.one("IT1")[1:3] == ["002", "2"]
    assert grown.held() == []


@pytest.mark.parametrize(("quantity", "price", "said"), [("NaN", "1", "no number"), ("1", "-1", "below nothing")])
def test_numbers_nobody_can_mean_are_refused(grown: Desk, quantity: str, price: str, said: str) -> None:
    billed = BilledLine(line_number="001", quantity=Decimal(quantity), unit_price=Decimal(price))
    order = grown.order("PO-1").document_id
    event = OrderBilled(id="keyed-1", order=order, at=grown.clock.now(), invoice="I", shipment="S", lines=(billed,))
    with pytest.raises(WrongInput, match=said):
        key_in(grown.store, event, by="ann")
