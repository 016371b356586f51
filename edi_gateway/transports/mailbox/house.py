"""What all connections to one mailbox server share: who is in it, its rules, and whether it is closing."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

from edi_gateway.transports.mailbox.accounts import Accounts
from edi_gateway.transports.mailbox.hooks import Hooks
from edi_gateway.transports.mailbox.limits import Limits
from edi_gateway.transports.mailbox.logins import LoginPolicy
from edi_gateway.transports.mailbox.quota import Meters


class House:
    """The server's rules and its attendance list; safe to use from every connection's thread."""

    def __init__(self, root: Path, accounts: Accounts, limits: Limits, policy: LoginPolicy, hooks: Hooks) -> None:
        self.root, self.accounts, self.limits, self.policy, self.hooks = root, accounts, limits, policy, hooks
        self.meters = Meters()
        self.closing = threading.Event()
        self._lock = threading.Lock()
        self._strangers: Counter[str] = Counter()  # by address
        self._guests: Counter[str] = Counter()  # by account

    def let_in(self, address: str) -> bool:
        """Counts a new connection; False when there are too many that have not logged in."""
        with self._lock:
            limits = self.limits
            if self._strangers.total() >= limits.strangers or self._strangers[address] >= limits.strangers_per_address:
                return False
            self._strangers[address] += 1
            return True

    def seat(self, address: str, account: str) -> bool:
        """Turns a stranger into a logged-in guest; False when the house or the account is full."""
        with self._lock:
            limits = self.limits
            if self._guests.total() >= limits.sessions or self._guests[account] >= limits.sessions_per_account:
                return False
            _less(self._strangers, address)
            self._guests[account] += 1
            return True

    def see_out(self, address: str, account: str | None) -> None:
        """Counts a connection out; ``account`` is None when it never got a seat."""
        with self._lock:
            if account is None:
                _less(self._strangers, address)
            else:
                _less(self._guests, account)


def _less(counter: Counter[str], key: str) -> None:
    counter[key] -= 1
    if counter[key] <= 0:
        del counter[key]
