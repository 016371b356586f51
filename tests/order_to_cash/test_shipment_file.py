"""Shipments from a CSV file: what its rows mean, and every mistake by line and column."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from edi_gateway.errors import Collected
from edi_gateway.order_to_cash.shipment_file import FileShipment, read_shipments
from edi_gateway.order_to_cash.sscc import sscc

LABEL = sscc("0614141", 7)
HEAD = "shipment,order,line,quantity,carton,sscc,weight,store,shipped_at,carrier,bill_of_lading,delivery_on"


def file(*rows: str, head: str = HEAD) -> bytes:
    return ("\n".join((head, *rows)) + "\n").encode()


def shipments(body: bytes) -> list[FileShipment]:
    found = read_shipments(body, "left.csv")
    found.mistakes.raise_if_any()
    return found.shipments


def mistakes(*rows: str, head: str = HEAD) -> list[str]:
    with pytest.raises(Collected) as told:
        shipments(file(*rows, head=head))
    return [str(each) for each in told.value.mistakes]


def test_rows_of_one_carton_are_one_carton_and_rows_of_one_shipment_one_shipment() -> None:
    (one, other) = shipments(
        file(
            f"S1,PO-1,001,12,A,{LABEL},14.5,,2026-11-17T15:30-06:00,RDWY,B1,2026-11-20",
            "S1,PO-1,002,4,A,,,,,,,",
            "S1,PO-2,001,6,B,,7,,,,,",
            "S2,PO-3,1,1,,,,0101,,,,",
        )
    )
    mixed, second = one.cartons
    assert [(each.line_number, each.quantity) for each in mixed.contents] == [("001", 12), ("002", 4)]
    assert (mixed.sscc, mixed.weight, mixed.order, second.order) == (LABEL, Decimal("14.5"), "PO-1", "PO-2")
    assert (one.orders, one.delivery_on, one.carrier and one.carrier.scac) == (("PO-1", "PO-2"), date(2026, 11, 20), "RDWY")
    assert one.shipped_at == datetime.fromisoformat("2026-11-17T15:30-06:00")
    assert (other.shipment, other.cartons[0].store, other.shipped_at) == ("S2", "0101", None)


def test_every_mistake_is_told_with_its_line_and_column() -> None:
    told = mistakes(
        "S1,PO-1,001,twelve,A,,,,,,,",
        "S1,PO-1,,3,B,123,,,,,,",
        "S1,PO-2,001,-1,A,,0,,2026-11-17T15:30,,,",
    )
    for where in (
        "left.csv:2, column quantity: 'twelve' is no number",
        "left.csv:3, column line: is empty",
        "left.csv:3, column sscc: '123' is no SSCC-18",
        "left.csv:4, column quantity: '-1' is not above nothing",
        "left.csv:4, column order: 'PO-2', but line 2 says PO-1 of the same carton",
        "left.csv:4, column shipped_at: '2026-11-17T15:30', but line 2 says nothing of the same shipment",
    ):
        assert any(each.startswith(where) for each in told), (where, told)


def test_a_time_without_its_offset_is_no_moment() -> None:
    (told,) = mistakes("S1,PO-1,001,1,A,,,,2026-11-17T15:30,,,")
    assert told.startswith("left.csv:2, column shipped_at: '2026-11-17T15:30' is neither a day nor a time")


def test_one_label_is_on_one_carton() -> None:
    (told,) = mistakes(f"S1,PO-1,001,1,A,{LABEL},,,,,,", f"S1,PO-1,001,1,B,{LABEL},,,,,,")
    assert told.startswith(f"left.csv:3, column sscc: {LABEL} is that of the carton of line 2 already")


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("shipment,order,line", "the column 'quantity' is missing"),
        ("shipment,order,line,quantity,colour", "there is no column 'colour'"),
        ("shipment,order,line,quantity,line", "the column 'line' stands there twice"),
        ("", "is empty — begin it with the heading shipment,order,line,quantity"),
    ],
)
def test_columns_that_are_not_those_of_a_shipment_file_are_told(head: str, said: str) -> None:
    (told,) = mistakes("S1,PO-1,001,1", head=head)
    assert said in told


def test_an_empty_file_ships_nothing() -> None:
    assert mistakes() == ["left.csv: no row holds anything — write a row for each quantity of a line in a carton"]


def test_a_byte_order_mark_and_blank_lines_are_no_mistake() -> None:
    (one,) = shipments("\ufeffshipment,order,line,quantity\r\n\r\nS1,PO-1,001,5\r\n,,,\r\n".encode())
    assert one.cartons[0].contents[0].quantity == 5
