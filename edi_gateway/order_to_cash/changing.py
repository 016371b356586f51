"""How a change of the order (860) and our answer to it (865) move an order thread; pure, as all of ``progress`` is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from edi_gateway.documents.order import Order, OrderLine, each_store_once
from edi_gateway.documents.order_acknowledgment import LineDecision
from edi_gateway.documents.order_change_acknowledgment import OrderChangeAcknowledgment
from edi_gateway.order_to_cash.disagreement import Disagreement
from edi_gateway.order_to_cash.progress import BALANCE_OF_STATUS
from edi_gateway.order_to_cash.thread import Change, LineBalance, OrderThread, StoreBalance, ThreadChange

NONE = Decimal(0)


def take_change(thread: OrderThread, order: Order, change: ThreadChange) -> Change:
    """The order is from now on as ``order`` says; what was decided of it is kept as far as it is still wanted.

    Of a line that is now wanted less, what was rejected goes first, then what is backordered, then what is confirmed. Where more
    than is wanted has left, that is a disagreement, and nothing is changed. The same change again changes nothing.
    """
    if any(known.document_id == change.document_id for known in thread.changes):
        return Change(thread)
    known = {line.number: line for line in thread.lines}
    wrong = tuple(wrong for line in order.lines for wrong in _less_than_left(known.get(line.number), line))
    if wrong:
        return Change(thread, wrong)
    lines = tuple(_changed(known.get(line.number), line) for line in order.lines)
    return Change(msgspec.structs.replace(thread, lines=lines, changes=(*thread.changes, change)))


def refuse_change(thread: OrderThread, change: ThreadChange) -> Change:
    """A change of which nothing was taken stands in the thread all the same."""
    if any(known.document_id == change.document_id for known in thread.changes):
        return Change(thread)
    return Change(msgspec.structs.replace(thread, changes=(*thread.changes, change)))


def answer_change(thread: OrderThread, answer: OrderChangeAcknowledgment, document_id: str) -> Change:
    """Takes an 865 to the change of this document: what it says of a line that was taken is what is decided of it."""
    decided = {line.number: line.decisions for line in answer.lines if line.decisions and not _is_refused(line.decisions)}
    lines = tuple(_decided(line, decided[line.number]) if line.number in decided else line for line in thread.lines)
    wrong = tuple(
        Disagreement(
            kind="quantities do not add up",
            message=f"{line.confirmed + line.backordered} {line.unit} decided of {line.ordered} ordered",
            place=f"line {line.number}",
        )
        for line in lines
        if line.number in decided and line.confirmed + line.backordered + line.rejected != line.ordered
    )
    if wrong:
        return Change(thread, wrong)
    changes = tuple(
        msgspec.structs.replace(each, answered=True) if each.document_id == document_id else each for each in thread.changes
    )
    return Change(msgspec.structs.replace(thread, lines=lines, changes=changes))


def _less_than_left(line: LineBalance | None, wanted: OrderLine) -> Iterator[Disagreement]:
    if line is None:
        return
    place, now = f"line {line.number}", {one.store: one.quantity for one in each_store_once(wanted.stores)}
    of_line = [(place, line.ordered, line.shipped, wanted.quantity)]
    of_stores = [(f"{place}, store {one.store}", one.ordered, one.shipped, now.get(one.store, NONE)) for one in line.stores]
    for where, was, left, quantity in (*of_line, *of_stores):
        if quantity < min(was, left):
            message = f"changed to {quantity} {line.unit}, but {left} have left"
            yield Disagreement(kind="less than shipped", message=message, place=where)


def _changed(line: LineBalance | None, wanted: OrderLine) -> LineBalance:
    if line is None:
        new = LineBalance(number=wanted.number, unit=wanted.unit, ordered=NONE)
        return _changed(new, wanted)
    difference = wanted.quantity - line.ordered
    given_up = -difference if difference < 0 and wanted.quantity <= line.shipped else NONE
    over = max(line.rejected + line.backordered + line.confirmed - wanted.quantity, NONE)
    rejected = line.rejected - min(over, line.rejected)
    backordered = line.backordered - min(over - (line.rejected - rejected), line.backordered)
    confirmed = min(line.confirmed, wanted.quantity - rejected - backordered)
    return msgspec.structs.replace(
        line,
        unit=wanted.unit,
        unit_price=wanted.unit_price,
        agreed_price=line.agreed_price if wanted.unit_price == line.unit_price else None,
        price_basis=wanted.price_basis,
        ordered=wanted.quantity,
        changed=line.changed + difference + given_up,
        cancelled=line.cancelled + given_up,
        rejected=rejected,
        backordered=backordered,
        confirmed=confirmed,
        stores=tuple(_stores(line, wanted)),
    )


def _stores(line: LineBalance, wanted: OrderLine) -> list[StoreBalance]:
    asked = {one.store: one.quantity for one in each_store_once(wanted.stores)}
    known = {one.store: one for one in line.stores}
    found = []
    for store in dict.fromkeys((*known, *asked)):
        one = known.get(store, StoreBalance(store=store))
        difference = asked.get(store, NONE) - one.ordered
        given_up = -difference if difference < 0 and asked.get(store, NONE) <= one.shipped else NONE
        found.append(
            msgspec.structs.replace(
                one,
                ordered=asked.get(store, NONE),
                changed=one.changed + difference + given_up,
                cancelled=one.cancelled + given_up,
            )
        )
    return found


def _is_refused(decisions: tuple[LineDecision, ...]) -> bool:
    return all(decision.status in ("rejected", "deleted") for decision in decisions)


def _decided(line: LineBalance, decisions: tuple[LineDecision, ...]) -> LineBalance:
    balances = {"confirmed": NONE, "backordered": NONE, "rejected": NONE}
    for decision in decisions:
        if balance := BALANCE_OF_STATUS.get(decision.status):
            balances[balance] += decision.quantity
    return msgspec.structs.replace(line, **balances)
