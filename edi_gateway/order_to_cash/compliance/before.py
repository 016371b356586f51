"""An order thread as it stood before a document of ours moved it: what goes once more is judged against that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.order_to_cash.credit import is_credit
from edi_gateway.order_to_cash.thread import LineBalance, OrderThread


def before(thread: OrderThread, told: Value) -> OrderThread:
    """The thread without what ``told``, the document as it first left, has done to it; as it is where it did nothing.

    An 855 says the whole order, whatever was said before: for one, nothing is taken away.
    """
    match told:
        case ShipNotice():
            return _without_shipment(thread, told.shipment)
        case Invoice() if thread.receivable(told.number) and not is_credit(told):
            return _without_invoice(thread, told)
    return thread


def _without_shipment(thread: OrderThread, number: str) -> OrderThread:
    gone = [one for one in thread.shipments if one.number == number]
    lines = _less(thread.lines, "shipped", _sums((line.number, line.quantity) for one in gone for line in one.lines))
    return msgspec.structs.replace(thread, lines=lines, shipments=tuple(one for one in thread.shipments if one not in gone))


def _without_invoice(thread: OrderThread, invoice: Invoice) -> OrderThread:
    lines = _less(thread.lines, "billed", _sums((line.number, line.quantity) for line in invoice.lines))
    others = tuple(one for one in thread.receivables if one.invoice != invoice.number)
    return msgspec.structs.replace(thread, lines=lines, receivables=others)


def _less(lines: tuple[LineBalance, ...], balance: str, taken: Mapping[str, Decimal]) -> tuple[LineBalance, ...]:
    return tuple(
        msgspec.structs.replace(line, **{balance: getattr(line, balance) - taken.get(line.number, Decimal(0))}) for line in lines
    )


def _sums(quantities: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for number, quantity in quantities:
        sums[number] = sums.get(number, Decimal(0)) + quantity
    return sums
