"""The 865 drafted from the 860 and what became of it; and the 855 that says an order anew, from its thread."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from edi_gateway.documents.order import Order
from edi_gateway.documents.order_acknowledgment import LineDecision
from edi_gateway.documents.order_change import ChangedLine, OrderChange
from edi_gateway.documents.order_change_acknowledgment import AnsweredLine, OrderChangeAcknowledgment
from edi_gateway.order_to_cash.changes.revise import LineChange, Revision
from edi_gateway.order_to_cash.facts import DecidedQuantity
from edi_gateway.order_to_cash.thread import LineBalance, OrderThread

NONE = Decimal(0)
BEFORE = "rejected before"
MOST = 30  # characters of an industry code (1271)


def draft_change_acknowledgment(
    order: Order,
    change: OrderChange,
    revision: Revision,
    ruling: tuple[DecidedQuantity, ...],
    thread: OrderThread,
    *,
    today: date,
) -> OrderChangeAcknowledgment:
    """Each line of the change as the buyer wrote it, with what becomes of it; what keeps its item or price is said as it stands.

    ``ruling`` is what our rules said of what the change adds: what of that is not in stock is backordered. ``thread`` is
    the order's, with the change in it: what was refused of a line before, and is not asked for anew, is refused still.
    """
    made = {line.asked: line for line in revision.lines if line.asked is not None}
    lines = tuple(
        _line(asked, made[place], revision.order, thread, ruling) for place, asked in enumerate(change.lines) if place in made
    )
    return OrderChangeAcknowledgment(
        number=change.number,
        decision=_decision(revision, lines),
        release_number=change.release_number,
        sequence=change.sequence,
        ordered_on=change.ordered_on or order.ordered_on,
        acknowledged_on=today,
        changed_on=change.changed_on,
        type=change.type,
        currency=order.currency,
        department=order.department,
        vendor_number=order.vendor_number,
        ship_to=order.ship_to,
        references=change.references,
        lines=lines,
    )


def standing_decisions(thread: OrderThread) -> tuple[DecidedQuantity, ...]:
    """What is decided of every line by now, for an answer that says the whole order anew."""
    return tuple(
        DecidedQuantity(line_number=line.number, status=status, quantity=quantity, reason=reason)
        for line in thread.lines
        for status, quantity, reason in (
            ("accepted", line.confirmed, ""),
            ("backordered", line.backordered, ""),
            ("rejected", line.rejected, BEFORE),
        )
        if quantity
    )


def _reason(made: LineChange) -> str:
    """Why, in the 30 characters that ACK29 has."""
    return "goods have left" if made.too_late else made.refused[:MOST]


def _decision(revision: Revision, lines: tuple[AnsweredLine, ...]) -> str:
    if revision.is_refused:
        return "rejected"
    in_part = revision.refused or revision.keeps or any(one.status == "rejected" for line in lines for one in line.decisions)
    return "accepted with changes" if in_part else "accepted"


def _line(
    asked: ChangedLine, made: LineChange, order: Order, thread: OrderThread, ruling: tuple[DecidedQuantity, ...]
) -> AnsweredLine:
    said = next(line for line in order.lines if line.number == made.number) if made.keeps and not made.refused else asked
    return AnsweredLine(
        number=asked.number,
        change=asked.change,
        quantity=said.quantity or asked.quantity,
        quantity_left=asked.quantity_left,
        unit=asked.unit,
        unit_price=said.unit_price,
        price_basis=said.price_basis,
        item_ids=said.item_ids,
        description=said.description,
        decisions=_decisions(asked, made, thread.line(made.number), [one for one in ruling if one.line_number == made.number]),
        dates=asked.dates,
    )


def _decisions(
    asked: ChangedLine, made: LineChange, line: LineBalance | None, ruled: list[DecidedQuantity]
) -> tuple[LineDecision, ...]:
    unit = asked.unit or made.unit
    if made.refused or line is None:
        quantity = asked.quantity if asked.quantity is not None else made.was
        return (LineDecision(status="rejected", quantity=quantity, unit=unit, reason=_reason(made)),)
    if not line.ordered:
        return (LineDecision(status="deleted", quantity=made.was, unit=unit),)
    anew = sum((one.quantity for one in ruled), NONE)
    short = sum((one.quantity for one in ruled if one.status == "backordered"), NONE)
    rejected = min(line.rejected, max(line.ordered - anew, NONE))
    backordered = min(line.backordered + short, line.ordered - rejected)
    accepted = line.ordered - rejected - backordered
    parts = (("accepted", accepted, ""), ("backordered", backordered, ""), ("rejected", rejected, BEFORE))
    return tuple(
        LineDecision(status=status, quantity=quantity, unit=unit, reason=reason) for status, quantity, reason in parts if quantity
    )
