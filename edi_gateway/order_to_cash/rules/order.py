"""Is the order as a whole one we can take? Each of these only ever asks a person; none rejects."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from edi_gateway.documents.order import Order
from edi_gateway.order_to_cash.advice import Advice
from edi_gateway.order_to_cash.rules.ruling import Reason
from edi_gateway.order_to_cash.window import ShipWindow, line_windows, untold_days
from edi_gateway.trading.profile import OrderTerms


def known_customer(order: Order, advice: Advice) -> Reason | None:
    """The ERP knows the customer."""
    return None if advice.customer_known else Reason(rule="customer", message="the ERP does not know this customer")


def minimum_order(amount: Decimal, terms: OrderTerms) -> Reason | None:
    """The order as the buyer sent it comes to the agreed minimum; exactly the minimum is enough."""
    if terms.minimum_order is None or amount >= terms.minimum_order:
        return None
    return Reason(rule="minimum order", message=f"the order comes to {amount}, the least we take is {terms.minimum_order}")


def credit(amount: Decimal, advice: Advice, terms: OrderTerms) -> Reason | None:
    """Credit in use and what we take of this order stay within the limit; exactly the limit is within."""
    if advice.credit_limit is None or terms.credit_exceeded == "accept":
        return None
    used = advice.credit_used or Decimal(0)
    if used + amount <= advice.credit_limit:
        return None
    return Reason(
        rule="credit",
        message=f"credit of {used} in use and {amount} for this order exceed the limit of {advice.credit_limit}",
    )


def fresh_advice(advice: Advice, terms: OrderTerms, now: datetime | None) -> Reason | None:
    """What the ERP says of stock and price is not older than agreed; exactly as old is not too old."""
    if terms.stock_no_older_than is None or now is None or now - advice.as_of <= terms.stock_no_older_than:
        return None
    message = f"what the ERP says is of {advice.as_of:%Y-%m-%d %H:%M}, more than {terms.stock_no_older_than} ago"
    return Reason(rule="stock age", message=message)


def open_window(order: Order, terms: OrderTerms, today: date) -> Reason | None:
    """There is still a day on which the goods of each line may leave, and the days are told as days.

    A line of which nothing is wanted has no say, unless that is so of all.
    """
    if terms.ship_window_missed == "accept":
        return None
    windows = line_windows(order)
    wanted = [each for each in windows if each[0].quantity] or windows
    closed: dict[str, list[str]] = {}
    for line, window in wanted:
        if why := _closed(window, today):
            closed.setdefault(why, []).append(line.number)
    is_of_all = len(closed) == 1 and not any(line.dates or line.schedule for line, _ in wanted)
    messages = [why if is_of_all else f"line {', '.join(lines)}: {why}" for why, lines in closed.items()]
    messages += [
        f"the days in {segment} are no date the rules read: see that the ERP has them" for segment in untold_days(order.extras)
    ]
    return Reason(rule="ship window", message="; ".join(messages)) if messages else None


def _closed(window: ShipWindow, today: date) -> str:
    """Why goods cannot leave in a window any more; nothing where they can."""
    if window.not_after is None:
        return ""
    if window.not_before and window.not_before > window.not_after:
        return f"the window closes before it opens: {window}"
    return "" if window.not_after >= today else f"the last day to ship was {window.not_after}"
