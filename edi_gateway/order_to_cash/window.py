"""The ship window: between which days the buyer wants an order, or a line of it, to leave, from their DTM dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from edi_gateway.documents.base import DateOf, Extra
from edi_gateway.documents.order import Order, OrderLine

# DTM01 of the 850. The first group that is present decides; in it, the strictest date.
_NOT_BEFORE = (("037",), ("118",))  # ship not before; requested pickup
_NOT_AFTER = (("038", "001", "061"), ("010",), ("002", "063"))  # ship no later, cancel after; requested ship; delivery

_STARTS = tuple(f"DTM*{qualifier}*" for group in (*_NOT_BEFORE, *_NOT_AFTER) for qualifier in group)


class ShipWindow(NamedTuple):
    """First and last day to ship, both inclusive; None where the order leaves it open."""

    not_before: date | None = None
    not_after: date | None = None

    def holds(self, day: date) -> bool:
        """Whether goods may leave on ``day``."""
        return (self.not_before is None or day >= self.not_before) and (self.not_after is None or day <= self.not_after)

    def __str__(self) -> str:
        return f"{self.not_before or 'any day'} to {self.not_after or 'any day'}"


def ship_window(order: Order, line: OrderLine | None = None) -> ShipWindow:
    """The window an order states. A requested ship date (010) alone is the last day; goods may leave earlier.

    Of a ``line``: its own dates go before the order's of the same group, and a day it asks for is inside in any case. Of several
    days on which parts of it are wanted (SCH) the window holds all.
    """
    earliest, latest = (_own_dates(line, pick) if line else () for pick in (min, max))
    asked_first, asked_last = _first_present(earliest, (), _NOT_BEFORE), _first_present(latest, (), _NOT_AFTER)
    first = max(_first_present(earliest, order.dates, _NOT_BEFORE), default=None)
    last = min(_first_present(latest, order.dates, _NOT_AFTER), default=None)
    return ShipWindow(
        min(first, max(asked_first)) if first and asked_first else first,
        max(last, min(asked_last)) if last and asked_last else last,
    )


def line_windows(order: Order) -> list[tuple[OrderLine, ShipWindow]]:
    """Each line with its window."""
    of_order = ship_window(order)
    return [(line, ship_window(order, line) if line.dates or line.schedule else of_order) for line in order.lines]


def untold_days(extras: tuple[Extra, ...]) -> list[str]:
    """The segments that give days of the window as a period or in another form (DTM06), which is kept as it came.

    Where a date (DTM02) stands beside it, that is read, and the form adds only a period (DTM05: RD8, RDT …).
    """
    told = ((extra.segment, [*extra.segment.split("*"), "", "", ""]) for extra in extras if extra.segment.startswith(_STARTS))
    return [segment for segment, element in told if not element[2] or element[5].startswith("R")]


def _own_dates(line: OrderLine, pick: Callable[[Iterable[date]], date]) -> tuple[DateOf, ...]:
    """The dates of a line, and of its schedule for each qualifier the one that counts."""
    of_parts = [stated for one in line.schedule for stated in one.dates]
    scheduled = {stated.qualifier for stated in of_parts} - {stated.qualifier for stated in line.dates}
    picked = (
        DateOf(qualifier=name, date=pick(stated.date for stated in of_parts if stated.qualifier == name))
        for name in sorted(scheduled)
    )
    return (*line.dates, *picked)


def _first_present(own: tuple[DateOf, ...], of_order: tuple[DateOf, ...], groups: tuple[tuple[str, ...], ...]) -> list[date]:
    """The dates of the first group there is: those of a line where it has any, else the order's."""
    for qualifiers in groups:
        for dates in (own, of_order):
            if found := [stated.date for stated in dates if stated.qualifier in qualifiers]:
                return found
    return []
