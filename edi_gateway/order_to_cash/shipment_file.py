"""Shipments from a CSV file: a row for each quantity of an order line in a carton; each mistake is told with its line and column.

Needed columns: ``shipment`` (BSN02), ``order`` (the PO number), ``line`` (as the buyer wrote it), ``quantity`` (in its unit).
Further ones, each may be left out: ``carton`` (any name within the shipment; rows of one name are one carton; without it each row
is a carton), ``sscc`` (18 digits; without it the gateway gives one), ``weight`` (pounds, of the carton), ``pallet`` (any name, or
an SSCC), ``store``, ``shipped_at`` (a day, or a day and time with its offset; default: now), ``carrier`` (SCAC), ``trailer``,
``bill_of_lading``, ``carrier_reference`` (PRO), ``delivery_on``. Rows of several orders under one shipment are one 856.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from edi_gateway.documents.base import Carrier
from edi_gateway.order_to_cash.facts import PackContent, PackedCarton
from edi_gateway.order_to_cash.sscc import is_sscc
from edi_gateway.plaincsv import Mistakes, Row, a_day, a_day_or_moment, a_number_above_nothing, read_table

NEEDED = ("shipment", "order", "line", "quantity")
OF_CARTON = ("sscc", "weight", "pallet", "store", "order")
OF_SHIPMENT = ("shipped_at", "carrier", "trailer", "bill_of_lading", "carrier_reference", "delivery_on")
LONGEST = 30  # characters of a shipment id, BSN02
COLUMNS = (*NEEDED, "carton", *OF_CARTON[:-1], *OF_SHIPMENT)


class FileShipment(NamedTuple):
    """One shipment of the file. Its cartons name their orders by PO number; ``rows`` is where each line of each order stands."""

    shipment: str
    shipped_at: datetime | None
    cartons: tuple[PackedCarton, ...]
    carrier: Carrier | None
    bill_of_lading: str
    carrier_reference: str
    delivery_on: date | None
    rows: tuple[Row, ...]

    @property
    def orders(self) -> tuple[str, ...]:
        """The PO numbers in it."""
        return tuple(dict.fromkeys(carton.order for carton in self.cartons))


class ShipmentFile(NamedTuple):
    """The shipments of a file, in its order, and every mistake in it so far: of wrong cells, shipments hold nothing."""

    shipments: list[FileShipment]
    mistakes: Mistakes


def read_shipments(body: bytes, file: str) -> ShipmentFile:
    """What a file says; ``file`` is what mistakes call it. Raises nothing: who knows the orders has mistakes to add."""
    rows, mistakes = read_table(body, file, needed=NEEDED, known=COLUMNS)
    by_shipment: dict[str, list[Row]] = {}
    for row in rows:
        _check(row)
        by_shipment.setdefault(row["shipment"], []).append(row)
    if not rows and not mistakes:
        mistakes.add("no row holds anything", do="write a row for each quantity of a line in a carton")
    return ShipmentFile([_shipment(of_one) for of_one in by_shipment.values()], mistakes)


def _check(row: Row) -> None:
    for name in NEEDED:
        row.needed(name)
    if len(row["shipment"]) > LONGEST:
        row.wrong("shipment", f"is longer than the {LONGEST} characters of BSN02")
    if (label := row["sscc"]) and not is_sscc(label):
        row.wrong(
            "sscc", f"'{label}' is no SSCC-18", "write 18 digits, the last one right; or leave it out for the gateway to give one"
        )


def _shipment(rows: list[Row]) -> FileShipment:
    first = rows[0]
    for row in rows[1:]:
        _check_same(row, first, OF_SHIPMENT, "shipment")
    carrier = Carrier(scac=first["carrier"], mode="M", trailer=first["trailer"]) if first["carrier"] else None
    return FileShipment(
        shipment=first["shipment"],
        shipped_at=first.take("shipped_at", a_day_or_moment),
        cartons=_cartons(rows),
        carrier=carrier,
        bill_of_lading=first["bill_of_lading"],
        carrier_reference=first["carrier_reference"],
        delivery_on=first.take("delivery_on", a_day),
        rows=tuple(rows),
    )


def _cartons(rows: list[Row]) -> tuple[PackedCarton, ...]:
    by_carton: dict[str, list[Row]] = {}
    for row in rows:
        by_carton.setdefault(row["carton"] or f"line {row.line}", []).append(row)
    labels: dict[str, Row] = {}
    made = []
    for of_one in by_carton.values():
        first = of_one[0]
        for row in of_one[1:]:
            _check_same(row, first, OF_CARTON, "carton")
        if (label := first["sscc"]) and (other := labels.setdefault(label, first)) is not first:
            first.wrong("sscc", f"{label} is that of the carton of line {other.line} already")
        made.append(
            PackedCarton(
                contents=tuple(_content(row) for row in of_one),
                weight=first.take("weight", a_number_above_nothing),
                sscc=label,
                pallet=first["pallet"],
                store=first["store"],
                order=first["order"],
            )
        )
    return tuple(made)


def _content(row: Row) -> PackContent:
    return PackContent(line_number=row["line"], quantity=row.take("quantity", a_number_above_nothing) or Decimal(0))


def _check_same(row: Row, first: Row, columns: tuple[str, ...], of: str) -> None:
    """Notes where a later row of one shipment or carton says another thing of the whole; an empty cell says nothing."""
    for name in columns:
        if row[name] and row[name] != first[name]:
            row.wrong(name, f"'{row[name]}', but line {first.line} says {first[name] or 'nothing'} of the same {of}")
