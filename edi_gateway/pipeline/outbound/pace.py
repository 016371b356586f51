"""Pace: no more than so many leave over a connection in so long, as a partner's server, or its people, ask of us.

It is reckoned from the attempts on record, also those that failed: so it holds over restarts, changes of profiles, and among all
engines on a database. What has to wait has not begun, and after a crash nobody has to ask whether it arrived.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.tools import Tools
from edi_gateway.store.unit import Unit
from edi_gateway.trading.rate import Rate

LOOKS_AGAIN = timedelta(minutes=5)  # as late as a pace that is changed meanwhile is kept


def key_over(connection: str, name: str) -> str:
    """The key of the attempts to send something: where it goes, and as what."""
    return f"{connection}/{name}"[:80]


def pace_of(connection: str, tools: Tools) -> Rate | None:
    """The pace that is agreed for a connection; none where it is in force no more, which whoever sends over it will say."""
    try:
        return tools.directory.connection(connection).at_most
    except WrongInput:
        return None


def turn(unit: Unit, connection: str, rate: Rate) -> datetime | None:
    """When the next one may be looked at again that would leave over a connection; None: it may leave now."""
    now = unit.clock.now()
    first = unit.attempts.sent_over(key_over(connection, ""), since=now - rate.within, nth=rate.most)
    return min(first + rate.within, now + LOOKS_AGAIN) if first else None
