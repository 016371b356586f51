"""The circuit breaker of where lanes lead: after three failures in a row nothing is tried but one probe now and then.

A flow that fails waits for its own backoff; what fails three times in a row is not the flow but the connection or the ERP. Then
the circuit is open: a person is told, its flows wait without counting tries of their own, and one of them is the probe, after
half a minute first and every five in the end. What gets through closes the circuit, and the backlog drains by itself, in order.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from edi_gateway import log
from edi_gateway.store.breakers import BreakerRow
from edi_gateway.store.lanes import circuit_of
from edi_gateway.store.unit import Unit
from edi_gateway.worker.backoff import Pace, backoff

_log = log.logger(__name__)

OPENS_AFTER = 3
SIDE_BY_SIDE = timedelta(seconds=0.75)
"""Several lanes lead to one ERP, and engines try side by side: what fails together, or was under way when the circuit opened,
is one failure. A flow that failed is tried again after a second or so."""


def failed(unit: Unit, lane: str, because: str, now: datetime) -> BreakerRow:
    """Counts a failure of where a lane leads, and opens its circuit or keeps it open when that is one too many."""
    circuit = circuit_of(lane)
    was = unit.breakers.of_locked(circuit)
    if was and (was.is_open(now) or (was.failed_at and now - was.failed_at < SIDE_BY_SIDE)):
        return was
    failures = (was.failures if was else 0) + 1
    open_until = now + backoff(failures - OPENS_AFTER, Pace.OPEN) if failures >= OPENS_AFTER else None
    row = BreakerRow(circuit, failures, was.since if was else now, open_until, because, failed_at=now)
    unit.breakers.put(row)
    _log.warning("a try failed", lane=lane, failures=failures, because=because)
    if failures == OPENS_AFTER:
        text = f"{circuit} failed {failures} times and waits, but for a probe: {because}"
        unit.events.tell("lane.down", f"lane:{circuit}", text)
    return row


def worked(unit: Unit, lane: str) -> None:
    """Closes the circuit of where a lane leads, and tells that it works again if it was told that it did not."""
    circuit = circuit_of(lane)
    was = unit.breakers.of(circuit)
    if was is None:
        return
    unit.breakers.close(circuit)
    if was.failures >= OPENS_AFTER:
        text = f"{circuit} works again, after failing since {was.since:%Y-%m-%d %H:%M} UTC"
        unit.events.tell("lane.up", f"lane:{circuit}", text)
