"""How long to wait before trying again."""

from __future__ import annotations

import random
from datetime import timedelta

_LONGEST = timedelta(hours=1)


def backoff(tries: int) -> timedelta:
    """1 s, 2 s, 4 s … up to an hour, with a fifth of jitter so that what failed together does not come back together."""
    seconds = min(2.0 ** min(tries, 30), _LONGEST.total_seconds())
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))
