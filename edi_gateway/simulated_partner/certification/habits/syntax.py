"""A partner whose counts are wrong, and one that writes with separators nobody can see."""

from __future__ import annotations

from edi_gateway.simulated_partner.certification.habits.common import (
    expect_accepted,
    expect_one_order,
    place_one,
    times_in_words,
    until,
)
from edi_gateway.simulated_partner.certification.play import Play, shown
from edi_gateway.simulated_partner.events import Confirmed
from edi_gateway.simulated_partner.sent import ACCEPTED, REJECTED, policy_of
from edi_gateway.simulated_partner.terms import agreement_for
from edi_gateway.x12.finding import Severity

_KIND = "set.segment_count"


def wrong_counts(play: Play) -> None:
    """Rejected, or accepted with errors, as their profile weighs it; what is rejected never becomes an order."""
    order = place_one(play)
    until(play, lambda: bool(play.answers_to("850", order.number)))
    partner = play.buyer.partner
    weighs = policy_of(partner, agreement_for(partner, "850", "in", play.usage)).severity(_KIND)
    deserves = REJECTED if weighs is Severity.REJECT else ACCEPTED
    answers = play.answers_to("850", order.number)
    verdict = str(answers[0].verdict) if answers else "none came"
    expected = f"{' or '.join(sorted(deserves))}: their profile has {_KIND} as {weighs}"
    good = bool(answers) and all(answer.verdict in deserves for answer in answers)
    play.expect(f"997 for 850 {order.number}", expected, good, verdict, "severities: of the profile or of its agreement for 850")
    if deserves is not REJECTED:
        until(play, lambda: order.number in play.gateway.in_erp())
        expect_one_order(play, order.number)
        return
    times = list(play.gateway.in_erp()).count(order.number)
    play.expect(
        "the ERP",
        "is given nothing of it: segments may be missing",
        times == 0,
        f"it was given it {times_in_words(times)}",
        "order list",
    )


def odd_delimiters(play: Play) -> None:
    """The separators are taken from each ISA, and ours stay as agreed."""
    order = place_one(play)
    until(play, lambda: order.number in play.gateway.in_erp())
    expect_accepted(play, "850", order.number)
    expect_one_order(play, order.number)
    if not play.buyer.partner.answers.order_acknowledgment:
        return
    until(play, lambda: bool(play.events(Confirmed)))
    confirmed = play.events(Confirmed)
    wrong = [str(complaint) for event in confirmed for complaint in event.complaints]
    happened = shown(wrong) or (confirmed[0].said if confirmed else "none came")
    play.expect("our 855", "is read as any other", bool(confirmed) and not wrong, happened, "hold list")
