"""A partner whose files come twice, whose orders come twice, and whose uploads break off."""

from __future__ import annotations

from edi_gateway.simulated_partner.certification.habits.common import (
    expect_accepted,
    expect_one_order,
    is_answered,
    place_one,
    until,
)
from edi_gateway.simulated_partner.certification.play import Play, shown
from edi_gateway.simulated_partner.events import Confirmed, Repeated
from edi_gateway.simulated_partner.sent import ACCEPTED


def duplicate_interchange(play: Play) -> None:
    """The old answer again, or a person; never a second order."""
    order = place_one(play)
    until(play, lambda: order.number in play.gateway.in_erp())
    play.settle()
    expect_accepted(play, "850", order.number)
    expect_one_order(play, order.number)
    policy = play.buyer.partner.duplicates
    again, held = play.events(Repeated), play.held()
    if policy.payload != "look inside":
        expected = "is held for a person" if policy.payload == "hold" else "is kept, and nothing in it is read again"
        passed = bool(held) if policy.payload == "hold" else not held
    elif policy.interchange == "answer again":
        expected, passed = "gets the old answer again, byte for byte", bool(again) or not is_answered(play)
    elif policy.interchange == "hold":
        expected, passed = "is held for a person", bool(held)
    else:
        expected, passed = "is processed, and the order in it is seen to be known", bool(held or _refusals(play))
    happened = held or (again[0].said if again else "neither an answer nor a hold")
    play.expect("the second interchange", f"{expected}, by their profile", passed, happened, "duplicates: of the profile")


def duplicate_order(play: Play) -> None:
    """Its syntax is right, so its 997 says so; that it is known is for a person or an 855."""
    order = place_one(play)
    until(play, lambda: order.number in play.gateway.in_erp())
    play.settle()
    answers = play.answers_to("850", order.number)
    both = len(answers) == 2 and all(answer.verdict in ACCEPTED for answer in answers)
    happened = ", ".join(str(answer.verdict) for answer in answers) or "none came"
    if is_answered(play):
        play.expect("the 997s", "both are accepted: a repeated PO is no fault of syntax", both, happened)
    expect_one_order(play, order.number)
    if play.buyer.partner.duplicates.order == "hold":
        play.expect(
            "the second order", "is held for a person, by their profile", bool(play.held()), play.held() or "it was not held"
        )
    else:
        until(play, lambda: bool(_refusals(play)))
        refused = _refusals(play)
        happened = refused[0].said if refused else f"{len(play.events(Confirmed))} 855s came, none refuses it"
        play.expect("the second order", "is refused by an 855, by their profile", bool(refused), happened)


def half_upload(play: Play) -> None:
    """Of the half nothing is ordered; the whole file is an order as any other."""
    order = place_one(play)
    until(play, lambda: order.number in play.gateway.in_erp())
    play.settle()
    seen = [one.validation for one in play.gateway.sets() if one.direction == "in" and one.code == "850"]
    told = [*play.gateway.told("payload.unreadable"), *(why for why in [play.held()] if why)]
    noticed = bool(told) or "invalid" in seen
    what = shown(told, 1) or ("it was rejected" if "invalid" in seen else "nobody was told")
    play.expect("the half file", "is rejected or put to a person, and kept", noticed, what, "hold list")
    answers = play.answers_to("850", order.number)
    taken = [answer for answer in answers if answer.verdict in ACCEPTED]
    if is_answered(play):
        said = ", ".join(str(answer.verdict) for answer in answers) or "none came"
        play.expect("the whole file", "is accepted, if not under a number the half one used up", bool(taken), said)
    expect_one_order(play, order.number)


def _refusals(play: Play) -> list[Confirmed]:
    return [event for event in play.events(Confirmed) if event.confirmation.decision == "rejected"]
