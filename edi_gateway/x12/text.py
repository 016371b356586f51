"""Dates and times as elements write them (X12.6, element types DT and TM)."""

from __future__ import annotations

from datetime import date, datetime, time


def long_date(day: date) -> str:
    """CCYYMMDD."""
    return f"{day:%Y%m%d}".rjust(8, "0")


def short_date(day: date) -> str:
    """YYMMDD, as in ISA09 and before release 004010."""
    return long_date(day)[2:]


def short_time(moment: datetime | time) -> str:
    """HHMM."""
    return f"{moment:%H%M}"
