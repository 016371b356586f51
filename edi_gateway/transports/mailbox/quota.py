"""How much of its quota an account has used, uploads under way included, over all of its sessions."""

from __future__ import annotations

import threading

from edi_gateway.transports.mailbox.accounts import Account
from edi_gateway.transports.mailbox.refused import failed


class Meter:
    """Counts one account's files and bytes; what is stored is counted anew at each upload's start."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stored_bytes = 0
        self._under_way: dict[str, int] = {}

    def start(self, account: Account, upload: str, stored: tuple[int, int]) -> None:
        """Registers an upload; ``stored`` is (files, bytes) in the inbox. Refused when the account is full."""
        files, size = stored
        with self._lock:
            if files + len(self._under_way) >= account.quota_files:
                raise failed(f"The inbox holds {files} files, {account.quota_files} are allowed; try again later")
            self._stored_bytes = size
            self._under_way[upload] = 0

    def grow(self, account: Account, upload: str, size: int) -> None:
        """Sets an upload's size; Refused when that is more than the account may have."""
        with self._lock:
            others = sum(taken for name, taken in self._under_way.items() if name != upload)
            if self._stored_bytes + others + size > account.quota_bytes:
                raise failed(f"The quota of {account.quota_bytes} bytes is used up; try again later")
            self._under_way[upload] = max(size, self._under_way.get(upload, 0))

    def end(self, upload: str, kept: int = 0) -> None:
        """Forgets an upload; ``kept`` bytes of it are now stored."""
        with self._lock:
            self._under_way.pop(upload, None)
            self._stored_bytes += kept


class Meters:
    """One meter an account."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._meters: dict[str, Meter] = {}

    def of(self, account: Account) -> Meter:
        """The meter of an account, the same for all of its sessions."""
        with self._lock:
            return self._meters.setdefault(account.name, Meter())
