"""Attempts of this run of which nobody can say yet what came: the other side is asked, again and again if it does not answer."""

from __future__ import annotations

import threading
from datetime import datetime

from edi_gateway import log
from edi_gateway.store.rows import FlowRow
from edi_gateway.worker.backoff import backoff

_log = log.logger(__name__)


class OpenAttempts:
    """The flows that are attempting, and when each may be asked about. Those that just run are not asked about."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._flows: dict[int, FlowRow] = {}
        self._ask_at: dict[int, datetime] = {}
        self._asked: dict[int, int] = {}

    def begin(self, flow: FlowRow) -> None:
        """It is being done right now."""
        with self._lock:
            self._flows[flow.id] = flow

    def ask_later(self, flow: FlowRow, now: datetime, because: str) -> int:
        """Nobody knows what came of it; says how often that was so."""
        with self._lock:
            times = self._asked.get(flow.id, 0) + 1
            self._flows[flow.id], self._asked[flow.id] = flow, times
            self._ask_at[flow.id] = now + backoff(times)
        _log.warning("what came of an attempt is not known yet", flow=flow.id, stage=flow.stage, because=because)
        return times

    def end(self, flow: FlowRow) -> None:
        """What came of it is on record."""
        with self._lock:
            for known in (self._flows, self._ask_at, self._asked):
                known.pop(flow.id, None)

    def to_ask(self, lane: str, now: datetime) -> list[FlowRow]:
        """The flows of a lane that are to be asked about now."""
        with self._lock:
            return [self._flows[id] for id, at in self._ask_at.items() if at <= now and self._flows[id].lane == lane]

    def lanes(self, now: datetime) -> set[str]:
        """The lanes that have one to ask about now."""
        with self._lock:
            return {self._flows[id].lane for id, at in self._ask_at.items() if at <= now}
