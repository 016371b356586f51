"""The two invented partners: only what differs is in their files, and the rest is the common map's."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from map_scenes import BASE, PROJECT, a_set, around, library, written

from edi_gateway.documents.base import ItemId
from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.order_acknowledgment import AcknowledgedLine, LineDecision, OrderAcknowledgment
from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import Pack, PackedItem, ShipNotice, ShippedOrder
from edi_gateway.mapping.library import Library

CASCADE_ORDER = Order(
    number="C-5521",
    purpose="original",
    type="stand-alone",
    ordered_on=date(2026, 1, 5),
    department="STEEL",
    ship_to=Party(role="ST", name="CASCADE EAST", id_qualifier="9", id="0098765430012"),
    lines=(
        OrderLine(number="1", quantity=Decimal(8), unit="EA", item_ids=(ItemId(qualifier="VN", id="W-100"),)),
        OrderLine(number="2", quantity=Decimal(3), unit="EA", item_ids=(ItemId(qualifier="BP", id="77-1"),)),
    ),
)


def item(line: str, quantity: int) -> PackedItem:
    ids = (ItemId(qualifier="VN", id=f"W-10{line}"),)
    return PackedItem(line_number=line, quantity=Decimal(quantity), unit="EA", item_ids=ids)


SHIPPED = ShipNotice(
    shipment="S-1",
    created_at=datetime(2026, 1, 7, 15, 30),
    shipped_on=date(2026, 1, 7),
    pack_count=2,
    orders=(
        ShippedOrder(
            order_number="C-5521",
            department="STEEL",
            packs=(
                Pack(sscc="112345678000000011", items=(item("1", 5), item("2", 3))),
                Pack(sscc="112345678000000028", items=(item("1", 3),)),
            ),
        ),
    ),
)


def test_northwind_names_a_deal_where_it_has_no_number() -> None:
    order = (
        library()
        .reading("northwind/850-order")
        .read(
            a_set("ST*850*1~BEG*00*SA*4501**20260105~REF*PD**SPRING RESET~REF*DP*042~PO1*1*5*EA*2**UP*012345678905~"),
        )
    )

    assert isinstance(order, Order)
    assert (order.promotion, order.department) == ("SPRING RESET", "042")


def test_cascade_writes_departments_as_divisions_and_lines_without_numbers() -> None:
    segments = written(library().writing("cascade/850-order").write(CASCADE_ORDER))

    assert "REF*19*STEEL" in segments
    assert "PO1**8*EA***VN*W-100" in segments
    assert "N1*ST*CASCADE EAST*9*0098765430012" in segments
    assert segments[-1] == "CTT*2"


def test_what_cascade_writes_is_the_order_again() -> None:
    segments = library().writing("cascade/850-order").write(CASCADE_ORDER)

    assert library().reading("cascade/850-order").read(around("850", segments)) == CASCADE_ORDER


def test_cascade_gets_its_division_back_with_every_line_answered() -> None:
    lines = tuple(
        AcknowledgedLine(
            number=line.number,
            quantity=line.quantity,
            unit=line.unit,
            item_ids=line.item_ids,
            decisions=(LineDecision(status="accepted", quantity=line.quantity, unit=line.unit, ship_on=date(2026, 1, 7)),),
        )
        for line in CASCADE_ORDER.lines
    )
    answer = OrderAcknowledgment(
        number="C-5521",
        decision="accepted",
        ordered_on=date(2026, 1, 5),
        acknowledged_on=date(2026, 1, 5),
        department="STEEL",
        lines=lines,
    )
    segments = library().writing("cascade/order-acknowledgment-855").write(answer)

    assert written(segments) == [
        "BAK*00*AD*C-5521*20260105*****20260105",
        "REF*19*STEEL",
        "PO1*1*8*EA***VN*W-100",
        "ACK*IA*8*EA*068*20260107",
        "PO1*2*3*EA***BP*77-1",
        "ACK*IA*3*EA*068*20260107",
        "CTT*2",
    ]
    assert library().reading("cascade/order-acknowledgment-855").read(around("855", segments)) == answer


def test_a_common_ship_notice_tells_each_pack_with_its_label() -> None:
    assert written(library().writing("ship-notice-856").write(SHIPPED)) == [
        "BSN*00*S-1*20260107*1530*0001",
        "HL*1**S*1",
        "TD1*CTN25*2",
        "DTM*011*20260107",
        "HL*2*1*O*1",
        "PRF*C-5521",
        "REF*DP*STEEL",
        "HL*3*2*P*1",
        "MAN*GM*00112345678000000011",
        "HL*4*3*I*0",
        "LIN*1*VN*W-101",
        "SN1**5*EA",
        "HL*5*3*I*0",
        "LIN*2*VN*W-102",
        "SN1**3*EA",
        "HL*6*2*P*1",
        "MAN*GM*00112345678000000028",
        "HL*7*6*I*0",
        "LIN*1*VN*W-101",
        "SN1**3*EA",
        "CTT*7",
    ]


def test_cascade_is_told_each_line_once_and_no_packs() -> None:
    segments = library().writing("cascade/ship-notice-856").write(SHIPPED)

    assert written(segments)[4:] == [
        "HL*2*1*O*1",
        "PRF*C-5521",
        "REF*19*STEEL",
        "HL*3*2*I*0",
        "LIN*1*VN*W-101",
        "SN1**8*EA",
        "HL*4*2*I*0",
        "LIN*2*VN*W-102",
        "SN1**3*EA",
        "CTT*4",
    ]
    again = library().reading("cascade/ship-notice-856").read(around("856", segments))
    assert isinstance(again, ShipNotice)
    assert again.orders[0].packs == (Pack(sscc="", items=(item("1", 8), item("2", 3))),)


def test_a_library_of_one_partner_means_its_maps_first() -> None:
    ours = Library.load(PROJECT / "maps", partner="cascade")

    assert ours.reading("850-order").name == "cascade/850-order"
    assert ours.reading(BASE["820"]).name == "820-remittance"


def test_every_map_that_ships_can_be_used_in_both_directions() -> None:
    library().check()
    for name in library().names():
        assert library().reading(name).kind == library().writing(name).kind
