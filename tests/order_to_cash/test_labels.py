"""Labels: what a scanner reads from the printed page is what the 856 tells."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec
import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from edi_gateway.documents.base import Carrier, ItemId
from edi_gateway.documents.party import Party
from edi_gateway.documents.ship_notice import Pack, PackedItem, ShipNotice, ShippedOrder
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.labels import labels_of, labels_pdf, labels_zpl, slip_pdf
from edi_gateway.order_to_cash.sscc import sscc

replace = msgspec.structs.replace
ITEM = PackedItem(line_number="001", quantity=Decimal(12), unit="EA", item_ids=(ItemId(qualifier="VN", id="PB-1001"),))
WAREHOUSE = Party(role="SF", name="Larch & Sons", street="1 Mill Road", city="Dover", region="DE", postal_code="19901")
STORE = Party(role="ST", name="Northwind DC 7", street="400 Dock Street", city="Tacoma", region="WA", postal_code="98402-1234")
GLN, NO_GLN = "0614141000012", "0614141000013"  # the second one's check digit is wrong


def a_pack(serial: int, *, pallet: str = "", store: str = "") -> Pack:
    mark_for = Party(role="BY", id=store, id_qualifier="92") if store else None
    return Pack(sscc=sscc("0614141", serial), items=(ITEM,), pallet=pallet, mark_for=mark_for)


def a_notice(*packs: Pack) -> ShipNotice:
    return ShipNotice(
        shipment="S1001",
        created_at=datetime(2026, 1, 9, 15, tzinfo=UTC),
        shipped_on=date(2026, 1, 9),
        bill_of_lading="BOL778",
        carrier=Carrier(scac="RDWY"),
        ship_from=WAREHOUSE,
        ship_to=STORE,
        pack_count=len(packs),
        orders=(ShippedOrder(order_number="0004711", department="042", packs=packs),),
    )


def scanned(pdf: bytes) -> list[set[str]]:
    """What an independent reader finds on each page, GS1 symbols only."""
    pages = pypdfium2.PdfDocument(pdf)
    found = [zxingcpp.read_barcodes(page.render(scale=300 / 72).to_pil()) for page in pages]
    return [{symbol.text for symbol in page if symbol.symbology_identifier == "]C1"} for page in found]


def printed(pdf: bytes) -> str:
    return "\n".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))


def test_a_scanner_reads_the_sscc_of_every_carton_and_where_it_goes() -> None:
    packs = (a_pack(1, store="0423"), a_pack(2, store="0424"))
    assert scanned(labels_pdf(labels_of(a_notice(*packs)))) == [
        {f"(00){packs[0].sscc}", "(420)984021234", "(91)0423"},
        {f"(00){packs[1].sscc}", "(420)984021234", "(91)0424"},
    ]


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10**9 - 1))
def test_every_sscc_there_is_can_be_scanned(serial: int) -> None:
    pack = a_pack(serial)
    (page,) = scanned(labels_pdf(labels_of(a_notice(pack))))
    assert f"(00){pack.sscc}" in page


def test_a_pallet_has_its_label_before_those_of_its_cartons() -> None:
    pallet = sscc("0614141", 900)
    labels = labels_of(a_notice(a_pack(1, pallet=pallet), a_pack(2, pallet=pallet), a_pack(3)))
    assert [(label.kind, label.number, label.of) for label in labels] == [
        ("pallet", 1, 1),
        ("carton", 1, 3),
        ("carton", 2, 3),
        ("carton", 3, 3),
    ]
    assert f"(00){pallet}" in scanned(labels_pdf(labels))[0]
    assert labels[0].content == "2 cartons"


def test_a_store_with_a_gln_that_a_carton_goes_on_to_is_coded_as_one() -> None:
    (page,) = scanned(labels_pdf(labels_of(a_notice(a_pack(1, store="0614141000012")))))
    assert "(413)0614141000012" in page


@pytest.mark.parametrize(
    ("store", "ship_to", "coded"), [(GLN, GLN, "410"), (GLN, "0614141000029", "413"), (NO_GLN, NO_GLN, "91")]
)
def test_only_a_right_gln_is_coded_as_one_and_as_ship_to_only_where_the_carton_goes_there(
    store: str, ship_to: str, coded: str
) -> None:
    notice = replace(a_notice(a_pack(1, store=store)), ship_to=replace(STORE, id=ship_to))
    (label,) = labels_of(notice)
    assert label.place == (coded, store)


def test_people_read_the_same_on_the_label() -> None:
    text = printed(labels_pdf(labels_of(a_notice(a_pack(1)))))
    for wanted in (
        "Larch & Sons",
        "Northwind DC 7",
        "Tacoma, WA 98402-1234",
        "PO 0004711",
        "Dept 042",
        "CARTON 1 OF 1",
        "B/L BOL778",
    ):
        assert wanted in text


def test_a_mixed_carton_says_so() -> None:
    (label,) = labels_of(a_notice(replace(a_pack(1), items=(ITEM, ITEM))))
    assert label.content == "mixed, 2 items"


def test_a_pack_without_an_sscc_has_no_label() -> None:
    with pytest.raises(WrongInput, match="carton 1 of shipment S1001 has '' for an SSCC"):
        labels_of(a_notice(replace(a_pack(1), sscc="")))


def test_the_printers_language_carries_the_same_symbols() -> None:
    pack = a_pack(1, store="0423")
    text = labels_zpl(labels_of(a_notice(pack))).decode()
    assert f"^FD>;>800{pack.sscc}^FS" in text  # code C, then FNC1: GS1-128
    assert "^FD>;>8910423^FS" in text
    assert text.count("^XA") == text.count("^XZ") == 1


@given(st.text(max_size=40))
def test_no_name_can_be_taken_for_a_command_of_the_printer(name: str) -> None:
    notice = a_notice(a_pack(1))
    plain = labels_zpl(labels_of(notice)).decode()
    odd = labels_zpl(labels_of(replace(notice, ship_to=replace(STORE, name=name)))).decode()
    fields = re.findall(r"\^FH_\^FD([^^~]*)\^FS", odd)
    assert odd.count("^XA") == plain.count("^XA")
    assert all(re.fullmatch(r"(?:[A-Za-z0-9 ]|_[0-9A-F]{2})*", field) for field in fields)
    assert "~" not in odd


def test_the_slip_lists_what_is_in_each_carton() -> None:
    text = printed(slip_pdf(a_notice(a_pack(1), a_pack(2))))
    for wanted in ("Packing slip S1001", "Order 0004711", a_pack(1).sscc, a_pack(2).sscc, "PB-1001", "12 EA", "Larch & Sons"):
        assert wanted in text


def test_a_long_slip_goes_on_over_pages() -> None:
    pages = pypdfium2.PdfDocument(io.BytesIO(slip_pdf(a_notice(*(a_pack(n) for n in range(1, 120))))))
    assert len(pages) > 2
