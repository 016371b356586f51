"""A clock that was ahead and was put right: what waits for a time that was wrong goes on now.

A machine that boots with a wrong clock runs its jobs, and makes flows ready, at moments that are hours ahead. Once the clock is
right nothing of it would be due for hours. So once a minute an engine looks for what was written at a moment still to come.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from edi_gateway import log
from edi_gateway.store.database import Database

LOOK_EVERY = timedelta(minutes=1)
DIFFER = timedelta(minutes=1)  # as much as clocks of several machines may, and nobody is told
TELL_EVERY = timedelta(hours=1)

_log = log.logger(__name__)


class ClockBack:
    """Looks for it once a minute; ``after`` says of each job when it runs next, reckoned from a moment."""

    def __init__(self, store: Database) -> None:
        self._store = store
        self._looked: datetime | None = None
        self._told: datetime | None = None

    def look(self, now: datetime, after: Mapping[str, Callable[[datetime], datetime]]) -> None:
        """Puts right what is, and tells it, once an hour at most."""
        if self._looked is not None and abs(now - self._looked) < LOOK_EVERY:
            return
        self._looked = now
        soon = now + DIFFER
        with self._store.write() as unit:
            ahead = [(job, after[job.name](now)) for job in unit.ahead.jobs(soon) if job.name in after]
            jobs = [unit.ahead.bring_forward(job, at) for job, at in ahead if at < job.next_run]
            flows, probes = unit.ahead.let_flows_go(now, soon), unit.ahead.probe(now, soon)
            if not (any(jobs) or flows or probes):
                return
            text = f"a clock was ahead and was put back; flows that would have waited for it: {flows}, jobs: {sum(jobs)}"
            if self._told is None or abs(now - self._told) >= TELL_EVERY:
                unit.events.tell("clock.back", "clock", f"{text}; times agreed that were reckoned by it end too late")
                self._told = now
        _log.warning(text)
