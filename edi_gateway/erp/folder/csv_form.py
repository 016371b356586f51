"""CSV: a row for each order line (and store), and for each thing told; the columns say what a file tells.

    orders      id,customer,order,ordered_on,currency,ship_to,ship_not_before,ship_not_after,line,item_qualifier,item,other_ids,
                description,store,quantity,unit,unit_price,price_basis
    changes     as orders, and changes: the id of the order that is changed; a line of quantity 0 is cancelled
    remittances id,customer,trace,amount,effective_on,qualifier,reference,paid,gross,discount
    decided     order,line,status,quantity                       and ship_on,reason,at
    shipped     order,shipment,carton,line,quantity              and customer,sscc,pallet,store,weight,scac,bill_of_lading,
                                                                 delivery_on,at
    billed      order,invoice,shipment,line,quantity,unit_price  and store,at
    credited    order,credit,invoice,line,quantity,unit_price    and why,store,at

Rows of one order (and invoice) belong together, and those of one shipment of one customer, whatever orders it is of; cartons are
told apart by ``order`` and ``carton``. The customer is what stands before an order's number (``northwind:0004711``), or a column
``customer``, and the order then is one of that customer's; a row of a shipment that names none is of the one customer the
shipment's other rows name.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from edi_gateway.documents.base import Carrier
from edi_gateway.documents.order import Order, OrderLine, StoreQuantity
from edi_gateway.documents.remittance import Remittance
from edi_gateway.erp.base import (
    BilledLine,
    DecidedQuantity,
    OrderBilled,
    OrderCredited,
    OrderDecided,
    OrderEvent,
    OrderShipped,
    PackContent,
    PackedCarton,
)
from edi_gateway.erp.folder.rows import Row, read_rows
from edi_gateway.errors import WrongInput
from edi_gateway.order_to_cash.credit import WHYS, Why
from edi_gateway.order_to_cash.window import line_windows

SUFFIX = "csv"
_ORDER = (
    *("id", "customer", "order", "ordered_on", "currency", "ship_to", "ship_not_before", "ship_not_after"),
    *("line", "item_qualifier", "item", "other_ids", "description", "store", "quantity", "unit", "unit_price", "price_basis"),
)
_REMITTANCE = ("id", "customer", "trace", "amount", "effective_on", "qualifier", "reference", "paid", "gross", "discount")
_STATUSES = ("accepted", "backordered", "rejected")


def write_order(key: str, customer: str, order: Order) -> bytes:
    """A row for each line; where stores split it, a row for each store."""
    return _write(_ORDER, _rows(key, customer, order))


def write_change(key: str, customer: str, of: str, order: Order) -> bytes:
    """The rows of the order as it is to be, each with the id of the order it changes."""
    return _write((*_ORDER, "changes"), ((*row, of) for row in _rows(key, customer, order)))


def _rows(key: str, customer: str, order: Order) -> Iterator[tuple[object, ...]]:
    heading = (key, customer, order.number, order.ordered_on, order.currency, order.ship_to.id if order.ship_to else "")
    for line, window in line_windows(order):
        for store in line.stores or (None,):
            yield (*heading, window.not_before, window.not_after, *_line(line, store))


def _line(line: OrderLine, store: StoreQuantity | None) -> tuple[object, ...]:
    first, *others = line.item_ids or (None,)
    return (
        line.number,
        first.qualifier if first else "",
        first.id if first else "",
        " ".join(f"{id.qualifier}:{id.id}" for id in others if id),
        line.description,
        store.store if store else "",
        store.quantity if store else line.quantity,
        line.unit,
        line.unit_price,
        line.price_basis,
    )


def write_remittance(key: str, customer: str, remittance: Remittance) -> bytes:
    """A row for each item paid."""
    heading = (key, customer, remittance.trace, remittance.amount, remittance.effective_on)
    items = remittance.items
    rows = [(*heading, item.qualifier, item.reference, item.paid, item.gross, item.discount) for item in items]
    return _write(_REMITTANCE, rows or [heading])


def _write(columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> bytes:
    out = io.StringIO(newline="")
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(columns)
    table.writerows(["" if value is None else value for value in row] for row in rows)
    return out.getvalue().encode()


def read_events(body: bytes, at: datetime) -> list[OrderEvent]:
    """What the rows tell. Raises WrongInput naming the line."""
    rows = [_of(row["customer"], row) for row in read_rows(body, ("order", "line", "quantity"), where="line")]
    if not rows:
        return []
    if "status" in rows[0]:
        return [_decided(group, at) for group in _grouped(rows, "order")]
    if "credit" in rows[0]:
        return [_credited(group, at) for group in _grouped(rows, "order", "credit")]
    if "invoice" in rows[0]:
        return [_billed(group, at) for group in _grouped(rows, "order", "invoice")]
    if "carton" in rows[0]:
        return [_shipped(group, at) for group in _shipments(rows)]
    raise WrongInput("tells nothing we know", where="line:1", do="have a column status, carton, invoice or credit")


def _grouped(rows: list[Row], *columns: str) -> list[list[Row]]:
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row.needed(column) for column in columns), []).append(row)
    return list(groups.values())


def _of(customer: str, row: Row) -> Row:
    """The row with its customer before its order, where one is said and does not stand there already."""
    order = row["order"]
    if not customer or not order or order.startswith(f"{customer}:"):
        return row
    return Row({**row, "order": f"{customer}:{order}"}, row.where)


def _shipments(rows: list[Row]) -> Iterator[list[Row]]:
    """Rows by shipment and customer: two customers' shipments may have the same number."""
    for shipment in _grouped(rows, "shipment"):
        by_customer: dict[str, list[Row]] = {}
        for row in shipment:
            by_customer.setdefault(_customer(row), []).append(row)
        customers = [customer for customer in by_customer if customer]
        if len(customers) > 1:
            yield from by_customer.values()
        else:
            yield [_of("".join(customers), row) for row in shipment]


