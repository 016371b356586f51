"""An 855 against the order it answers: every line once, every quantity accounted for, nothing promised too late."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from edi_gateway.documents.order import Order, OrderLine
from edi_gateway.documents.order_acknowledgment import AcknowledgedLine, OrderAcknowledgment
from edi_gateway.simulated_partner.checks.about import About
from edi_gateway.simulated_partner.checks.dates import last_day_to_ship
from edi_gateway.simulated_partner.checks.echo import account_of, check_header, check_line, unknown_line
from edi_gateway.simulated_partner.complaint import Complaint, Kind
from edi_gateway.simulated_partner.ledger import Ledger, OrderAccount, refuses_repetition
from edi_gateway.trading.profile import TradingPartner

_NOT_COMING = "rejected"


def check_confirmation(ledger: Ledger, partner: TradingPartner, answer: OrderAcknowledgment) -> Iterator[Complaint]:
    """Everything wrong with an order acknowledgment. Call it before the ledger knows of it."""
    about = About(f"order acknowledgment {answer.number}", answer.number)
    account = account_of(ledger, about)
    if isinstance(account, Complaint):
        yield account
        return
    if refuses_repetition(account, answer):
        return
    ledger.take_answer_to_change(answer)
    if account.confirmation is not None and answer.purpose == "original":
        yield about.complain(Kind.CONFIRMATION_REPEATED, "the order was acknowledged before")
    yield from check_header(account, about, answer, answer.ship_to)
    yield from _check_coverage(account, partner, about, answer)
    for line in answer.lines:
        ordered = account.line(line.number)
        if ordered is None:
            yield unknown_line(about, account, line.number)
        else:
            yield from _check_line(account.order, ordered, about, line)


def _check_coverage(
    account: OrderAccount, partner: TradingPartner, about: About, answer: OrderAcknowledgment
) -> Iterator[Complaint]:
    """Each line of the order is answered once; without lines only where that is agreed, or nothing was decided."""
    if not answer.lines:
        if partner.answers.lines == "always" and answer.decision != "acknowledged without detail":
            yield about.complain(Kind.CONFIRMATION_NO_LINES, "it has no lines, and every line is agreed")
        elif answer.decision == "accepted with changes":
            yield about.complain(Kind.CONFIRMATION_NO_LINES, "it has changes, and no line that says which")
        return
    counts = Counter(line.number for line in answer.lines)
    for line in account.order.lines:
        if counts[line.number] == 0:
            yield about.complain(Kind.CONFIRMATION_LINE_MISSING, f"line {line.number} is not answered")
        if counts[line.number] > 1:
            yield about.complain(Kind.CONFIRMATION_LINE_REPEATED, f"line {line.number} is answered {counts[line.number]} times")


def _check_line(order: Order, ordered: OrderLine, about: About, line: AcknowledgedLine) -> Iterator[Complaint]:
    yield from check_line(about, ordered, line.item_ids, line.unit)
    if any(decision.status == "deleted" for decision in line.decisions) and not ordered.quantity:
        return
    if line.quantity != ordered.quantity:
        yield about.complain(
            Kind.LINE_QUANTITY, f"line {line.number} repeats {line.quantity} ordered, the order says {ordered.quantity}"
        )
    decided = sum((decision.quantity for decision in line.decisions), Decimal(0))
    if line.decisions and decided != ordered.quantity:
        yield about.complain(
            Kind.CONFIRMATION_QUANTITIES,
            f"line {line.number} decides on {decided} of {ordered.quantity}",
        )
    statuses = {decision.status for decision in line.decisions}
    if line.unit_price != ordered.unit_price and "price changed" not in statuses:
        yield about.complain(
            Kind.CONFIRMATION_PRICE, f"line {line.number} costs {line.unit_price}, the order says {ordered.unit_price}"
        )
    yield from _check_dates(last_day_to_ship(order, ordered), about, line)


def _check_dates(last: date | None, about: About, line: AcknowledgedLine) -> Iterator[Complaint]:
    """No day after the last one is promised, unless it is said to be another day."""
    for decision in line.decisions:
        late = last is not None and decision.ship_on is not None and decision.ship_on > last
        if late and decision.status in ("accepted", "quantity changed", "price changed"):
            yield about.complain(
                Kind.CONFIRMATION_DATE,
                f"line {line.number} is accepted for {decision.ship_on}, after the last day to ship, {last}",
            )


def is_rejected(account: OrderAccount, number: str) -> bool:
    """Whether nothing of a line is coming, by what the 855 said."""
    confirmation = account.confirmation
    if confirmation is None:
        return False
    line = account.confirmed_line(number)
    if line is None or not line.decisions:
        return confirmation.decision == _NOT_COMING
    return all(decision.status == _NOT_COMING for decision in line.decisions)


def agreed_price(account: OrderAccount, line: OrderLine) -> Decimal | None:
    """The order's price, or the one the 855 changed it to."""
    confirmed = account.confirmed_line(line.number)
    if confirmed and any(decision.status == "price changed" for decision in confirmed.decisions):
        return confirmed.unit_price
    return line.unit_price
