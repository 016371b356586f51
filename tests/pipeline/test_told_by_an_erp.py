"""What an ERP tells, whatever connector reads it: shipments of several orders, times without a zone, numbers nobody can mean."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec
import pytest
from desk import Desk
from partner_says import northwind, order

from edi_gateway.documents.base import Carrier
from edi_gateway.erp.base import DecidedQuantity, ErpEvent, OrderDecided, OrderShipped, PackContent, PackedCarton
from edi_gateway.pipeline.outbound.collect import collect_events
from edi_gateway.views.timeline import timeline


class Telling:
    """An ERP that tells what a scene gives it."""

    def __init__(self) -> None:
        self.told: list[ErpEvent] = []

    def pending(self, limit: int = 100) -> list[ErpEvent]:
        return self.told[:limit]

    def confirm(self, event_ids: list[str]) -> None:
        self.told = [event for event in self.told if event.id not in event_ids]


@pytest.fixture
def orders(desk: Desk) -> list[str]:
    """Document ids of two orders, which the ERP has and told nothing of."""
    desk.erp.pending = lambda limit=100: []  # type: ignore[method-assign]  # the scene tells instead
    desk.drop(northwind(1, order("PO-1"), order("PO-2")))
    return [desk.order(number).document_id for number in ("PO-1", "PO-2")]


def tell(desk: Desk, *events: ErpEvent) -> None:
    erp = Telling()
    erp.told = list(events)
    collect_events(desk.store, desk.directory, "simulator", erp)  # type: ignore[arg-type]  # only what is told is asked for
    assert erp.told == []
    desk.run()
    desk.later(hours=1)


def decided(desk: Desk, order: str, quantity: str = "48", at: datetime | None = None) -> OrderDecided:
    line = DecidedQuantity(line_number="001", status="accepted", quantity=Decimal(quantity))
    return OrderDecided(id=f"decided {order}", order=order, at=at or desk.clock.now(), lines=(line,))


def shipped(desk: Desk, order: str, *cartons: str) -> OrderShipped:
    """A shipment told of an order, with twelve of line 001 in each carton of these orders."""
    contents = (PackContent(line_number="001", quantity=Decimal(12)),)
    return OrderShipped(
        id="shipped",
        order=order,
        at=desk.clock.now(),
        shipment="S-1",
        cartons=tuple(PackedCarton(contents=contents, weight=Decimal(10), order=each) for each in cartons),
        bill_of_lading="06141410001000013",
        carrier=Carrier(scac="RDWY"),
        carrier_reference="PRO1",
        delivery_on=desk.clock.now().date(),
    )


def test_an_erp_may_name_the_order_on_every_carton(desk: Desk, orders: list[str]) -> None:
    first, second = orders
    tell(desk, decided(desk, first), decided(desk, second))
    tell(desk, shipped(desk, first, first, first, second))
    assert desk.held() == []
    (sent,) = desk.sent("856")
    assert [segment[1] for segment in sent.all("PRF")] == ["PO-1", "PO-2"]
    assert [desk.order(number).shipped for number in ("PO-1", "PO-2")] == [444, 222]  # dollars: 24 and 12 lanterns


def test_a_carton_of_no_order_of_theirs_holds_the_shipment_and_says_which(desk: Desk, orders: list[str]) -> None:
    tell(desk, decided(desk, orders[0]))
    tell(desk, shipped(desk, orders[0], "", "4711"))
    (because,) = desk.held()
    assert "a carton of an order that did not come through here, 4711" in because


def test_a_time_without_a_zone_is_answered_like_any_other(desk: Desk, orders: list[str]) -> None:
    tell(desk, decided(desk, orders[0], at=datetime(2026, 11, 17, 9)))
    assert (desk.held(), desk.codes()[-1]) == ([], "855")


def test_a_decision_that_says_nothing_new_sends_no_855_and_is_on_the_timeline_of_its_order(desk: Desk, orders: list[str]) -> None:
    again = msgspec.structs.replace(decided(desk, orders[0]), id="decided once more")
    tell(desk, decided(desk, orders[0]), again)
    assert (len(desk.sent("855")), desk.held()) == (1, [])
    [told] = [event for event in timeline(desk.store, f"document:{orders[0]}") if event.kind == "order.decision_repeated"]
    assert told.text == "order PO-1 was decided as it was before: an 855 says so already, and no other is sent"
    assert told in timeline(desk.store, "PO-1")


@pytest.mark.parametrize("quantity", ["NaN", "Infinity", "-4"])
def test_a_quantity_nobody_can_mean_is_told_and_nothing_is_drafted_of_it(desk: Desk, orders: list[str], quantity: str) -> None:
    tell(desk, decided(desk, orders[0], quantity))
    (event,) = desk.events("erp.unreadable")
    assert f"lines[0].quantity is {quantity}" in event.text
    assert (desk.held(), "855" in desk.codes()) == ([], False)
