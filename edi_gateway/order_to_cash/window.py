"""The ship window: between which days the buyer wants an order to leave, from its DTM dates."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from edi_gateway.documents.order import Order

# DTM01 of the 850. The first group that is present decides; in it, the strictest date.
_NOT_BEFORE = (("037",), ("118",))  # ship not before; requested pickup
_NOT_AFTER = (("038", "001", "061"), ("010",), ("002", "063"))  # ship no later, cancel after; requested ship; delivery


class ShipWindow(NamedTuple):
    """First and last day to ship, both inclusive; None where the order leaves it open."""

    not_before: date | None = None
    not_after: date | None = None

    def holds(self, day: date) -> bool:
        """Whether goods may leave on ``day``."""
        return (self.not_before is None or day >= self.not_before) and (self.not_after is None or day <= self.not_after)

    def __str__(self) -> str:
        return f"{self.not_before or 'any day'} to {self.not_after or 'any day'}"


def ship_window(order: Order) -> ShipWindow:
    """The window an order states. A requested ship date (010) alone is the last day; goods may leave earlier."""
    return ShipWindow(
        max(_first_present(order, _NOT_BEFORE), default=None),
        min(_first_present(order, _NOT_AFTER), default=None),
    )


def _first_present(order: Order, groups: tuple[tuple[str, ...], ...]) -> list[date]:
    for qualifiers in groups:
        if dates := [stated.date for stated in order.dates if stated.qualifier in qualifiers]:
            return dates
    return []