def _customer(row: Row) -> str:
    """Whom the row names: in the column, or before the order's number; empty where nobody."""
    before, colon, _ = row["order"].partition(":")
    return row["customer"] or (before if colon else "")


def _decided(rows: list[Row], at: datetime) -> OrderEvent:
    return OrderDecided(
        id="",
        order=rows[0]["order"],
        at=rows[0].instant("at", at),
        lines=tuple(
            DecidedQuantity(
                line_number=row.needed("line"),
                status=_status(row),
                quantity=row.quantity("quantity"),
                ship_on=row.day("ship_on"),
                reason=row["reason"],
            )
            for row in rows
        ),
    )


def _status(row: Row) -> str:
    if row["status"] not in _STATUSES:
        raise row.wrong("status", f"'{row['status']}' is none of {', '.join(_STATUSES)}")
    return row["status"]


def _shipped(rows: list[Row], at: datetime) -> OrderEvent:
    first = rows[0]
    return OrderShipped(
        id="",
        order=first.needed("order"),
        at=first.instant("at", at),
        shipment=first["shipment"],
        cartons=tuple(_carton(group, first["order"]) for group in _grouped(rows, "order", "carton")),
        carrier=Carrier(scac=first["scac"]) if first["scac"] else None,
        bill_of_lading=first["bill_of_lading"],
        delivery_on=first.day("delivery_on"),
    )


def _carton(rows: list[Row], told_of: str) -> PackedCarton:
    """A carton; of another order than the shipment is ``told_of``, it says so."""
    contents = tuple(PackContent(line_number=row.needed("line"), quantity=row.quantity("quantity")) for row in rows)
    first = rows[0]
    return PackedCarton(
        contents=contents,
        weight=first.decimal("weight"),
        sscc=first["sscc"],
        pallet=first["pallet"],
        store=first["store"],
        order=first["order"] if first["order"] != told_of else "",
    )


def _billed(rows: list[Row], at: datetime) -> OrderEvent:
    return OrderBilled(
        id="",
        order=rows[0]["order"],
        at=rows[0].instant("at", at),
        invoice=rows[0]["invoice"],
        shipment=rows[0].needed("shipment"),
        lines=tuple(_billed_line(row) for row in rows),
    )


def _credited(rows: list[Row], at: datetime) -> OrderEvent:
    first = rows[0]
    return OrderCredited(
        id="",
        order=first["order"],
        at=first.instant("at", at),
        credit=first["credit"],
        invoice=first.needed("invoice"),
        why=_why(first),
        lines=tuple(_billed_line(row) for row in rows),
    )


def _why(row: Row) -> Why:
    found = next((why for why in WHYS if why == (row["why"] or "returned")), None)
    if found is None:
        raise row.wrong("why", f"'{row['why']}' is none of {', '.join(WHYS)}")
    return found


def _billed_line(row: Row) -> BilledLine:
    return BilledLine(
        line_number=row.needed("line"),
        quantity=row.quantity("quantity"),
        unit_price=row.quantity("unit_price"),
        store=row["store"],
    )
