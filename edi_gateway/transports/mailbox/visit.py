"""One connection to the mailbox server, as its threads share it."""

from __future__ import annotations

import threading
import time

from edi_gateway.transports.mailbox.accounts import Account
from edi_gateway.transports.mailbox.events import Kind
from edi_gateway.transports.mailbox.house import House

_MOST_REFUSALS_TOLD = 100  # of one connection; a partner's broken script must not fill the audit trail


class Visit:
    """Who is connected from where, since when nothing was asked, and a bell that rings when something changes."""

    def __init__(self, house: House, address: str) -> None:
        self.house, self.address = house, address
        self.account: Account | None = None  # set once a login was right
        self.seated = False
        self.bell = threading.Event()
        self.threads: list[threading.Thread] = []  # of its file transfer sessions
        self._last_asked = time.monotonic()
        self._refusals = 0

    @property
    def name(self) -> str:
        """The account's name, for events."""
        return self.account.name if self.account else ""

    def touch(self) -> None:
        """Notes that something was asked."""
        self._last_asked = time.monotonic()

    def idle(self) -> float:
        """Seconds since something was asked."""
        return time.monotonic() - self._last_asked

    def take_seat(self) -> bool:
        """Counts this connection as logged in; False when there is no room."""
        if self.account is None or not (self.seated or self.house.seat(self.address, self.account.name)):
            return False
        self.seated = True
        self.touch()
        self.bell.set()
        return True

    def tell(self, kind: Kind, path: str = "", detail: str = "") -> None:
        """Reports an event of this connection."""
        if kind == "refused":
            self._refusals += 1
            if self._refusals > _MOST_REFUSALS_TOLD:
                return
        self.house.hooks.tell(kind, self.name, self.address, path, detail)
