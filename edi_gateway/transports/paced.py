"""Not more than so many payloads in so long: what a partner's server, or its people, ask of us."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from typing import BinaryIO

from edi_gateway.errors import TryAgain
from edi_gateway.transports.base import Receipt, Sink


class Paced:
    """A Sink that waits before it sends what would be one too many; a Sink itself. One thread at a time.

    ``most`` payloads in any ``within`` seconds; refused ones count too. Only the wire's own thread waits, and ``close``
    ends its wait with TryAgain.
    """

    def __init__(self, sink: Sink, most: int, within: float, *, now: Callable[[], float] = time.monotonic) -> None:
        self._sink, self._within, self._now = sink, within, now
        self._sent: deque[float] = deque(maxlen=most)
        self._closed = threading.Event()

    @property
    def sees_everything(self) -> bool:
        return self._sink.sees_everything

    @property
    def is_at_hand(self) -> bool:
        """Never: each waits for its turn."""
        return False

    def send(self, name: str, payload: BinaryIO) -> Receipt:
        """Sends when its turn has come."""
        if self._closed.wait(self.pause()):
            raise TryAgain(f"the gateway stopped while {name} waited for its turn")
        self._sent.append(self._now())
        return self._sink.send(name, payload)

    def pause(self) -> float:
        """Seconds until the next payload may go."""
        if len(self._sent) < (self._sent.maxlen or 0):
            return 0.0
        return max(0.0, self._sent[0] + self._within - self._now())

    def may_have(self, name: str) -> bool:
        return self._sink.may_have(name)

    def sent(self, name: str, size: int) -> Receipt | None:
        return self._sink.sent(name, size)

    def close(self) -> None:
        self._closed.set()
        self._sink.close()
