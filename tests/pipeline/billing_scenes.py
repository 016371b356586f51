"""What leaves and is billed of PO-1, as somebody keys it in."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from desk import NOON, ROOT, Desk
from partner_says import northwind, order

from edi_gateway.clock import MovableClock
from edi_gateway.documents.base import Carrier
from edi_gateway.erp.base import BilledLine, OrderBilled, OrderCredited, OrderShipped, PackContent, PackedCarton
from edi_gateway.operations.key_in import key_in, new_event

AGREED = """    map: invoice-810
    guide: "810"
    awaits: {within: 24h}

  # The same"""


def po_1_is_taken_up(data: Path, *, shipped: int = 0) -> Path:
    """The data folder of a gateway that took PO-1 up, and told of so much of it as S1: scenes go on with copies of it."""
    desk = Desk(data, ROOT / "partners", MovableClock(NOON))
    desk.drop(northwind(1, order("PO-1")))
    desk.later(minutes=10)
    desk.erps.clear()
    if shipped:
        ship(desk, "S1", shipped)
    desk.close()
    return data


def go_on(make_desk: Callable[..., Desk], begun: Path, folder: Path) -> Desk:
    """A desk in ``folder`` on a copy of what has begun, without its ERP: it is told by hand what leaves and is billed."""
    shutil.copytree(begun, folder / "data")
    desk = make_desk()
    desk.clock.advance(timedelta(minutes=10))
    desk.erps.clear()
    return desk


def ship(desk: Desk, shipment: str, quantity: int, store: str = "", *, leaves_in: timedelta = timedelta()) -> None:
    """So much of PO-1 leaves in one carton, for a store where one is named."""
    contents = (PackContent(line_number="001", quantity=Decimal(quantity)),)
    carton = PackedCarton(contents=contents, weight=Decimal(12), store=store)
    event = OrderShipped(
        id=new_event(),
        order=document(desk),
        at=desk.clock.now() + leaves_in,
        shipment=shipment,
        cartons=(carton,),
        carrier=Carrier(scac="RDWY", mode="M"),
        bill_of_lading="06141410000700018",
        carrier_reference="700018",
        delivery_on=(desk.clock.now() + timedelta(days=3)).date(),
    )
    key_in(desk.store, event, by="anna")
    desk.run()


def charge(desk: Desk, number: str, shipment: str, quantity: int, price: str = "18.5", *, store: str = "") -> None:
    """So much of it is billed, for a store where one is named."""
    event = OrderBilled(
        id=new_event(),
        order=document(desk),
        at=desk.clock.now(),
        invoice=number,
        shipment=shipment,
        lines=_lines(quantity, price, store),
    )
    key_in(desk.store, event, by="anna")
    desk.run()


def credit(desk: Desk, number: str, invoice: str, quantity: int, price: str = "18.5") -> None:
    """So much of an invoice is taken back."""
    event = OrderCredited(
        id=new_event(),
        order=document(desk),
        at=desk.clock.now(),
        credit=number,
        invoice=invoice,
        lines=_lines(quantity, price),
    )
    key_in(desk.store, event, by="anna")
    desk.run()


def document(desk: Desk) -> str:
    return str(desk.order("PO-1").document_id)


def _lines(quantity: int, price: str, store: str = "") -> tuple[BilledLine, ...]:
    return (BilledLine(line_number="001", quantity=Decimal(quantity), unit_price=Decimal(price), store=store),)
