"""What goes wrong with an order in the simulated warehouse: a late truck, and what a picker does not find."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from edi_gateway.clock import MovableClock
from edi_gateway.documents.base import ItemId
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.erp.base import OrderDecided, OrderShipped
from edi_gateway.erp.simulator import Mishap, SimulatedErp

MISHAPS = {"LATE": Mishap(late=timedelta(days=12)), "SHORT": Mishap(not_found=Decimal(5)), "NONE": Mishap(not_found=Decimal(99))}


class Scene:
    """An ERP with these mishaps, and its clock."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, MovableClock(datetime(2026, 1, 5, 12, tzinfo=UTC))
        self.erp = SimulatedErp(folder, self.clock, mishaps=MISHAPS)

    def orders(self, number: str) -> None:
        line = OrderLine(
            number="1",
            quantity=Decimal(24),
            unit="EA",
            unit_price=Decimal("18.50"),
            item_ids=(ItemId(qualifier="VN", id="PB-1001"),),
        )
        order = Order(number=number, purpose="original", ordered_on=date(2026, 1, 5), lines=(line,))
        self.erp.post_order(number, "northwind", order)

    def shipped(self) -> list[tuple[datetime, Decimal]]:
        """When goods left, and how many."""
        told = [event for event in self.erp.pending() if isinstance(event, OrderShipped)]
        return [(one.at, sum((each.quantity for box in one.cartons for each in box.contents), Decimal(0))) for one in told]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path / "erp")
    yield made
    made.erp.close()


def test_a_late_truck_is_promised_for_its_day_and_leaves_later(scene: Scene) -> None:
    scene.orders("LATE")
    scene.clock.advance(timedelta(days=20))
    (promised,) = [event for event in scene.erp.pending() if isinstance(event, OrderDecided)]
    ((left, quantity),) = scene.shipped()
    assert promised.lines[0].ship_on == date(2026, 1, 5)
    assert (left.date(), quantity) == (date(2026, 1, 17), Decimal(24))


def test_what_is_not_found_at_first_leaves_with_the_next_restocking(scene: Scene) -> None:
    scene.orders("SHORT")
    scene.clock.advance(timedelta(days=5))
    assert [quantity for _, quantity in scene.shipped()] == [Decimal(19), Decimal(5)]
    assert scene.erp.stock("PB-1001") == 480 - 24


def test_an_order_of_which_nothing_is_found_leaves_whole_later(scene: Scene) -> None:
    scene.orders("NONE")
    scene.clock.advance(timedelta(days=5))
    assert [quantity for _, quantity in scene.shipped()] == [Decimal(24)]


def test_an_order_without_a_mishap_leaves_as_promised_and_a_restart_changes_nothing(scene: Scene) -> None:
    scene.orders("FINE")
    scene.orders("SHORT")
    scene.clock.advance(timedelta(days=5))
    before = scene.shipped()
    scene.erp.close()
    scene.erp = SimulatedErp(scene.folder, scene.clock, mishaps=MISHAPS)
    assert scene.shipped() == before
    assert sorted(quantity for _, quantity in before) == [Decimal(5), Decimal(19), Decimal(24)]
