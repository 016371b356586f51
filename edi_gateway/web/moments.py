"""Moments as people give them in forms: in the zone their pages show times in, which the script in the page names."""

from __future__ import annotations

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

from edi_gateway.clock import moment_of
from edi_gateway.errors import WrongInput
from edi_gateway.trading.looked_at import known_zone

ZONE = "zone"  # the field of a form or an address: the name of the zone that moments in it are in; without it UTC
SHOWN_IN = "shown_in"  # of an address: the zone that moments are shown in, whatever zone those in it are in


def moment(text: str, zone: str = "") -> datetime | None:
    """The moment a form says, in ``zone`` where it names none itself; None for an empty field. Raises WrongInput."""
    return moment_of(text, zone_of(zone))


def beginning_of(text: str, zone: str = "") -> datetime | None:
    """When the day a form says begins in ``zone``; None for an empty field. Raises WrongInput."""
    given = day(text)
    return moment(given.isoformat(), zone) if given else None


def day(text: str) -> date | None:
    """The day a form says; None for an empty field."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongInput(f"'{text}' is no day", do="write it like 2026-11-26") from None


def zone_of(name: str, field: str = ZONE) -> tzinfo:
    """The zone that a field names, UTC without one. Raises WrongInput for a zone there is not."""
    try:
        return ZoneInfo(known_zone(name)) if name else UTC
    except ValueError as error:
        raise WrongInput(str(error), where=field) from None
