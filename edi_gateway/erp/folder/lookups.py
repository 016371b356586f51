"""Snapshots the ERP leaves for ``consult``: ``items.csv`` and ``customers.csv`` in the folder ``lookup``.

    items.csv       item,id,unit,list_price,available,blocked
    customers.csv   customer,credit_limit,credit_used

``item`` is the ERP's own number; ``id`` any id a buyer may order it by (a row for each; empty: only ``item`` itself), maybe with
its qualifier before it, ``UP:614141001378``, which then goes before a bare one; ``unit`` the unit that price and stock are of
(empty: any). ``customer`` is a partner's name, or the customer its profile says. An advice is as old as the older of the files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.erp.base import Advice, ItemAdvice
from edi_gateway.erp.folder.rows import Row, read_rows
from edi_gateway.errors import TryAgain
from edi_gateway.files import explained
from edi_gateway.wording import count

T = TypeVar("T")

ITEMS = ("item", "id", "unit", "list_price", "available", "blocked")
CUSTOMERS = ("customer", "credit_limit", "credit_used")


class _Item(NamedTuple):
    number: str
    list_price: Decimal | None
    available: Decimal | None
    blocked: bool


class _Credit(NamedTuple):
    limit: Decimal | None
    used: Decimal | None


class Lookups:
    """Reads the snapshots, and reads them again when they change."""

    def __init__(self, folder: Path) -> None:
        self._items = _Snapshot(folder / "items.csv", ITEMS, _items)
        self._customers = _Snapshot(folder / "customers.csv", CUSTOMERS, _customers)

    def advice(self, customer: str, order: Order) -> Advice:
        """What the snapshots say of an order. Raises TryAgain when there is none yet, WrongInput with file and line."""
        items, items_at = self._items.read()
        customers, customers_at = self._customers.read()
        credit = customers.get(customer)
        return Advice(
            as_of=min(items_at, customers_at),
            customer_known=credit is not None,
            credit_limit=credit.limit if credit else None,
            credit_used=credit.used if credit else None,
            items=tuple(_advice(items, line) for line in order.lines),
        )

    def told(self) -> str:
        """How much there is, for people."""
        items, items_at = self._items.read()
        customers, _ = self._customers.read()
        numbers = len({item.number for item in items.values()})
        return f"{count(numbers, 'item')} and {count(len(customers), 'customer')} as of {items_at:%Y-%m-%d %H:%M} UTC"


class _Snapshot(Generic[T]):
    """One file, parsed once a version of it."""

    def __init__(self, path: Path, columns: tuple[str, ...], parse: Callable[[list[Row]], T]) -> None:
        self._path, self._columns, self._parse = path, columns, parse
        self._held: tuple[tuple[int, int], T] | None = None

    def read(self) -> tuple[T, datetime]:
        """Its content, and when it was written."""
        if not self._path.exists():
            raise TryAgain(
                "the ERP has not left this file yet", where=str(self._path), do="export it with " + ",".join(self._columns)
            )
        with explained("read what the ERP left", self._path):
            stat = self._path.stat()
            stamp = (stat.st_mtime_ns, stat.st_size)
            if self._held is None or self._held[0] != stamp:
                rows = read_rows(self._path.read_bytes(), self._columns, where=str(self._path))
                self._held = stamp, self._parse(rows)
        return self._held[1], datetime.fromtimestamp(stat.st_mtime, UTC)


def _items(rows: list[Row]) -> dict[tuple[str, str], _Item]:
    """Items by id and unit; an empty unit stands for any."""
    found: dict[tuple[str, str], _Item] = {}
    for row in rows:
        number = row.needed("item")
        item = _Item(number, row.decimal("list_price"), row.decimal("available"), row.flag("blocked"))
        found[row["id"] or number, row["unit"]] = item
    return found


def _customers(rows: list[Row]) -> dict[str, _Credit]:
    return {row.needed("customer"): _Credit(row.decimal("credit_limit"), row.decimal("credit_used")) for row in rows}


def _advice(items: dict[tuple[str, str], _Item], line: OrderLine) -> ItemAdvice:
    for id, unit in product(_ids(line), (line.unit, "")):
        item = items.get((id, unit))
        if item is not None:
            return ItemAdvice(
                line_number=line.number,
                known=True,
                item=item.number,
                list_price=item.list_price,
                available=item.available,
                blocked=item.blocked,
            )
    return ItemAdvice(line_number=line.number, known=False)


def _ids(line: OrderLine) -> Iterator[str]:
    for id in line.item_ids:
        yield f"{id.qualifier}:{id.id}"
        yield id.id
