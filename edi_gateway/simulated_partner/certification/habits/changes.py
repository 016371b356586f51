"""A partner that changes its mind: after our 855, or after the goods have left.

A change before the goods leave is applied, and answered as agreed; one after that is refused, and somebody is told. Where no 860
is agreed, it waits for a person. What no partner may ever see is one that got no answer, or was lost.
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
    _change(play, order, replace(_about(play, order), purpose="change", lines=(line,)), ("order.changed",))


def late_cancellation(play: Play) -> None:
    """The whole order cancelled, after it has left; the 856 and 810 say what physically went."""
    order = place_one(play)
    until(play, lambda: play.state_of(order.number) in _SHIPPED)
    state = play.state_of(order.number)
    play.expect(
        "the order", "has left before the partner cancels it", state in _SHIPPED, f"it is {state or 'not there'}", "hold list"
    )
    _change(play, order, _about(play, order), ("order.change_too_late",))
    after = play.state_of(order.number)
    play.expect("the goods that left", "are told as they left: the order stays shipped", after in _SHIPPED, f"it is {after}")
    if play.buyer.partner.answers.ship_notice:
        notices = play.events(Announced)
        play.expect("our 856", "is sent once", len(notices) == 1, f"{len(notices)} came")


def _change(play: Play, order: Order, change: OrderChange, kinds: tuple[str, ...]) -> None:
    """Sends it and sees what comes of it: told of as one of ``kinds``, or held for a person where no 860 is agreed."""
    agreed = agreement_for(play.buyer.partner, "860", "in", play.usage) is not None
    before, answers = len(play.gateway.held()), len(play.events(Confirmed)) + len(play.events(OtherCame))
    play.since = play.gateway.now()
    play.buyer.change_order(change)
    play.settle()
    until(play, lambda: bool(play.answers_to("860", order.number)))
    expect_accepted(play, "860", order.number)
    held = [flow.because for flow in play.gateway.held()][before:]
    told = [text for kind in kinds for text in play.gateway.told(kind)]
    expected = "is applied before the goods leave, refused and told of after that, or held for a person; never lost [R25]"
    if not agreed:
        expected = "is held for a person, since no 860 is agreed; never lost [R25]"
    came = held if not agreed else held or told
    play.expect(f"860 for {order.number}", expected, bool(came), shown(came, 1) or "nothing came of it", "hold list")
    if told and not held:
        _answered(play, order, answers)


def _answered(play: Play, order: Order, before: int) -> None:
    """The answer to the change, as the profile says."""
    partner = play.buyer.partner
    by = partner.changes.answered_by
    if by == "none" or (by == "855" and not partner.answers.order_acknowledgment):
        return
    until(play, lambda: len(play.events(Confirmed)) + len(play.events(OtherCame)) > before)
    said = [*(event.said for event in play.events(Confirmed)), *(event.said for event in play.events(OtherCame))]
    play.expect(
        f"the answer to the change of {order.number}", f"an {by} comes", len(said) > before, shown(said[before:]) or "none came"
    )


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
