"""A writing map tells which fields with data it does not carry, and nothing else."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from map_scenes import BASE, library
from msgspec.structs import replace
from test_round_trip import DOCUMENTS, quick, releases

from edi_gateway.documents.base import Extra, Reference
from edi_gateway.documents.order_acknowledgment import AcknowledgedLine, OrderAcknowledgment
from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import Pack, PackedItem, ShipNotice, ShippedOrder
from edi_gateway.mapping.library import Library

ANSWER = OrderAcknowledgment(
    number="77",
    decision="accepted",
    ordered_on=date(2026, 1, 5),
    acknowledged_on=date(2026, 1, 6),
    department="042",
    seller_order_number="S1",
    lines=(AcknowledgedLine(number="1", quantity=Decimal(5), unit="EA", description="X", item_ids=()),),
)
NOTICE = ShipNotice(
    shipment="S1",
    created_at=datetime(2026, 1, 7),
    shipped_on=date(2026, 1, 7),
    orders=(
        ShippedOrder(
            order_number="77",
            packs=(Pack(sscc="106141410000000018", tracking="1Z", items=(PackedItem(quantity=Decimal(5), unit="EA"),)),),
        ),
    ),
)
SMALL = """\
map: small
reads: order acknowledgment
writes: {set: 855, releases: [004010]}
855:
  BAK01: {default: "00"}
  BAK02: {from: decision, codes: decisions}
  BAK03: number
  BAK04: ordered_on
  BAK08: {from: seller_order_number, when: release_number}
  BAK09: acknowledged_on
  REF*DP: {from: [vendor_number, department]}
  PO1: {each: lines, when: item_ids, fields: {PO101: number, PO102: quantity, PO103: unit}}
"""


def small(folder: Path, text: str = SMALL) -> Any:
    (folder / "codes").mkdir(exist_ok=True)
    (folder / "codes" / "decisions.yaml").write_text("codes: decisions\nlist: {AD: accepted}\n")
    (folder / "small.yaml").write_text(text)
    return Library.load(folder).writing("small")


@pytest.mark.parametrize("code", BASE)
def test_what_the_base_maps_read_back_whole_they_carry(code: str) -> None:
    @quick
    @given(document=DOCUMENTS[code], release=releases)
    def carried(document: Any, release: str) -> None:
        assert library().writing(BASE[code]).not_carried(document, release=release) == []

    carried()


def test_a_part_whose_condition_fails_is_told(tmp_path: Path) -> None:
    assert small(tmp_path).not_carried(replace(ANSWER, seller_order_number="", department="")) == ["lines[0]"]


def test_a_field_whose_condition_fails_is_told(tmp_path: Path) -> None:
    assert "seller_order_number" in small(tmp_path).not_carried(ANSWER)
    assert "seller_order_number" not in small(tmp_path).not_carried(replace(ANSWER, release_number="7"))


def test_an_alternative_behind_one_that_has_data_is_told(tmp_path: Path) -> None:
    assert "department" not in small(tmp_path).not_carried(ANSWER)
    assert "department" in small(tmp_path).not_carried(replace(ANSWER, vendor_number="9"))


def test_a_whole_part_nothing_writes_is_told_once(tmp_path: Path) -> None:
    party = Party(role="ST", name="STORE", references=(Reference(qualifier="ZZ", value="1"),))

    assert [one for one in small(tmp_path).not_carried(replace(ANSWER, ship_to=party)) if "ship" in one] == ["ship_to"]


def test_what_a_map_ignores_and_what_is_left_over_of_another_set_are_not_told(tmp_path: Path) -> None:
    text = SMALL.replace("releases: [004010]}\n", "releases: [004010]}\nignores: [seller_order_number, lines]\n")
    extra = Extra(position=3, segment="CSH*Y")

    assert small(tmp_path, text).not_carried(replace(ANSWER, extras=(extra,))) == []


def test_packs_that_a_partner_is_not_told_of_are_told_unless_the_map_says_so(tmp_path: Path) -> None:
    cascade = library().writing("cascade/ship-notice-856")
    assert cascade.not_carried(NOTICE) == []

    pallet = replace(NOTICE.orders[0].packs[0], pallet="206141410000000015")
    notice = replace(NOTICE, orders=(replace(NOTICE.orders[0], packs=(pallet,)),))
    carton = library().writing("ship-notice-856-standard-carton")
    assert library().writing("ship-notice-856").not_carried(notice) == []
    assert carton.not_carried(notice) == []  # it says that it ignores pallets
    assert [one for one in carton.not_carried(replace(notice, packaging="PLT94")) if "pack" in one] == []


def test_a_pack_without_a_label_but_with_items_is_carried() -> None:
    bulk = Pack(items=NOTICE.orders[0].packs[0].items)

    assert (
        library().writing("ship-notice-856").not_carried(replace(NOTICE, orders=(replace(NOTICE.orders[0], packs=(bulk,)),)))
        == []
    )
