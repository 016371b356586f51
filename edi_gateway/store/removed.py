"""What is said of content that retention removed."""

from __future__ import annotations

from datetime import datetime

from edi_gateway.errors import NeedsPerson


def removed(what: str, at: datetime) -> NeedsPerson:
    """Why something cannot be read any more, and who may still have it."""
    return NeedsPerson(
        f"{what} was removed on {at:%Y-%m-%d}, as the partner's retention says",
        do="ask the partner for it, if it is needed still",
    )
