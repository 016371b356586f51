"""One shipment, told in every tree that partners want of an 856, and read back from each."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import msgspec
import pytest
from map_scenes import a_set, around, library

from edi_gateway.documents.base import ItemId
from edi_gateway.documents.ship_notice import Pack, PackedItem, ShipNotice, ShippedOrder
from edi_gateway.x12.envelope import Segment

CARTONS = ("112345678000000011", "112345678000000028")
PALLET = "112345678000000905"


def item(line: str, quantity: int) -> PackedItem:
    ids = (ItemId(qualifier="UP", id=f"01234567890{line}"),)
    return PackedItem(line_number=line, quantity=Decimal(quantity), unit="EA", item_ids=ids)


def shipment(*, pallet: str = "", labelled: bool = True) -> ShipNotice:
    """Two cartons of one order: line 1 is in both, line 2 in the second."""
    packs = (
        Pack(sscc=CARTONS[0] if labelled else "", pallet=pallet, items=(item("1", 12),)),
        Pack(sscc=CARTONS[1] if labelled else "", pallet=pallet, items=(item("1", 6), item("2", 4))),
    )
    return ShipNotice(
        shipment="S-1",
        created_at=datetime(2026, 1, 7, 15, 30),
        shipped_on=date(2026, 1, 7),
        pack_count=2,
        orders=(ShippedOrder(order_number="4501", packs=packs),),
    )


def tree(segments: list[Segment]) -> str:
    """The levels in their order, each with its quantity, each as deep as it lies."""
    depth = {"": -1}
    told: list[str] = []
    for segment in segments:
        if segment[0] == "HL":
            depth[segment[1]] = depth[segment[2]] + 1
            told.append("." * depth[segment[1]] + segment[3])
        elif segment[0] == "SN1":
            told[-1] += segment[2]
    return " ".join(told)


TREES = [
    ("ship-notice-856", shipment(), "S .O ..P ...I12 ..P ...I6 ...I4"),
    ("ship-notice-856", shipment(pallet=PALLET), "S .O ..T ...P ....I12 ...P ....I6 ....I4"),
    ("ship-notice-856", shipment(labelled=False), "S .O ..I18 ..I4"),
    ("ship-notice-856-standard-carton", shipment(), "S .O ..I18 ...P12 ...P6 ..I4 ...P"),
    ("cascade/ship-notice-856", shipment(), "S .O ..I18 ..I4"),
]


@pytest.mark.parametrize(("name", "document", "levels"), TREES, ids=[levels for _, _, levels in TREES])
def test_one_shipment_is_told_in_the_tree_a_partner_wants(name: str, document: ShipNotice, levels: str) -> None:
    assert tree(library().writing(name).write(document)) == levels


@pytest.mark.parametrize(("name", "document", "levels"), TREES[:2] + TREES[3:4], ids=["packs", "pallets", "standard carton"])
def test_what_is_in_which_carton_comes_back_from_trees_that_tell_it(name: str, document: ShipNotice, levels: str) -> None:
    segments = library().writing(name).write(document)
    back = library().reading(name).read(around("856", segments))
    assert isinstance(back, ShipNotice)
    assert back.orders == document.orders


@pytest.mark.parametrize(
    ("quantity", "pack", "shares"),
    [
        ("20", 6, ["5", "5", "5", "5"]),  # it goes evenly
        ("22", 6, ["6", "6", "6", "4"]),  # full cartons and a rest
        ("2", 6, ["0.5", "0.5", "0.5", "0.5"]),  # too little for three full ones
    ],
)
def test_a_standard_carton_that_says_no_quantity_holds_its_share(quantity: str, pack: int, shares: list[str]) -> None:
    cartons = "".join(f"HL*{n}*3*P~MAN*GM*00{n:018d}~" for n in range(4, 8))
    item = f"HL*3*2*I~LIN*1*UP*012345678901~SN1**{quantity}*EA~PO4*{pack}~"
    back = (
        library()
        .reading("ship-notice-856")
        .read(a_set(f"ST*856*0001~BSN*00*S-1*20260107*1530~HL*1**S~DTM*011*20260107~HL*2*1*O~PRF*4501~{item}{cartons}CTT*7~"))
    )
    assert isinstance(back, ShipNotice)
    assert [one.items[0].quantity for one in back.orders[0].packs] == [Decimal(share) for share in shares]


def test_even_shares_that_would_be_read_otherwise_are_said_for_each_carton() -> None:
    both = tuple(
        Pack(sscc=sscc, items=(msgspec.structs.replace(item("1", 0), quantity=Decimal("5.5"), pack=6),)) for sscc in CARTONS
    )
    document = msgspec.structs.replace(shipment(), orders=(ShippedOrder(order_number="4501", packs=both),))
    name = "ship-notice-856-standard-carton"
    segments = library().writing(name).write(document)
    assert tree(segments) == "S .O ..I11 ...P5.5 ...P5.5"
    back = library().reading(name).read(around("856", segments))
    assert isinstance(back, ShipNotice)
    assert back.orders == document.orders


def test_trees_of_several_shapes_in_one_set_are_read_into_the_same_shipment() -> None:
    """Food retailers are sent orders on pallets beside orders in standard cartons, in one ship notice."""
    back = (
        library()
        .reading("ship-notice-856")
        .read(
            a_set("""
        ST*856*0001~BSN*00*S-1*20260107*1530*ZZZZ~
        HL*1**S~DTM*011*20260107~
        HL*2*1*O~PRF*4501~
        HL*3*2*T~MAN*GM*00112345678000000905~
        HL*4*3*P~MAN*GM*00112345678000000011~
        HL*5*4*I~LIN*1*UP*012345678901~SN1**12*EA~
        HL*6*1*O~PRF*4502~
        HL*7*6*I~LIN*1*UP*012345678901~SN1**6*EA~
        HL*8*7*P~MAN*GM*00112345678000000028~
        CTT*8~""")
        )
    )
    assert isinstance(back, ShipNotice)
    assert [order.order_number for order in back.orders] == ["4501", "4502"]
    assert [(pack.sscc, pack.pallet) for order in back.orders for pack in order.packs] == [(CARTONS[0], PALLET), (CARTONS[1], "")]
    assert [item.quantity for order in back.orders for pack in order.packs for item in pack.items] == [12, 6]
    assert back.extras == ()
