"""When we look at a connection that does not tell us by itself that something came."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from edi_gateway.trading.base import Terms
from edi_gateway.trading.calendar import BusinessCalendar, LocalTime


def known_zone(value: str) -> str:
    """A time zone by its name. Raises ValueError where there is none of that name."""
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"'{value}' is no time zone; write one such as America/Chicago") from None


class LookedAt(Terms):
    """What all connections have that we look at: when we do, beside how often (``poll``)."""

    calendar: BusinessCalendar | None = Field(None, description="In which hours we look; without it day and night.")
    cutoffs: tuple[LocalTime, ...] = Field((), description="When we look in any case, just before a cut-off of theirs: 15:55.")
    time_zone: Annotated[str, AfterValidator(known_zone)] = Field("UTC", description="Whose clock these times are told by.")
