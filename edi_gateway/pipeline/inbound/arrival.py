"""Arrival: whether an interchange came in the order of its sender's numbers, and what is missing before it."""

from __future__ import annotations

from edi_gateway.store.arrivals import Arrival, Sender
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.x12.envelope import Interchange


def note_arrival(unit: Unit, event: Interchange, row: int, partner: TradingPartner) -> None:
    """Keeps the number that came, and tells what is out of order. Nothing is held for it: what came is good by itself.

    The sender's row stays locked until all of this is committed, so that one interchange on two connections comes one after the
    other.
    """
    if not event.control_number.isdecimal():
        return
    whose = Sender(str(event.sender)[:20], str(event.receiver)[:20], event.usage[:1])
    came = unit.arrivals.note(
        whose, partner.name, int(event.control_number), one_by_one=partner.duplicates.numbers == "one by one"
    )
    text = _said(event.control_number, came)
    if text:
        kind = f"interchange.{came.kind.replace(' ', '_')}"
        unit.events.tell(kind, f"interchange:{row}", text, partner=partner.name, control_number=event.control_number[:20])


def _said(number: str, came: Arrival) -> str:
    """In a sentence; nothing where all is in order, or where the interchange's own events say that it came before."""
    match came.kind:
        case "gap" if came.left_out == 1:
            return f"interchange {number} came after {came.before:09d}: {came.before + 1:09d} is missing"
        case "gap":
            first, last = came.before + 1, came.before + came.left_out
            return f"interchange {number} came after {came.before:09d}: {first:09d} to {last:09d} are missing"
        case "late":
            return f"interchange {number}, which was missing, came after {came.before:09d}"
        case "new count":
            return f"interchange {number} came after {came.before:09d}: its sender counts anew from here"
    return ""
