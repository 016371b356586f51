"""What is checked of an 855."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.order_acknowledgment import AcknowledgedLine, OrderAcknowledgment
from edi_gateway.order_to_cash.compliance.breach import NOTHING, Around, Breach, Breaches
from edi_gateway.order_to_cash.compliance.confirmation import ConfirmationRate
from edi_gateway.order_to_cash.compliance.echo import line_of, r24_echo, r24_ship_to
from edi_gateway.order_to_cash.window import ship_window
from edi_gateway.trading.compliance.pack import ConfirmationRate as Threshold
from edi_gateway.trading.compliance.pack import Rules

USUAL = Rules()

WHOLE = ("accepted", "rejected", "AT", "AK", "RJ")
"""Decisions that need no lines: they speak for the whole order."""


def check_acknowledgment(
    order: Order, answer: OrderAcknowledgment, *, rules: Rules = USUAL, around: Around = NOTHING
) -> tuple[Breach, ...]:
    """The breaches of an 855 against the order it answers. ``rules`` are the parameters of the partner's pack."""
    return (
        *r05_every_line_once(order, answer),
        *r05_quantities_add_up(order, answer),
        *r05_rejections_say_why(answer),
        *r06_dates_in_window(order, answer),
        *r07_rates(around.projected, rules.R07),
        *r24_header(order, answer),
    )


def r05_every_line_once(order: Order, answer: OrderAcknowledgment) -> Breaches:
    """Every line of the order stands in the answer once; an answer without lines speaks for the whole order."""
    if not answer.lines:
        if answer.decision not in WHOLE:
            yield Breach(rule="R05", message=f"an order that is {answer.decision} needs its lines")
        return
    times = Counter(line.number for line in answer.lines)
    for line in order.lines:
        if times[line.number] != 1:
            message = f"line {line.number} stands in the answer {times[line.number]} times"
            yield Breach(rule="R05", message=message, place=f"line {line.number}")
    for number in times:
        if line_of(order, number) is None:
            yield Breach(rule="R05", message=f"the order has no line {number}", place=f"line {number}")


def r05_quantities_add_up(order: Order, answer: OrderAcknowledgment) -> Breaches:
    """The quantities decided of a line (ACK02) come to the quantity ordered (PO102), in its unit."""
    for line in answer.lines:
        if (ordered := line_of(order, line.number)) is None:
            continue
        decided = sum((decision.quantity for decision in line.decisions if decision.status != "deleted"), Decimal(0))
        if decided != ordered.quantity:
            message = f"{decided} decided of {ordered.quantity} {ordered.unit} ordered"
            yield Breach(rule="R05", message=message, place=f"line {line.number}")
        yield from _same_units(line, ordered)


def _same_units(line: AcknowledgedLine, ordered: OrderLine) -> Breaches:
    for unit in dict.fromkeys((line.unit, *(decision.unit for decision in line.decisions))):
        if unit != ordered.unit:
            yield Breach(rule="R05", message=f"answered in {unit}, ordered in {ordered.unit}", place=f"line {line.number}")


def r05_rejections_say_why(answer: OrderAcknowledgment) -> Breaches:
    """A rejected quantity has a reason."""
    for line in answer.lines:
        if any(decision.status == "rejected" and not decision.reason for decision in line.decisions):
            yield Breach(rule="R05", message="rejected without a reason", place=f"line {line.number}")


def r06_dates_in_window(order: Order, answer: OrderAcknowledgment) -> Breaches:
    """What is accepted as sent is promised inside the ship window of its line; another day has to be told as a change of date."""
    for line in answer.lines:
        window = ship_window(order, line_of(order, line.number))
        for decision in line.decisions:
            if decision.status == "accepted" and decision.ship_on and not window.holds(decision.ship_on):
                message = f"{decision.ship_on} is promised, the order wants {window}"
                yield Breach(rule="R06", message=message, place=f"line {line.number}")


def r07_rates(projected: tuple[ConfirmationRate, ...], terms: Threshold) -> Breaches:
    """With this 855, no item's rate falls below what they take."""
    for rate in projected:
        if rate.is_below(terms.least_percent):
            message = (
                f"with this, {rate.confirmed:f} of {rate.ordered:f} ordered in {terms.days} days are confirmed; "
                f"they take no less than {terms.least_percent:f}%"
            )
            yield Breach(rule="R07", severity="warn", message=message, place=rate.item)


def r24_header(order: Order, answer: OrderAcknowledgment) -> Breaches:
    """Order number, release, department, vendor number and ship-to are echoed exactly."""
    yield from r24_echo("order number", order.number, answer.number)
    yield from r24_echo("release number", order.release_number, answer.release_number)
    yield from r24_echo("department", order.department, answer.department)
    yield from r24_echo("vendor number", order.vendor_number, answer.vendor_number)
    yield from r24_ship_to(order.ship_to, answer.ship_to)
