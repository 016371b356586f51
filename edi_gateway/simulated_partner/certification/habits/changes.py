"""A partner that changes its mind: after our 855, or after the goods have left.

What an 860 leads to is the gateway's affair; what no partner may ever see is one that got no answer, or was lost.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.order_change import ChangedLine, OrderChange
from edi_gateway.simulated_partner.certification.habits.common import expect_accepted, place_one, until
from edi_gateway.simulated_partner.certification.play import Play, shown
from edi_gateway.simulated_partner.events import Announced, Confirmed, OtherCame
from edi_gateway.simulated_partner.terms import agreement_for

_SHIPPED = ("shipped", "partly shipped", "billed", "remitted", "paid")


def after_confirmation(play: Play) -> None:
    """One more of the first line, after the 855."""
    order = place_one(play)
    until(play, lambda: bool(play.events(Confirmed)) or play.state_of(order.number) == "confirmed")
    first = order.lines[0]
    line = _changed(first, "quantity increase", first.quantity + 1)
    _change(play, order, replace(_about(play, order), purpose="change", lines=(line,)))


def late_cancellation(play: Play) -> None:
    """The whole order cancelled, after it has left; the 856 and 810 say what physically went."""
    order = place_one(play)
    until(play, lambda: play.state_of(order.number) in _SHIPPED)
    state = play.state_of(order.number)
    play.expect(
        "the order", "has left before the partner cancels it", state in _SHIPPED, f"it is {state or 'not there'}", "hold list"
    )
    _change(play, order, _about(play, order))
    after = play.state_of(order.number)
    play.expect("the goods that left", "are told as they left: the order stays shipped", after in _SHIPPED, f"it is {after}")
    if play.buyer.partner.answers.ship_notice:
        notices = play.events(Announced)
        play.expect("our 856", "is sent once", len(notices) == 1, f"{len(notices)} came")


def _change(play: Play, order: Order, change: OrderChange) -> None:
    agreed = agreement_for(play.buyer.partner, "860", "in", play.usage) is not None
    before = len(play.gateway.held())
    play.since = play.gateway.now()
    play.buyer.change_order(change)
    play.settle()
    until(play, lambda: bool(play.answers_to("860", order.number)))
    expect_accepted(play, "860", order.number)
    held = [flow.because for flow in play.gateway.held()][before:]
    answered = [event for event in play.events(OtherCame) if event.code in ("865", "855")]
    taken = held or [event.said for event in answered]
    expected = "is held for a person or answered by an 865, never lost [R25]"
    if not agreed:
        expected = "is held for a person, since no 860 is agreed; never lost [R25]"
    play.expect(f"860 for {order.number}", expected, bool(taken), shown(taken, 1) or "nothing came of it", "hold list")


def _about(play: Play, order: Order) -> OrderChange:
    """A change that cancels the order."""
    return OrderChange(
        number=order.number,
        purpose="cancellation",
        type=order.type,
        sequence="1",
        ordered_on=order.ordered_on,
        changed_on=play.gateway.now().date(),
        department=order.department,
        vendor_number=order.vendor_number,
        ship_to=order.ship_to,
    )


def _changed(line: OrderLine, how: str, quantity: Decimal) -> ChangedLine:
    return ChangedLine(
        number=line.number,
        change=how,
        quantity=quantity,
        quantity_left=quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        price_basis=line.price_basis,
        item_ids=line.item_ids,
    )
