"""Each named conversion, both ways, and what it refuses."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi_gateway.documents.base import ItemId
from edi_gateway.documents.ship_notice import Pack, PackedItem
from edi_gateway.mapping.codes import CodeList
from edi_gateway.mapping.conversions import CONVERSIONS, Unconvertible, inferred
from edi_gateway.mapping.packing import LIST_CONVERSIONS


def write(name: str, value: Any) -> Any:
    conversion = CONVERSIONS[name]
    assert conversion.write is not None
    return conversion.write(value)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("decimal", "12.5", Decimal("12.5")),
        ("decimal", "-.5", Decimal("-0.5")),
        ("decimal", "5.", Decimal(5)),
        ("integer", "12", 12),
        ("integer", "12.0", 12),
        ("date", "20260105", date(2026, 1, 5)),
        ("date", "991231", date(1999, 12, 31)),
        ("date", "260105", date(2026, 1, 5)),
        ("cents", "1230", Decimal("12.30")),
        ("cents", "-5", Decimal("-0.05")),
        ("cents", "12.30", Decimal("12.30")),
        ("sscc", "00112345678000000011", "112345678000000011"),
        ("sscc", "112345678000000011", "112345678000000011"),
        ("sscc", "11112345678000000011", "11112345678000000011"),  # none: kept as it was sent
        ("sscc", "12345", "12345"),
    ],
)
def test_text_becomes_a_value(name: str, text: str, value: Any) -> None:
    assert CONVERSIONS[name].read(text) == value


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("decimal", Decimal("10.50"), "10.5"),
        ("decimal", Decimal("100"), "100"),
        ("decimal", Decimal("1E+3"), "1000"),
        ("decimal", Decimal("-0.00"), "0"),
        ("decimal", Decimal("0.05"), "0.05"),
        ("cents", Decimal("12.3"), "1230"),
        ("cents", Decimal("0"), "0"),
        ("date", date(926, 1, 5), "09260105"),
        ("sscc", "112345678000000011", "00112345678000000011"),
        ("date and time", datetime(2026, 1, 7, 15, 30), ("20260107", "1530")),
        ("date and time", datetime(2026, 1, 7, 15, 30, 9), ("20260107", "153009")),
    ],
)
def test_a_value_becomes_text(name: str, value: Any, text: Any) -> None:
    assert write(name, value) == text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("decimal", "1_000"),
        ("decimal", "1,000"),
        ("decimal", "NaN"),
        ("decimal", "1E5"),
        ("decimal", "²"),
        ("decimal", "+5"),
        ("integer", "1.5"),
        ("date", "20260230"),
        ("date", "2026-01-05"),
        ("date", "200"),
    ],
)
def test_what_is_none_is_refused(name: str, text: str) -> None:
    with pytest.raises(Unconvertible):
        CONVERSIONS[name].read(text)


def test_a_fraction_of_a_cent_cannot_be_written() -> None:
    with pytest.raises(Unconvertible, match="more than 2 decimals"):
        write("cents", Decimal("12.345"))


def test_a_label_that_is_no_sscc_is_never_sent() -> None:
    with pytest.raises(Unconvertible, match="is no SSCC of 18 digits"):
        write("sscc", "12345")


def test_a_wrong_time_is_refused() -> None:
    for time in ("2561", "12", "ABCD"):
        with pytest.raises(Unconvertible):
            CONVERSIONS["date and time"].read("20260107", time)


def test_a_line_comes_to_quantity_times_price_by_its_basis() -> None:
    amount = CONVERSIONS["line amount"].read

    assert amount("3", "EA", "1.115", "") == Decimal("3.35")
    assert amount("250", "EA", "12.40", "HP") == Decimal("31.00")
    with pytest.raises(Unconvertible):
        amount("250", "EA", "", "")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_every_number_survives_being_written_and_read(value: Decimal) -> None:
    text = write("decimal", value)

    assert CONVERSIONS["decimal"].read(text) == value
    assert "E" not in text
    assert not text.startswith("-0.0000")


@given(st.dates(date(1000, 1, 1)))
def test_every_day_survives_being_written_and_read(day: date) -> None:
    assert CONVERSIONS["date"].read(write("date", day)) == day


def test_both_ends_say_which_conversion_is_meant() -> None:
    assert inferred(Decimal, "N2") is not None
    assert inferred(Decimal, "N2").read("5") == Decimal("0.05")  # type: ignore[union-attr]  # just asserted
    assert inferred(date, "AN") is None
    assert inferred(int, "ID") is None


def an_item(line: str, quantity: int) -> PackedItem:
    return PackedItem(line_number=line, quantity=Decimal(quantity), unit="EA", item_ids=(ItemId(qualifier="UP", id=line),))


def test_items_of_packs_tells_each_line_once() -> None:
    packs = (Pack(sscc="1", items=(an_item("1", 5), an_item("2", 3))), Pack(sscc="2", items=(an_item("1", 4),)))

    assert LIST_CONVERSIONS["items of packs"].write(packs) == (an_item("1", 9), an_item("2", 3))
    assert LIST_CONVERSIONS["items without packs"].write(packs) == ()
    assert LIST_CONVERSIONS["items of packs"].read(()) == ()


def test_a_partners_codes_lie_over_ours_and_fall_back_to_them() -> None:
    ours = CodeList.of("units", {"EA": "each", "CA": "case"})
    theirs = CodeList.of("units", {"CT": "case"}).over(ours)

    assert (theirs.word("CT"), theirs.word("CA"), theirs.word("EA")) == ("case", "case", "each")
    assert theirs.code("case") == "CT"
    with pytest.raises(Unconvertible, match="not in the code list 'units'"):
        theirs.word("XX")
    with pytest.raises(Unconvertible, match="no code in the code list 'units'"):
        theirs.code("barrel")


def test_a_list_that_keeps_others_passes_them_through() -> None:
    kept = CodeList.of("units", {"EA": "each"}, kept=True)

    assert (kept.word("XX"), kept.code("XX")) == ("XX", "XX")
