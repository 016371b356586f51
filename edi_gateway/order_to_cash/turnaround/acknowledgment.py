"""The 855 drafted from the 850 and what was decided on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.order_acknowledgment import AcknowledgedLine, LineDecision, OrderAcknowledgment
from edi_gateway.order_to_cash.facts import Decided, DecidedQuantity
from edi_gateway.order_to_cash.turnaround.lines import line_of
from edi_gateway.order_to_cash.window import ShipWindow, line_windows

_NOT_COMING = ("rejected", "deleted")
_AS_ORDERED: Mapping[str, Decimal] = {}


def draft_acknowledgment(
    order: Order,
    decided: Decided,
    *,
    today: date,
    rejected: tuple[DecidedQuantity, ...] = (),
    lines: Literal["always", "changes"] = "always",
    deleted: Mapping[str, Decimal] | None = None,
    anew: bool = False,
    prices: Mapping[str, Decimal] = _AS_ORDERED,
) -> OrderAcknowledgment:
    """The answer to ``order``: every line as the buyer wrote it, with what becomes of its quantity.

    ``rejected`` are quantities our own rules refused before the ERP saw the order. ``lines="changes"`` leaves the lines out when
    the whole order was accepted as sent. A quantity accepted for a day outside its line's ship window is said as
    "date changed". ``deleted`` is what the buyer took off the lines it deleted. ``anew``: the order was answered before, and this
    takes the place of that answer. ``prices`` are ours for lines that are accepted at them ("price
    changed"). Raises NeedsPerson when a decision names a line the order does not have.
    """
    decisions = (*rejected, *decided.lines)
    for decision in decisions:
        line_of(order, decision.line_number)
    off = deleted or {}
    answered = tuple(
        _deleted(line, off[line.number])
        if line.number in off
        else _priced(_line(line, decisions, window), prices.get(line.number))
        for line, window in line_windows(order)
    )
    word = decision_of(answered)
    return OrderAcknowledgment(
        number=order.number,
        purpose="replacement" if anew else "original",
        decision=word,
        release_number=order.release_number,
        ordered_on=order.ordered_on,
        acknowledged_on=today,
        currency=order.currency,
        department=order.department,
        vendor_number=order.vendor_number,
        ship_to=order.ship_to,
        references=order.references,
        lines=() if lines == "changes" and word == "accepted" else answered,
    )


def _line(line: OrderLine, decisions: tuple[DecidedQuantity, ...], window: ShipWindow) -> AcknowledgedLine:
    return AcknowledgedLine(
        number=line.number,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        price_basis=line.price_basis,
        item_ids=line.item_ids,
        description=line.description,
        decisions=tuple(_line_decision(d, line.unit, window) for d in decisions if d.line_number == line.number),
    )


def _priced(line: AcknowledgedLine, price: Decimal | None) -> AcknowledgedLine:
    """A line at our price: what of it comes as ordered comes at another price. One that is refused stays as it was ordered."""
    if price is None or price == line.unit_price or all(each.status in _NOT_COMING for each in line.decisions):
        return line
    decisions = tuple(
        msgspec.structs.replace(each, status="price changed") if each.status == "accepted" else each for each in line.decisions
    )
    return msgspec.structs.replace(line, unit_price=price, decisions=decisions)


def _deleted(line: OrderLine, off: Decimal) -> AcknowledgedLine:
    """A line that is ordered no longer, said as it was."""
    gone = _line(line, (), ShipWindow())
    decision = LineDecision(status="deleted", quantity=off, unit=line.unit, reason="deleted by the buyer")
    return msgspec.structs.replace(gone, quantity=off, decisions=(decision,))


def _line_decision(decided: DecidedQuantity, unit: str, window: ShipWindow) -> LineDecision:
    moved = decided.status == "accepted" and decided.ship_on is not None and not window.holds(decided.ship_on)
    return LineDecision(
        status="date changed" if moved else decided.status,
        quantity=decided.quantity,
        unit=unit,
        ship_on=decided.ship_on,
        reason=decided.reason,
        item_ids=decided.item_ids,
    )


def decision_of(lines: tuple[AcknowledgedLine, ...]) -> str:
    """BAK02 in our words: as sent, with changes, not at all; or no detail, where nothing was decided."""
    if all(_as_sent(line) for line in lines):
        return "accepted"
    decisions = [decision for line in lines for decision in line.decisions]
    if not decisions:
        return "acknowledged without detail"
    return "rejected" if all(decision.status in _NOT_COMING for decision in decisions) else "accepted with changes"


def _as_sent(line: AcknowledgedLine) -> bool:
    accepted = [decision.quantity for decision in line.decisions if decision.status == "accepted"]
    return len(accepted) == len(line.decisions) and sum(accepted) == line.quantity
