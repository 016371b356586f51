"""Turns: which lane of a process computes and records.

A thread lets go of the interpreter at every statement, and with others at work gets it back behind them: half of an order's
processor time again went into handing it to and fro (measured: on SQLite 1.30 ms an order alone and 1.91 with four threads; on
PostgreSQL 3.1 and 4.6 of the engine, 2.0 and 3.2 of the database). So a lane that has its turn keeps it for a batch. Whoever
touches the world gives it up meanwhile, so that a slow ERP holds up nobody, and who has nothing left to do but to commit lets the
next one begin: the database forces its log to the disk without the interpreter. More at once is what more processes are for.

The urgent go first, and every second turn is one of the others: to read and acknowledge a large backlog holds up no order.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class Turn:
    """One at a time, each kind in the order they came: the urgent, and after each of these one of the others."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._urgent: deque[threading.Lock] = deque()
        self._others: deque[threading.Lock] = deque()
        self._taken = self._was_urgent = False
        self._here = threading.local()

    @property
    def waited(self) -> float:
        """Seconds this thread has stood in line so far."""
        return float(getattr(self._here, "waited", 0.0))

    @contextmanager
    def taken(self, *, urgent: bool = False) -> Iterator[None]:
        """Waits until it is our turn, and has it for the block."""
        self._take(urgent)
        try:
            yield
        finally:
            self.end()

    def end(self) -> None:
        """For whoever has it: the next one may have its turn already. Otherwise nothing."""
        if getattr(self._here, "is_ours", False):
            self._pass_on()

    @contextmanager
    def given_up(self) -> Iterator[None]:
        """For whoever has it: lets the others have theirs for the block, and waits for its own again."""
        self._pass_on()
        try:
            yield
        finally:
            self._take(urgent=False)

    def _take(self, urgent: bool) -> None:
        with self._guard:
            gate = threading.Lock()
            if self._taken:
                gate.acquire()
                (self._urgent if urgent else self._others).append(gate)
            else:
                self._taken, self._was_urgent = True, urgent
        began = time.monotonic()
        gate.acquire()  # at once, or when it is handed to us
        self._here.waited = self.waited + time.monotonic() - began
        self._here.is_ours = True

    def _pass_on(self) -> None:
        self._here.is_ours = False
        with self._guard:
            self._was_urgent = bool(self._urgent) and not (self._was_urgent and self._others)
            line = self._urgent if self._was_urgent else self._others
            if line:
                line.popleft().release()
            else:
                self._taken = False
