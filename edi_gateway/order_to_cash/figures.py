"""Which number of an order thread a document is behind: what it says of each line, in the words of the balances."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from edi_gateway.documents.base import Value
from edi_gateway.documents.invoice import Invoice
from edi_gateway.documents.order import Order
from edi_gateway.documents.order_acknowledgment import LineDecision, OrderAcknowledgment
from edi_gateway.documents.order_change_acknowledgment import OrderChangeAcknowledgment
from edi_gateway.documents.ship_notice import ShipNotice
from edi_gateway.order_to_cash.credit import is_credit, takes_quantity
from edi_gateway.order_to_cash.disagreement import Disagreement
from edi_gateway.order_to_cash.progress import BALANCE_OF_STATUS
from edi_gateway.order_to_cash.stores import store_of
from edi_gateway.order_to_cash.thread import OrderThread


class Figure(NamedTuple):
    """So much of a line, and of a store where the document says so, in one balance."""

    line: str
    balance: str
    quantity: Decimal
    store: str = ""


def figures_of(document: Value, thread: OrderThread) -> list[Figure]:
    """What a document says of the lines of the order of a thread, and of no other beside it.

    An order says what is ordered of each line from then on.
    """
    match document:
        case Order():
            return [Figure(line.number, "ordered", line.quantity) for line in document.lines]
        case OrderAcknowledgment() | OrderChangeAcknowledgment():
            return [figure for line in document.lines for figure in _decided(line.number, line.decisions)]
        case ShipNotice():
            return list(_shipped(document, thread))
        case Invoice():
            return list(_billed(document))
    return []


def recount(thread: OrderThread, documents: Iterable[Value]) -> tuple[Disagreement, ...]:
    """Where a balance is not the sum of the documents behind it: what was shipped, billed and credited of each line.

    Documents the thread has not taken up yet (an invoice that is still a draft) are behind nothing.
    """
    sums: dict[tuple[str, str], Decimal] = {}
    for figure in (figure for document in _taken_up(thread, documents) for figure in figures_of(document, thread)):
        key = figure.line, figure.balance
        sums[key] = sums.get(key, Decimal(0)) + figure.quantity
    return tuple(
        Disagreement(
            kind="documents disagree",
            message=f"{balance} is {shown}, and its documents say {said}",
            place=f"line {line.number}",
        )
        for line in thread.lines
        for balance, shown in (("shipped", line.shipped), ("billed", line.billed), ("credited", line.credited))
        if (said := sums.get((line.number, balance), Decimal(0))) != shown
    )


def _taken_up(thread: OrderThread, documents: Iterable[Value]) -> Iterator[Value]:
    """Each shipment and invoice the thread has, once."""
    known = {("ship notice", one.number) for one in thread.shipments}
    known |= {("invoice", one.invoice) for one in thread.receivables}
    known |= {("invoice", credit.number) for one in thread.receivables for credit in one.credits}
    for document in documents:
        match document:
            case ShipNotice():
                key = "ship notice", document.shipment
            case Invoice():
                key = "invoice", document.number
            case _:
                continue
        if key in known:
            known.remove(key)
            yield document


def _billed(invoice: Invoice) -> Iterator[Figure]:
    if is_credit(invoice) and not takes_quantity(invoice):
        return
    balance = "credited" if is_credit(invoice) else "billed"
    yield from (Figure(line.number, balance, line.quantity, store_of(invoice)) for line in invoice.lines)


def _decided(line: str, decisions: tuple[LineDecision, ...]) -> Iterator[Figure]:
    for decision in decisions:
        yield Figure(line, BALANCE_OF_STATUS.get(decision.status, "cancelled"), decision.quantity)


def _shipped(notice: ShipNotice, thread: OrderThread) -> Iterator[Figure]:
    for order in notice.orders:
        if (order.order_number, order.release_number) == (thread.order_number, thread.release_number):
            for pack in order.packs:
                store = pack.mark_for.id if pack.mark_for else ""
                yield from (Figure(item.line_number, "shipped", item.quantity, store) for item in pack.items)
