"""How long to wait before trying again: by what went wrong."""

from __future__ import annotations

import random
from datetime import timedelta
from enum import Enum

from edi_gateway.errors import TryAgain

_JITTER = 0.2  # so that what failed together does not come back together


class Pace(Enum):
    """First pause, doubled at every try up to the longest, in seconds."""

    WORLD = (1.0, 3600.0)  # a partner or an ERP that does not answer
    DEFECT = (10.0, 3600.0)  # our own mistake, which seldom mends itself
    OPEN = (30.0, 300.0)  # a circuit that is open, between two probes
    ENGINE = (0.25, 5.0)  # the database is away: nothing can be recorded, and nobody is bothered


def backoff(tries: int, pace: Pace = Pace.WORLD) -> timedelta:
    """The pause after ``tries`` earlier tries, give or take a fifth: 1 s, 2 s, 4 s … up to an hour for what TryAgain says."""
    first, longest = pace.value
    seconds = min(first * 2.0 ** min(tries, 30), longest)
    return timedelta(seconds=seconds * random.uniform(1 - _JITTER, 1 + _JITTER))


def pace_of(error: BaseException) -> Pace:
    """How patient to be with an error."""
    return Pace.WORLD if isinstance(error, TryAgain) else Pace.DEFECT
