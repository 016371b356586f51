"""What the scenarios of habits share."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from edi_gateway.documents.order import Order
from edi_gateway.simulated_partner.certification.play import Play
from edi_gateway.simulated_partner.sent import ACCEPTED
from edi_gateway.simulated_partner.terms import agreement_for

_PATIENCE = timedelta(days=10)


def place_one(play: Play) -> Order:
    """One order under a number of its own, sent; both sides do what they can do now."""
    order = play.orders.place(play.buyer, "TEST-1001")
    play.settle()
    return order


def until(play: Play, came: Callable[[], bool]) -> None:
    """Lets time pass until something is so, or patience ends."""
    play.later(_PATIENCE, until=came)


def is_answered(play: Play, code: str = "850") -> bool:
    """Whether a 997 is owed for a set of theirs."""
    agreement = agreement_for(play.buyer.partner, code, "in", play.usage)
    return agreement is None or agreement.acknowledgment.form != "none"


def expect_accepted(play: Play, code: str, number: str) -> None:
    """A step: the set was answered, and accepted."""
    if not is_answered(play, code):
        return
    answers = play.answers_to(code, number)
    good = bool(answers) and all(answer.verdict in ACCEPTED for answer in answers)
    happened = ", ".join(f"{answer.verdict} after {play.after(answer)}" for answer in answers) or "none came"
    play.expect(f"997 for {code} {number}", "accepted: its syntax is right", good, happened, "hold list")


def times_in_words(times: int) -> str:
    """``once``, ``3 times``."""
    return {0: "never", 1: "once", 2: "twice"}.get(times, f"{times} times")


def expect_one_order(play: Play, number: str) -> None:
    """A step: whatever came, the ERP was given the order once [R28]."""
    times = list(play.gateway.in_erp()).count(number)
    play.expect(
        "the ERP", "has the order once [R28]", times == 1, f"it was given the order {times_in_words(times)}", "order list"
    )
