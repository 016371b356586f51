"""The last days that terms of sale (ITD) leave: for the discount, and to pay."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from edi_gateway.documents.base import Terms

_FROM_MONTH_END = frozenset({"02", "09", "15"})  # ITD01 (336): end of month, proximo, special proximo


def discount_until(terms: Terms, begins: date) -> date | None:
    """A stated date (ITD04) goes before the days (ITD05), and they before the day of the next month (ITD13); None for none."""
    stated = terms.discount_due_on or _after(terms, terms.discount_days, begins)
    return stated or (_of_next_month(terms, begins) if _grants(terms) else None)


def net_until(terms: Terms, begins: date) -> date | None:
    """A stated date (ITD06) goes before the days (ITD07), and they before the day of the next month (ITD13); None for none.

    That day is the discount's where there is one.
    """
    stated = terms.net_due_on or _after(terms, terms.net_days, begins)
    return stated or (None if _grants(terms) else _of_next_month(terms, begins))


def end_of_month(day: date) -> date:
    """The last day of its month."""
    return _in_month(day, 31)


def _grants(terms: Terms) -> bool:
    return bool(terms.discount_percent or terms.discount_amount)


def _after(terms: Terms, days: int | None, begins: date) -> date | None:
    """So many days after ``begins``; by terms of the end of the month and proximo, after the last day of its month."""
    if days is None:
        return None
    return (end_of_month(begins) if terms.type in _FROM_MONTH_END else begins) + timedelta(days=days)


def _of_next_month(terms: Terms, begins: date) -> date | None:
    return None if terms.day_of_month is None else _in_month(end_of_month(begins) + timedelta(days=1), terms.day_of_month)


def _in_month(day: date, number: int) -> date:
    """The day of that number in the month of ``day``; the last one where it has no such day."""
    return day.replace(day=max(1, min(number, monthrange(day.year, day.month)[1])))
