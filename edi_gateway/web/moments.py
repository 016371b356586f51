"""Moments as people give them in forms."""

from __future__ import annotations

from datetime import UTC, date, datetime

from edi_gateway.errors import WrongInput


def moment(text: str) -> datetime | None:
    """The moment a form says, in UTC where it does not say otherwise; None for an empty field."""
    if not text:
        return None
    try:
        said = datetime.fromisoformat(text)
    except ValueError:
        raise WrongInput(f"'{text}' is no moment", do="write it like 2026-11-17 or 2026-11-17T08:00") from None
    return said if said.tzinfo else said.replace(tzinfo=UTC)


def day(text: str) -> date | None:
    """The day a form says; None for an empty field."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongInput(f"'{text}' is no day", do="write it like 2026-11-26") from None
