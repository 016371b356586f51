"""Arrival: whether an interchange came in the order of its sender's numbers, and what is missing before it."""

from __future__ import annotations

from edi_gateway.store.arrivals import Arrival, Repetition, Sender, Span, Standing
from edi_gateway.store.control_numbers import ROLLOVER
from edi_gateway.store.unit import Unit
from edi_gateway.trading.profile import TradingPartner
from edi_gateway.x12.envelope import Interchange

_TOLD_AS = {
    "gap": "interchange.gap",
    "late": "interchange.late",
    "out of order": "interchange.out_of_order",
    "new count": "interchange.new_count",
}


def lock_arrival(unit: Unit, event: Interchange, partner: TradingPartner) -> Standing | None:
    """How its sender's numbers stand before it; None where it has none that could be counted.

    The sender's row stays locked until all of this is committed, so that one interchange on two connections comes one after the
    other.
    """
    if not event.control_number.isdecimal() or int(event.control_number) > ROLLOVER:
        return None
    return unit.arrivals.lock(_sender(event), partner.name, int(event.control_number))


def note_arrival(
    unit: Unit,
    event: Interchange,
    row: int,
    partner: TradingPartner,
    stood: Standing | None,
    repetition: Repetition | None = None,
) -> None:
    """Keeps the number that came, and tells what is out of order. Nothing is held for it: what came is good by itself."""
    if stood is None:
        return
    one_by_one = partner.duplicates.numbers == "one by one"
    came = unit.arrivals.note(_sender(event), stood, int(event.control_number), repetition, one_by_one=one_by_one)
    text = _said(event.control_number, came)
    if text:
        number = event.control_number[:20]
        unit.events.tell(_TOLD_AS[came.kind], f"interchange:{row}", text, partner=partner.name, control_number=number)


def _sender(event: Interchange) -> Sender:
    return Sender(str(event.sender)[:20], str(event.receiver)[:20], event.usage[:1])


def _said(number: str, came: Arrival) -> str:
    """In a sentence; nothing where all is in order, or where the interchange's own events say that it came before."""
    match came.kind:
        case "gap":
            is_one = len(came.left_out) == 1 and came.left_out[0][0] == came.left_out[0][1]
            missing = " and ".join(_span(span) for span in came.left_out)
            return f"interchange {number} came after {came.before:09d}: {missing} {'is' if is_one else 'are'} missing"
        case "late":
            return f"interchange {number}, which was missing, came after {came.before:09d}"
        case "out of order" if int(number) == came.before:
            return f"interchange {number} has the number of the one before it, which came too long ago to be the same"
        case "out of order":
            return f"interchange {number}, which nobody missed, came after {came.before:09d}"
        case "new count":
            text = f"interchange {number} came after {came.before:09d}, the second in a row: its sender counts anew from here"
            given_up = " and ".join(_span(span) for span in came.given_up)
            return f"{text}; {given_up} of the count before will not come any more" if given_up else text
    return ""


def _span(span: Span) -> str:
    first, last = span
    return f"{first:09d}" if first == last else f"{first:09d} to {last:09d}"
