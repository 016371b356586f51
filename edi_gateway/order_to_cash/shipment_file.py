"""Shipments from a CSV file: a row for each quantity of an order line in a carton; each mistake is told with its row and column.

Needed columns: ``shipment`` (BSN02), ``order`` (the PO number), ``line`` (as the buyer wrote it), ``quantity`` (in its unit).
Further ones, each may be left out: ``carton`` (any name within the shipment; rows of one name are one carton; without it each row
is a carton), ``sscc`` (18 digits; without it the gateway gives one), ``weight`` (pounds, of the carton), ``pallet`` (any name, or
an SSCC), ``store``, ``shipped_at`` (a day, or a day and time with its offset; default: now), ``carrier`` (SCAC), ``trailer``,
``bill_of_lading``, ``carrier_reference`` (PRO), ``delivery_on``. Rows of several orders under one shipment are one 856.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import NamedTuple, TypeVar

from edi_gateway.documents.base import Carrier
from edi_gateway.errors import Collected, WrongInput
from edi_gateway.order_to_cash.facts import PackContent, PackedCarton
from edi_gateway.order_to_cash.sscc import is_sscc

NEEDED = ("shipment", "order", "line", "quantity")
OF_CARTON = ("sscc", "weight", "pallet", "store", "order")
OF_SHIPMENT = ("shipped_at", "carrier", "trailer", "bill_of_lading", "carrier_reference", "delivery_on")
LONGEST = 30  # characters of a shipment id, BSN02
COLUMNS = (*NEEDED, "carton", *OF_CARTON[:-1], *OF_SHIPMENT)

_T = TypeVar("_T")


class Row(NamedTuple):
    """One row of the file: its number (1 is the head) and what stands in each column."""

    number: int
    cells: dict[str, str]

    def where(self, column: str) -> str:
        """``row 7, column quantity``."""
        return f"row {self.number}, column {column}"


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


def read_shipments(text: str) -> list[FileShipment]:
    """The shipments of a file, in its order. Raises Collected with every mistake there is."""
    wrong: list[WrongInput] = []
    rows = _rows(text, wrong)
    by_shipment: dict[str, list[Row]] = {}
    for row in rows:
        by_shipment.setdefault(row.cells["shipment"], []).append(row)
    made = [_shipment(of_one, wrong) for of_one in by_shipment.values()]
    if not rows and not wrong:
        wrong.append(WrongInput("no row holds anything", where="row 2"))
    if wrong:
        raise Collected(wrong)
    return made


def _rows(text: str, wrong: list[WrongInput]) -> list[Row]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    head = [name.strip().lower() for name in next(reader, [])]
    strange = [name for name in head if name not in COLUMNS]
    missing = [name for name in NEEDED if name not in head]
    if strange or missing or len(set(head)) < len(head):
        said = (
            f"unknown: {', '.join(strange)}; " if strange else f"missing: {', '.join(missing)}; " if missing else "named twice; "
        )
        wrong.append(
            WrongInput(f"the columns are not those of a shipment file ({said}known: {', '.join(COLUMNS)})", where="row 1")
        )
        return []
    found = []
    for number, cells in enumerate(reader, start=2):
        if any(cell.strip() for cell in cells):
            row = Row(number, dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(head, cells, strict=False)})
            wrong += _unfit(row, len(cells) - len(head))
            found.append(row)
    return found


def _unfit(row: Row, too_many: int) -> Iterator[WrongInput]:
    if too_many > 0:
        yield WrongInput(f"{too_many} cells more than columns", where=f"row {row.number}", do="put texts with commas into quotes")
    for name in NEEDED:
        if not row.cells[name]:
            yield WrongInput("is empty", where=row.where(name))
    if len(row.cells["shipment"]) > LONGEST:
        yield WrongInput(f"is longer than the {LONGEST} characters of BSN02", where=row.where("shipment"))
    if (label := row.cells["sscc"]) and not is_sscc(label):
        yield WrongInput(f"'{label}' is no SSCC-18: 18 digits, the last one right", where=row.where("sscc"))


def _shipment(rows: list[Row], wrong: list[WrongInput]) -> FileShipment:
    first = rows[0]
    wrong += [each for row in rows[1:] for each in _otherwise(row, first, OF_SHIPMENT, "shipment")]
    cells = first.cells
    carrier = Carrier(scac=cells["carrier"], mode="M", trailer=cells["trailer"]) if cells["carrier"] else None
    return FileShipment(
        shipment=cells["shipment"],
        shipped_at=_read(first, "shipped_at", _moment, wrong),
        cartons=_cartons(rows, wrong),
        carrier=carrier,
        bill_of_lading=cells["bill_of_lading"],
        carrier_reference=cells["carrier_reference"],
        delivery_on=_read(first, "delivery_on", date.fromisoformat, wrong),
        rows=tuple(rows),
    )


def _cartons(rows: list[Row], wrong: list[WrongInput]) -> tuple[PackedCarton, ...]:
    by_carton: dict[str, list[Row]] = {}
    for row in rows:
        by_carton.setdefault(row.cells["carton"] or f"row {row.number}", []).append(row)
    labels: dict[str, Row] = {}
    made = []
    for of_one in by_carton.values():
        first = of_one[0]
        wrong += [each for row in of_one[1:] for each in _otherwise(row, first, OF_CARTON, "carton")]
        if (label := first.cells["sscc"]) and (other := labels.setdefault(label, first)) is not first:
            wrong.append(WrongInput(f"{label} is that of the carton of row {other.number} already", where=first.where("sscc")))
        made.append(
            PackedCarton(
                contents=tuple(_content(row, wrong) for row in of_one),
                weight=_read(first, "weight", _positive, wrong),
                sscc=label,
                pallet=first.cells["pallet"],
                store=first.cells["store"],
                order=first.cells["order"],
            )
        )
    return tuple(made)


def _content(row: Row, wrong: list[WrongInput]) -> PackContent:
    quantity = _read(row, "quantity", _positive, wrong)
    return PackContent(line_number=row.cells["line"], quantity=quantity or Decimal(0))


def _otherwise(row: Row, first: Row, columns: tuple[str, ...], of: str) -> Iterator[WrongInput]:
    """Where a later row of one shipment or carton says another thing of the whole; an empty cell says nothing."""
    for name in columns:
        said = row.cells[name]
        if said and said != first.cells[name]:
            before = first.cells[name] or "nothing"
            yield WrongInput(f"'{said}', but row {first.number} says {before} of the same {of}", where=row.where(name))


def _read(row: Row, column: str, how: Callable[[str], _T], wrong: list[WrongInput]) -> _T | None:
    text = row.cells[column]
    if not text:
        return None
    try:
        return how(text)
    except (ValueError, InvalidOperation):
        wanted = {"shipped_at": "a day such as 2026-11-17, or a time such as 2026-11-17T15:30-06:00", "delivery_on": "a day"}
        wrong.append(WrongInput(f"'{text}' is not {wanted.get(column, 'a number above nothing')}", where=row.where(column)))
        return None


def _positive(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or number <= 0:
        raise ValueError(text)
    return number


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None and len(text) > len("2026-11-17"):
        raise ValueError(text)
    return moment
