"""Moments as people give them in forms: in the zone their pages show times in, which the script in the page names."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from edi_gateway.errors import WrongInput
from edi_gateway.trading.looked_at import known_zone

ZONE = "zone"  # the field of a form or an address: the name of a zone; without it UTC


def moment(text: str, zone: str = "") -> datetime | None:
    """The moment a form says, in ``zone`` where it names none itself; None for an empty field. Raises WrongInput."""
    if not text:
        return None
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise WrongInput(f"'{text}' is no moment", do="write it like 2026-11-17 or 2026-11-17T08:00") from None
    return _in_utc(said, zone)


def beginning_of(text: str, zone: str = "") -> datetime | None:
    """When the day a form says begins in ``zone``; None for an empty field. Raises WrongInput."""
    given = day(text)
    return _in_utc(datetime.combine(given, time()), zone) if given else None


def day(text: str) -> date | None:
    """The day a form says; None for an empty field."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongInput(f"'{text}' is no day", do="write it like 2026-11-26") from None


def _in_utc(said: datetime, zone: str) -> datetime:
    try:
        return (said if said.tzinfo else said.replace(tzinfo=_zone(zone))).astimezone(UTC)
    except OverflowError:
        raise WrongInput(f"'{said.isoformat()}' is no moment", do="choose a day of our time") from None


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(known_zone(name)) if name else UTC
    except ValueError as error:
        raise WrongInput(str(error), where=ZONE) from None
