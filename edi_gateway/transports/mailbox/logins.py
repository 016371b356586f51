"""How those who guess passwords are slowed down."""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from edi_gateway.clock import Clock, SystemClock


class LoginPolicy(Protocol):
    """Decides how long a login waits for its answer, and who is not let in at all for now."""

    def blocked(self, address: str) -> bool:
        """Whether connections from this address are closed unanswered."""
        ...

    def delay(self, address: str, account: str) -> float:
        """Seconds a login of this account from this address has to wait before it is even looked at."""
        ...

    def failed(self, address: str, account: str) -> None:
        """A login failed."""
        ...

    def succeeded(self, address: str, account: str) -> None:
        """A login succeeded."""
        ...


class _Record(NamedTuple):
    failures: int
    last: datetime


class SlowDown:
    """Doubles the wait with each failure from an address, and closes the door to it after many.

    The first ``free`` failures cost nothing, then 1, 2, 4 … up to ``longest`` seconds; after ``too_many`` the address is not
    answered for ``block``. Failures are forgotten ``block`` after the last, or with a success. Counted by address and not by
    account, so that a stranger cannot lock a partner out. Remembers at most ``remembered`` addresses.
    """

    def __init__(
        self,
        clock: Clock | None = None,
        *,
        free: int = 2,
        longest: float = 8.0,
        too_many: int = 20,
        block: timedelta = timedelta(minutes=15),
        remembered: int = 10_000,
    ) -> None:
        self._clock = clock or SystemClock()
        self._free, self._longest, self._too_many, self._block, self._remembered = free, longest, too_many, block, remembered
        self._records: OrderedDict[str, _Record] = OrderedDict()
        self._lock = threading.Lock()

    def blocked(self, address: str) -> bool:
        return self._failures(address) >= self._too_many

    def delay(self, address: str, account: str) -> float:
        beyond = self._failures(address) - self._free
        return 0.0 if beyond <= 0 else min(self._longest, 2.0 ** min(beyond - 1, 30))

    def failed(self, address: str, account: str) -> None:
        failures = self._failures(address) + 1
        with self._lock:
            self._records[address] = _Record(failures, self._clock.now())
            self._records.move_to_end(address)
            while len(self._records) > self._remembered:
                self._records.popitem(last=False)

    def succeeded(self, address: str, account: str) -> None:
        with self._lock:
            self._records.pop(address, None)

    def _failures(self, address: str) -> int:
        with self._lock:
            record = self._records.get(address)
        if record is None or self._clock.now() - record.last >= self._block:
            return 0
        return record.failures
