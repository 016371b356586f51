"""Time as a thing that is handed in, so that a test or the demo can move it.

Every time in the gateway is an aware ``datetime`` in UTC; zones belong to people and partners and are applied at the edges.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol

from edi_gateway.errors import WrongInput


class Clock(Protocol):
    """Tells the time, in UTC."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class Moment:
    """A clock that stands: what happens in one transaction happens at one moment."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at


class MovableClock:
    """A clock that runs on from wherever it is set, or stands still, and can be moved forward.

    ``running=False`` gives a clock that only moves when told: the one for tests.
    """

    def __init__(self, start: datetime | None = None, *, running: bool = False) -> None:
        if start and start.tzinfo is None:
            raise ValueError("a clock starts at an aware time; give it a tzinfo")
        self._base = (start or datetime(2026, 1, 5, 14, 0, tzinfo=UTC)).astimezone(UTC)
        self._origin = time.monotonic() if running else None
        self._lock = threading.Lock()
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        with self._lock:
            elapsed = 0.0 if self._origin is None else time.monotonic() - self._origin
            return self._base + timedelta(seconds=elapsed)

    def advance(self, by: timedelta) -> None:
        """Moves time forward; whoever asked with ``on_move`` is told."""
        if by < timedelta():
            raise ValueError("time only moves forward")
        with self._lock:
            self._base += by
        for listener in tuple(self._listeners):
            listener()

    def on_move(self, listener: Callable[[], None]) -> None:
        """Calls ``listener`` after each ``advance``: for loops that sleep until a due time."""
        self._listeners.append(listener)


def moment_of(text: str, zone: tzinfo = UTC) -> datetime | None:
    """The moment somebody wrote, ``2026-11-17`` or ``2026-11-17T08:00``, in UTC; None for an empty text.

    It is in ``zone`` where it names none itself. Raises WrongInput for what is no moment.
    """
    if not text:
        return None
    try:
        said = datetime.fromisoformat(text)
        return (said if said.tzinfo else said.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongInput(f"'{text}' is no moment", do="write it like 2026-11-17 or 2026-11-17T08:00") from None
