"""A partner that pays less than it was billed."""

from __future__ import annotations

from edi_gateway.simulated_partner.certification.habits.common import expect_accepted, place_one, until
from edi_gateway.simulated_partner.certification.play import Play, shown
from edi_gateway.simulated_partner.events import Billed
from edi_gateway.simulated_partner.terms import agreement_for


def short_pay(play: Play) -> None:
    """What was kept back stays open and is asked about; it is never written off by itself."""
    if agreement_for(play.buyer.partner, "820", "in", play.usage) is None:
        play.expect("820", "none is agreed: nothing to play", True, "not played")
        return
    order = place_one(play)
    until(play, lambda: bool(play.events(Billed)))
    play.since = play.gateway.now()
    payment = play.buyer.pay()
    if payment is None:
        play.expect("820", "the buyer pays its invoices", False, play.held() or "there is no undisputed invoice", "hold list")
        return
    play.settle()
    play.settle()
    expect_accepted(play, "820", payment.trace)
    asked = [*play.gateway.told("cash.question"), *(flow.because for flow in play.gateway.held())]
    play.expect(
        "the deduction",
        f"of {payment.deducted:,.2f} is put to a person",
        bool(asked),
        shown(asked, 1) or "nobody was asked",
        "hold list",
    )
    state = play.state_of(order.number)
    play.expect("the invoice", "is not paid before the bank says so", state != "paid", f"the order is {state}")
