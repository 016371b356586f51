"""The days an order allows, or a line of it."""

from __future__ import annotations

from datetime import date

from edi_gateway.documents.base import DateOf
from edi_gateway.documents.order import Order, OrderLine

_LAST_DAYS = ("001", "038", "061")  # DTM01: cancel after, ship no later than, cancel if not delivered by


def last_day_to_ship(order: Order, line: OrderLine) -> date | None:
    """The day after which the buyer does not want a line any more: its own, else the order's; None where neither sets one."""
    own, of_order = _last(line.dates), _last(order.dates)
    return of_order if own is None else own


def _last(dates: tuple[DateOf, ...]) -> date | None:
    return min((stated.date for stated in dates if stated.qualifier in _LAST_DAYS), default=None)
