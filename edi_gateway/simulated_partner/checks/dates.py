"""The days an order allows."""

from __future__ import annotations

from datetime import date

from edi_gateway.documents.order import Order

_LAST_DAYS = ("001", "038", "061")  # DTM01: cancel after, ship no later than, cancel if not delivered by


def last_day_to_ship(order: Order) -> date | None:
    """The day after which the buyer does not want the goods any more; None where the order sets none."""
    return min((stated.date for stated in order.dates if stated.qualifier in _LAST_DAYS), default=None)
