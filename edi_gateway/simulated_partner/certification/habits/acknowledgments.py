"""A partner that acknowledges late, never, or with a rejection."""

from __future__ import annotations

from datetime import timedelta

from edi_gateway.simulated_partner.certification.habits.common import place_one, until
from edi_gateway.simulated_partner.certification.play import Play, shown
from edi_gateway.simulated_partner.terms import agreement_for

_OURS = ("855", "856", "810")


def late(play: Play) -> None:
    """Overdue until it comes; then what it says, and nothing twice."""
    place_one(play)
    play.later(_deadline(play) + timedelta(hours=2), until=lambda: _overdue(play))
    _is_told_overdue(play)
    play.later(timedelta(days=9), until=lambda: _all_are(play, "accepted"))
    states = play.ours(*_OURS)
    late_ones = [f"{code} {number} is {state}" for code, number, state in states if state != "accepted"]
    happened = shown(late_ones) or f"{len(states)} sent, {len(states)} accepted in the end"
    play.expect("the 997s that come late", "count all the same: each set is accepted", bool(states) and not late_ones, happened)
    _no_second_original(play)


def none(play: Play) -> None:
    """Overdue, told every day, and never taken for accepted."""
    place_one(play)
    play.later(_deadline(play) + timedelta(days=2), until=lambda: False)
    _is_told_overdue(play)
    states = [state for _, _, state in play.ours(*_OURS)]
    happened = ", ".join(sorted(set(states))) or "nothing was sent"
    untouched = bool(states) and "accepted" not in states
    play.expect("what nobody answered", "is never shown as accepted", untouched, f"it is shown as {happened}", "status")
    _no_second_original(play)


def rejecting(play: Play) -> None:
    """A rejection is shown, put to a person, and nothing is sent again by itself."""
    if not play.buyer.partner.answers.invoice:
        play.expect("810", "none is wanted: nothing to play", True, "not played")
        return
    place_one(play)
    until(play, lambda: any(state == "rejected" for _, _, state in play.ours("810")))
    states = [state for _, _, state in play.ours("810")]
    happened = f"it is shown as {states[0]}" if states else "none was sent"
    play.expect("our 810", "is shown as rejected", states == ["rejected"], happened, "status")
    held = play.held()
    play.expect(
        "what was rejected", "waits for a person, with what they say is wrong [R10]", "rejected" in held, held or "nothing waits"
    )
    _no_second_original(play)


def _deadline(play: Play) -> timedelta:
    """The longest a 997 of theirs may take."""
    agreements = [agreement_for(play.buyer.partner, code, "out", play.usage) for code in _OURS]
    return max((each.awaits.within for each in agreements if each), default=timedelta(hours=24))


def _awaits(play: Play) -> bool:
    agreements = [agreement_for(play.buyer.partner, code, "out", play.usage) for code in _OURS]
    return any(each.awaits.acknowledgment for each in agreements if each)


def _overdue(play: Play) -> bool:
    return bool(play.gateway.told("acknowledgment.overdue"))


def _is_told_overdue(play: Play) -> None:
    if not _awaits(play):
        return
    told = play.gateway.told("acknowledgment.overdue")
    happened = shown(told, 1) or "nobody was told" + (f"; held: {held}" if (held := play.held()) else "")
    play.expect("a 997 that does not come", "is told when its deadline has passed [R03]", bool(told), happened, "hold list")


def _all_are(play: Play, state: str) -> bool:
    states = [each for _, _, each in play.ours(*_OURS)]
    return len(states) >= len(_wanted(play)) and all(each == state for each in states)


def _wanted(play: Play) -> list[str]:
    answers = play.buyer.partner.answers
    wants = {"855": answers.order_acknowledgment, "856": answers.ship_notice, "810": answers.invoice}
    return [code for code, wanted in wants.items() if wanted]


def _no_second_original(play: Play) -> None:
    """The same interchange may go again where that is agreed; a second document may not."""
    sent = [(code, number) for code, number, _ in play.ours(*_OURS)]
    twice = sorted({f"{code} {number}" for code, number in sent if sent.count((code, number)) > 1})
    again = play.gateway.told("set.retransmitted")
    happened = f"twice: {shown(twice)}" if twice else shown(again, 1) or "nothing went twice"
    expected = "no document is sent a second time under a new number" + (", the same bytes only as agreed" if again else "")
    play.expect("what was sent", expected, not twice, happened, "status")
