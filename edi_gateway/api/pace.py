"""How many requests somebody may make: a bucket each that fills steadily, told in the RateLimit headers."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from math import ceil
from typing import NamedTuple

_KEPT = 10_000  # buckets; the one that was used longest ago makes room


class Left(NamedTuple):
    """What is left after a request: ``wait`` is 0 where it was granted, else seconds until one will be."""

    limit: int
    remaining: int
    wait: int


class Pace:
    """``burst`` requests at once, and ``rate`` a second in the long run, for each caller in this process."""

    def __init__(self, rate: float = 200, burst: int = 1000, now: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._now = rate, burst, now
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float]] = {}  # what is in it, and when that was

    def take(self, caller: str) -> Left:
        """Takes one request out of a caller's bucket."""
        with self._lock:
            now = self._now()
            held, at = self._buckets.pop(caller, (float(self._burst), now))
            held = min(self._burst, held + (now - at) * self._rate)
            granted = held >= 1
            held -= granted
            self._buckets[caller] = (held, now)
            if len(self._buckets) > _KEPT:
                del self._buckets[next(iter(self._buckets))]
        return Left(self._burst, int(held), 0 if granted else ceil((1 - held) / self._rate))
