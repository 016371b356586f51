"""Watching over the engines that share a database: that ours is seen, and that what a dead one held is taken over.

An engine is missing when it has not ended and nobody holds its lock. It is given a few seconds, in which one that only lost
its connection takes its lock again; then its lanes are freed.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import psycopg

from edi_gateway import log
from edi_gateway.errors import TryAgain
from edi_gateway.store.alive import Alive
from edi_gateway.worker.runner import Runner

GRACE_SECONDS = 2.0
LOOK_SECONDS = 0.5

_log = log.logger(__name__)


class Watch:
    """Keeps this process's run alive and looks after the others."""

    def __init__(self, runner: Runner, heard: Callable[[tuple[str, ...]], None]) -> None:
        self._runner, self._heard = runner, heard
        self._alive: Alive | None = None
        self._missing_since: dict[int, float] = {}
        self._next_look = 0.0

    def begin(self) -> None:
        """Opens a run that the others can see; where that cannot be there is none, and nobody died of it.

        Raises TryAgain when the database does not answer, or somebody keeps engines from running on it.
        """
        try:
            self._runner.begin(self._show)
        except psycopg.errors.LockNotAvailable as error:
            raise TryAgain("engines are kept from running on this database: a restore of it is not done yet") from error
        except psycopg.Error as error:
            raise TryAgain(f"the database did not answer: {error}") from error

    def _show(self, run: int) -> None:
        self._alive = self._runner.tools.store.stay_alive(run, self._heard)

    def look(self) -> None:
        """Takes over what has been missing for too long; begins anew where we were taken for dead ourselves."""
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + LOOK_SECONDS
        if not self._runner.is_current():
            _log.warning("this engine was taken for dead and begins anew", run=self._runner.run)
            self.end()
            self.begin()
        missing = self._runner.missing()
        self._missing_since = {run: self._missing_since.get(run, now) for run in missing}
        if dead := {run for run, since in self._missing_since.items() if now - since >= GRACE_SECONDS}:
            self._heard(tuple(self._runner.bury(dead)))

    def end(self) -> None:
        """Lets the others see that this run is no more."""
        if self._alive is not None:
            self._alive.close()
            self._alive = None
