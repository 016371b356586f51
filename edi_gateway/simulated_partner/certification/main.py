"""What every partner plays: orders go in, answers come back, goods are announced and billed, money is promised and comes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from edi_gateway.documents.order import Order
from edi_gateway.simulated_partner.certification.play import Play, shown, span
from edi_gateway.simulated_partner.events import Announced, Billed, BuyerEvent, Confirmed, SetAcknowledged
from edi_gateway.simulated_partner.terms import agreement_for
from edi_gateway.x12.acknowledgment import Verdict

OUR_DOCUMENTS = ("855", "856", "810")
_ACCEPTED = (Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_ERRORS)
_LONGEST = timedelta(days=21)
_HELD_LONG_ENOUGH = timedelta(days=2)


def order_to_cash(play: Play) -> None:
    """From the first order to the money in the bank."""
    orders = play.orders.place_all(play.buyer)
    if not orders:
        play.expect("orders", "the buyer's files hold orders", False, "none could be read by the map", "the map of the 850")
    play.settle()
    play.later(_LONGEST, until=lambda: _is_billed(play, orders))
    for order in orders:
        _acknowledged(play, order)
        _confirmed(play, order)
        _announced(play, order)
        _billed(play, order)
    _came(play)
    _taken(play)
    _paid(play, orders)
    held = play.held()
    play.expect("nothing is left over", "no document waits for a person", not held, held or "nothing does", "hold list")


def _is_billed(play: Play, orders: Sequence[Order]) -> bool:
    """Whether everything wanted has come and been acknowledged, or will not, since nobody comes to what is held."""
    wants = play.buyer.partner.answers
    events: list[type[BuyerEvent]] = [Confirmed] * wants.order_acknowledgment + [Announced] * wants.ship_notice
    events += [Billed] * wants.invoice
    answered = all(state != "awaited" for _, _, state in play.ours(*OUR_DOCUMENTS))
    if play.gateway.held() and play.gateway.now() - play.began > _HELD_LONG_ENOUGH:
        return True
    return answered and all(_of_order(play, kind, order.number) for kind in events for order in orders)


def _acknowledged(play: Play, order: Order) -> None:
    terms = agreement_for(play.buyer.partner, "850", "in", play.usage)
    answers = play.answers_to("850", order.number)
    what = f"997 for 850 {order.number}"
    if terms is None or terms.acknowledgment.form == "none":
        play.expect(what, "none is agreed", not answers, f"{len(answers)} came", "acknowledgment: of the 850's agreement")
        return
    form, within = terms.acknowledgment.form, terms.acknowledgment.within
    wrong = [str(complaint) for answer in answers for complaint in answer.complaints]
    late = [text for text in _lateness(play) if text.startswith(f"997 for our 850 {order.number}:")]
    good = bool(answers) and all(answer.verdict in _ACCEPTED for answer in answers) and not (wrong or late)
    happened = shown((*wrong, *late)) or (f"{answers[0].verdict} after {play.after(answers[0])}" if answers else "none came")
    play.expect(
        what.replace("997", form),
        f"accepted within {span(within)}, its counts right [R01 R02]",
        good,
        happened,
        answers[0].file if answers else "hold list: is it an unknown sender, or a set nothing is agreed about?",
    )


def _lateness(play: Play) -> list[str]:
    return [str(complaint) for complaint in play.buyer.complaints() if str(complaint.kind).endswith(".late")]


def _confirmed(play: Play, order: Order) -> None:
    partner = play.buyer.partner
    found = [event for event in play.events(Confirmed) if event.confirmation.number == order.number]
    if not partner.answers.order_acknowledgment:
        play.expect(f"855 for {order.number}", "none is wanted", not found, f"{len(found)} came", "answers: of the profile")
        return
    late = [text for text in _lateness(play) if text.startswith(f"order acknowledgment {order.number}:")]
    within = span(partner.answers.order_acknowledgment_within)
    rule = f"within {within}, every line once, quantities and ids as ordered, by their guide [R04 R05 R06 R18 R24]"
    said = f"{found[0].confirmation.decision} after {play.after(found[0])}" if found else ""
    _document(play, f"855 for {order.number}", rule, found, said, late)


def _announced(play: Play, order: Order) -> None:
    found = _of_order(play, Announced, order.number)
    if not play.buyer.partner.answers.ship_notice:
        play.expect(f"856 for {order.number}", "none is wanted", not found, f"{len(found)} came", "answers: of the profile")
        return
    rule = "what was ordered and confirmed and no more, packs and labels right, told once, by their guide [R08 R10-R14 R18]"
    _document(play, f"856 for {order.number}", rule, found, shown(event.said.removeprefix("856: ") for event in found))


def _billed(play: Play, order: Order) -> None:
    found = _of_order(play, Billed, order.number)
    if not play.buyer.partner.answers.invoice:
        play.expect(f"810 for {order.number}", "none is wanted", not found, f"{len(found)} came", "answers: of the profile")
        return
    rule = "what was shipped at the price agreed, added up to the cent, by their guide [R20-R24]"
    _document(play, f"810 for {order.number}", rule, found, shown(event.said.removeprefix("810: ") for event in found))


def _of_order(play: Play, kind: type[BuyerEvent], number: str) -> list[BuyerEvent]:
    """What came of a kind that speaks of an order."""
    found: list[BuyerEvent] = []
    for event in play.events(kind):
        match event:
            case Confirmed():
                orders = [event.confirmation.number]
            case Announced():
                orders = [shipped.order_number for shipped in event.notice.orders]
            case Billed():
                orders = [event.invoice.order_number]
            case _:
                orders = []
        if number in orders:
            found.append(event)
    return found


def _document(play: Play, what: str, expected: str, found: Sequence[BuyerEvent], said: str, late: Sequence[str] = ()) -> None:
    wrong = [complaint.text for event in found for complaint in event.complaints]
    happened = shown((*wrong, *late)) or said or (f"none came; held: {held}" if (held := play.held()) else "none came")
    look = ", ".join(event.file for event in found) or "hold list"
    play.expect(what, expected, bool(found) and not wrong and not late, happened, look)


def _came(play: Play) -> None:
    """What came that is no answer to an order of the buyer's."""
    wrong = play.other_complaints(Confirmed, Announced, Billed, SetAcknowledged)
    play.expect(
        "envelopes and everything else",
        "every interchange is for them, numbered once, and of a set they agreed to [R31]",
        not wrong,
        shown(wrong) or "nothing to complain of",
        "the file named",
    )


