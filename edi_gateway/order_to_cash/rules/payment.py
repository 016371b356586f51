"""Do the order's terms of payment give the buyer more than the contract?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from edi_gateway.documents.base import Terms
from edi_gateway.documents.order import Order
from edi_gateway.order_to_cash.last_days import discount_until, end_of_month, net_until
from edi_gateway.order_to_cash.money import to_cent
from edi_gateway.order_to_cash.rules.ruling import Reason
from edi_gateway.order_to_cash.window import line_windows
from edi_gateway.trading.business import PaymentTerms
from edi_gateway.trading.profile import OrderTerms


def payment_terms(order: Order, amount: Decimal, terms: OrderTerms, today: date) -> Reason | None:
    """The order's terms of payment (ITD) give the buyer no more than the contract: no more discount, no more days.

    A discount in money (ITD08) is held against the contract's percentage of the order's ``amount``, and one without any limit is
    more than any. Days of the contract count from the last day any of the goods may leave, or from ``today``: no invoice is made
    later, as far as the order says. Terms that state no last day to pay ask for nothing.
    """
    agreed, asked = terms.payment, order.terms
    if agreed is None or asked is None or terms.payment_differs == "accept":
        return None
    invoiced = max(day for day in (today, *(day for _, window in line_windows(order) for day in window)) if day)
    better = [*_discount(asked, agreed, amount), *_until(asked, agreed, invoiced), *_net(asked, agreed, invoiced)]
    return Reason(rule="payment terms", message="the order wants " + "; ".join(better)) if better else None


def _discount(asked: Terms, agreed: PaymentTerms, amount: Decimal) -> Iterator[str]:
    if asked.discount_percent is not None and asked.discount_percent > agreed.discount_percent:
        yield f"a discount in percent of {asked.discount_percent}, the contract says {agreed.discount_percent}"
    most = to_cent(amount * Decimal(agreed.discount_percent) / 100)
    if asked.discount_amount is not None and asked.discount_amount > most:
        yield f"a discount of {asked.discount_amount}, by the contract it is {most}"


def _until(asked: Terms, agreed: PaymentTerms, invoiced: date) -> Iterator[str]:
    """As a receivable grants it."""
    if not asked.discount_percent and not asked.discount_amount:
        return
    last, until = _agreed(agreed, agreed.discount_days, invoiced), discount_until(asked, invoiced)
    if until is None:
        yield f"a discount without a last day, the contract says {agreed.discount_days} days"
    elif until > last and until == _after(invoiced, asked.discount_days) and agreed.days_from == "invoice":
        yield f"discount days {asked.discount_days}, the contract says {agreed.discount_days}"
    elif until > last:
        yield f"a discount until {until}, by the contract it ends on {last}"


def _net(asked: Terms, agreed: PaymentTerms, invoiced: date) -> Iterator[str]:
    """As a receivable is due."""
    last, until = _agreed(agreed, agreed.net_days, invoiced), net_until(asked, invoiced)
    if until is None or until <= last:
        return
    if until == _after(invoiced, asked.net_days) and agreed.days_from == "invoice":
        yield f"net days {asked.net_days}, the contract says {agreed.net_days}"
    else:
        yield f"to pay on {until}, by the contract it is due on {last}"


def _agreed(agreed: PaymentTerms, days: int, invoiced: date) -> date:
    """The last of so many days by the contract."""
    return (end_of_month(invoiced) if agreed.days_from == "end of month" else invoiced) + timedelta(days=days)


def _after(invoiced: date, days: int | None) -> date | None:
    return None if days is None else invoiced + timedelta(days=days)
