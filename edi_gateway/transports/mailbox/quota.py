"""How much of its quota an account has used, uploads under way included, over all of its sessions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeAlias

from edi_gateway.transports.mailbox.accounts import Account
from edi_gateway.transports.mailbox.refused import failed

Count: TypeAlias = Callable[[], tuple[int, int]]
_COUNT_LASTS = 10.0  # seconds


class Meter:
    """Counts one account's files and bytes, uploads under way included.

    What lies in the inbox is counted once and then kept up: uploads are added, what the gateway collects meanwhile is not taken
    off. So a count is never too low by what the partner did, and is made anew when it is old, or before anything is refused.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted_at = -_COUNT_LASTS
        self._files = self._bytes = 0
        self._under_way: dict[str, int] = {}

    def start(self, account: Account, upload: str, count: Count) -> None:
        """Registers an upload; ``count`` counts the (files, bytes) in the inbox. Refused when the account is full."""
        with self._lock:
            if time.monotonic() - self._counted_at >= _COUNT_LASTS or self._is_full(account):
                self._count(count)
            if self._is_full(account):
                raise failed(f"The inbox holds {self._files} files, {account.quota_files} are allowed; try again later")
            self._under_way[upload] = 0

    def grow(self, account: Account, upload: str, size: int, count: Count) -> None:
        """Sets an upload's size; Refused when that is more than the account may have."""
        with self._lock:
            others = sum(taken for name, taken in self._under_way.items() if name != upload)
            if self._bytes + others + size > account.quota_bytes:
                self._count(count)
            if self._bytes + others + size > account.quota_bytes:
                raise failed(f"The quota of {account.quota_bytes} bytes is used up; try again later")
            self._under_way[upload] = max(size, self._under_way.get(upload, 0))

    def end(self, upload: str, kept: int | None = None) -> None:
        """Forgets an upload; ``kept`` bytes of it lie in the inbox now, None where nothing does."""
        with self._lock:
            self._under_way.pop(upload, None)
            if kept is not None:
                self._files, self._bytes = self._files + 1, self._bytes + kept

    def _is_full(self, account: Account) -> bool:
        return self._files + len(self._under_way) >= account.quota_files

    def _count(self, count: Count) -> None:
        self._files, self._bytes = count()
        self._counted_at = time.monotonic()


class Meters:
    """One meter an account."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._meters: dict[str, Meter] = {}

    def of(self, account: Account) -> Meter:
        """The meter of an account, the same for all of its sessions."""
        with self._lock:
            return self._meters.setdefault(account.name, Meter())
