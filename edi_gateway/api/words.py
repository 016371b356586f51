"""Kinds of parameters that many routes have."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Path

from edi_gateway.errors import WrongInput

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
Name = Annotated[str, Path(min_length=1, max_length=120)]


def moment(given: datetime | None) -> datetime | None:
    """A moment in UTC; one without a zone is meant so. Raises WrongInput for one that UTC has not."""
    if given is None:
        return None
    try:
        return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)
    except OverflowError:
        raise WrongInput(f"{given.isoformat()} lies in no year from 1 to 9999 of UTC") from None
