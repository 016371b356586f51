"""Numbers, dates and times as elements write them (X12.6, element types N, R, DT and TM)."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

from edi_gateway.errors import WrongInput


def implied(value: Decimal, places: int, width: int = 1) -> str:
    """An N element: ``12.30`` with two places is ``1230``; zeros fill up to ``width`` digits.

    Raises WrongInput rather than round away what does not fit the places.
    """
    shifted = value.scaleb(places)
    if not value.is_finite() or shifted != shifted.to_integral_value():
        raise WrongInput(f"{value} does not fit {places} implied decimal places", do="round it where it is calculated")
    whole = int(shifted)
    return f"{'-' if whole < 0 else ''}{abs(whole):0{width}d}"


def real(value: Decimal) -> str:
    """An R element: a point only where there is a fraction, and no zeros that say nothing (12.50 is ``12.5``, 0.50 is ``.5``)."""
    if not value.is_finite():
        raise WrongInput(f"{value} is no number that can be sent")
    written = format(abs(value), "f")
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    written = written.lstrip("0") or "0"
    return f"-{written}" if value < 0 else written


def long_date(day: date) -> str:
    """CCYYMMDD."""
    return f"{day:%Y%m%d}".rjust(8, "0")


def short_date(day: date) -> str:
    """YYMMDD, as in ISA09 and before release 004010."""
    return long_date(day)[2:]


def long_time(moment: datetime | time) -> str:
    """HHMMSS."""
    return f"{moment:%H%M%S}"


def short_time(moment: datetime | time) -> str:
    """HHMM."""
    return f"{moment:%H%M}"
