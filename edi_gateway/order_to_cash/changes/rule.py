"""What our rules say of a change: they look at what is new in it, for the rest of the order was ruled on before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

import msgspec

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.order_to_cash.advice import Advice
from edi_gateway.order_to_cash.changes.revise import NONE, Revision
from edi_gateway.order_to_cash.money import line_amount, total
from edi_gateway.order_to_cash.rules import Ruling, decide
from edi_gateway.order_to_cash.rules.order import minimum_order, open_window
from edi_gateway.order_to_cash.rules.ruling import Reason
from edi_gateway.order_to_cash.window import line_windows
from edi_gateway.trading.business import OrderTerms

_OF_THE_WHOLE = {"minimum_order": None, "partly_refused": "accept", "payment_differs": "accept"}
"""What is not asked of the lines that are new, as it is said of an order and not of a part of it."""


def rule(
    before: Order, revision: Revision, advice: Advice, terms: OrderTerms, *, today: date, now: datetime | None = None
) -> Ruling:
    """The rules over what a change adds: lines, more of a line, another price. ``lines`` of the ruling are of that alone.

    What is taken away needs nobody's leave, but for an order that falls below the minimum, and days that are moved have to be
    days on which the goods can leave. Terms of payment were ruled on with the order, and so were its parties and what it says
    beyond what is read: a change leaves them as they are.
    """
    new = new_in(before, revision)
    of_the_rest = terms.asking_of_prices().model_copy(update=_OF_THE_WHOLE)
    added = msgspec.structs.replace(revision.order, lines=new, parties=(), extras=())
    ruled = decide(added, advice, of_the_rest, today=today, now=now) if new else Ruling(lines=())
    worth = total([_amount(line) for line in revision.order.lines])
    asked = (minimum_order(worth, terms) if worth else None, _days(before, revision, terms, today))
    known = {reason.rule for reason in ruled.needs_approval}
    more = (reason for reason in asked if reason and reason.rule not in known)
    return msgspec.structs.replace(ruled, needs_approval=(*ruled.needs_approval, *more))


def _days(before: Order, revision: Revision, terms: OrderTerms, today: date) -> Reason | None:
    """The rule of the ship window over the lines whose days it moves."""
    was = {line.number: window for line, window in line_windows(before)}
    moved = (line for line, window in line_windows(revision.order) if was.get(line.number, window) != window and line.quantity)
    return open_window(msgspec.structs.replace(revision.order, lines=tuple(moved), extras=()), terms, today)


def new_in(before: Order, revision: Revision) -> tuple[OrderLine, ...]:
    """Lines that are new, and what is new of the others: how many more, or the whole line at another price."""
    return tuple(_new(before, revision))


def _new(before: Order, revision: Revision) -> Iterator[OrderLine]:
    known = {line.number: line for line in before.lines}
    taken = {line.number for line in revision.lines if not line.refused}
    for line in (line for line in revision.order.lines if line.number in taken):
        was = known.get(line.number)
        more = line.quantity - (was.quantity if was else NONE)
        if was is None or more > 0 or (line.quantity and line.unit_price != was.unit_price):
            yield msgspec.structs.replace(line, quantity=max(more, NONE), stores=())


def _amount(line: OrderLine) -> Decimal:
    return line_amount(line.quantity, line.unit_price or NONE, line.price_basis)
