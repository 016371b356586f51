"""Which document is behind which balance: of a shipment of several orders, each order has its own part."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.ship_notice import Pack, PackedItem, ShipNotice, ShippedOrder
from edi_gateway.order_to_cash import progress
from edi_gateway.order_to_cash.figures import figures_of, recount
from edi_gateway.order_to_cash.thread import OrderThread, open_thread

_ON = date(2026, 11, 16)


def release(number: str) -> OrderThread:
    """The thread of one release of a blanket order, of 48 each."""
    line = OrderLine(number="1", quantity=Decimal(48), unit="EA", unit_price=Decimal(1))
    order = Order(number="4500", release_number=number, purpose="original", ordered_on=_ON, lines=(line,))
    return open_thread(order, partner="northwind", document_id=number).thread


def shipped(number: str, quantity: int) -> ShippedOrder:
    item = PackedItem(line_number="1", quantity=Decimal(quantity), unit="EA")
    return ShippedOrder(order_number="4500", release_number=number, ordered_on=_ON, packs=(Pack(sscc="", items=(item,)),))


def test_two_releases_in_one_shipment_are_counted_apart_and_disagree_with_nothing() -> None:
    notice = ShipNotice(
        shipment="S1",
        created_at=datetime(2026, 11, 17, tzinfo=UTC),
        structure="shipment, order, pack, item",
        shipped_on=date(2026, 11, 17),
        packaging="CTN25",
        pack_count=2,
        orders=(shipped("0001", 48), shipped("0002", 24)),
    )
    for number, quantity in (("0001", 48), ("0002", 24)):
        thread = progress.ship(release(number), notice).thread
        assert recount(thread, [notice]) == ()
        assert [figure.quantity for figure in figures_of(notice, thread)] == [quantity]
