"""The circuit breaker of a lane to the world: after three failures in a row nothing is tried but one probe now and then.

A flow that fails waits for its own backoff; what fails three times in a row is not the flow but the connection or the ERP. Then
the lane is open: a person is told, its flows wait without counting tries of their own, and every few minutes one of them is
the probe. What gets through closes the circuit, and the backlog drains by itself, in order.
"""

from __future__ import annotations

from datetime import datetime

from edi_gateway.store.breakers import BreakerRow
from edi_gateway.store.unit import Unit
from edi_gateway.worker.backoff import Pace, backoff

OPENS_AFTER = 3


def failed(unit: Unit, lane: str, because: str, now: datetime) -> BreakerRow:
    """Counts a failure of the lane, and opens it or keeps it open when that is one too many."""
    was = unit.breakers.of(lane)
    failures = (was.failures if was else 0) + 1
    open_until = now + backoff(failures - OPENS_AFTER, Pace.OPEN) if failures >= OPENS_AFTER else None
    row = BreakerRow(lane, failures, was.since if was else now, open_until, because)
    unit.breakers.put(row)
    if failures == OPENS_AFTER:
        unit.events.tell("lane.down", f"lane:{lane}", f"{lane} failed {failures} times and waits, but for a probe: {because}")
    return row


def worked(unit: Unit, lane: str) -> None:
    """Closes the lane's circuit, and tells that it works again if it was told that it did not."""
    was = unit.breakers.of(lane)
    if was is None:
        return
    unit.breakers.close(lane)
    if was.failures >= OPENS_AFTER:
        unit.events.tell("lane.up", f"lane:{lane}", f"{lane} works again, after failing since {was.since:%Y-%m-%d %H:%M} UTC")