def _taken(play: Play) -> None:
    """Their 997s about our documents reached the gateway, and are shown as what they say."""
    sent = play.ours(*OUR_DOCUMENTS)
    open_ = [f"{code} {number} {_shown_as(state)}" for code, number, state in sent if state != "accepted"]
    happened = shown(open_) or (f"{len(sent)} sent, {len(sent)} accepted" if sent else "nothing was sent")
    passed = bool(sent) and not open_
    play.expect("their 997s for our 855, 856, 810", "each set of ours is shown as accepted [R03]", passed, happened, "status")


def _shown_as(state: str) -> str:
    return "has not left" if state == "none" else f"is {state}"


def _paid(play: Play, orders: Sequence[Order]) -> None:
    """An 820 makes the invoices remitted; only the bank's entry makes them paid."""
    if agreement_for(play.buyer.partner, "820", "in", play.usage) is None or not play.events(Billed):
        return
    play.since = play.gateway.now()
    payment = play.buyer.pay()
    if payment is None:
        play.expect("820", "the buyer pays its invoices", False, "it disputes all of them", "the steps about the 810")
        return
    play.settle()
    play.settle()
    answers = play.answers_to("820", payment.trace)
    states = {order.number: play.state_of(order.number) for order in orders}
    remitted = all(state == "remitted" for state in states.values())
    play.expect(
        f"820 {payment.trace}",
        "accepted; the orders are remitted, not yet paid",
        remitted and bool(answers) and all(answer.verdict in _ACCEPTED for answer in answers),
        f"{answers[0].verdict if answers else 'no 997 came'}; {_told(states)}"
        + (f"; held: {held}" if (held := play.held()) else ""),
        "hold list, order list",
    )
    play.gateway.deposit(payment.trace, payment.amount, payment.on)
    play.settle()
    states = {order.number: play.state_of(order.number) for order in orders}
    paid = all(state == "paid" for state in states.values())
    play.expect(
        "the bank's entry", f"{payment.amount:,.2f} settles the 820: the orders are paid", paid, _told(states), "order list"
    )


def _told(states: dict[str, str]) -> str:
    """``3 orders paid``, or each by itself where they differ."""
    if len(set(states.values())) == 1:
        count = "the order is" if len(states) == 1 else f"all {len(states)} orders are"
        return f"{count} {next(iter(states.values())) or 'not there'}"
    return ", ".join(f"{number} {state or 'not there'}" for number, state in states.items())
