"""What an outcome does to a flow, and what outcome an error is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from edi_gateway import log
from edi_gateway.errors import GatewayError, NeedsPerson, TryAgain, WrongInput
from edi_gateway.pipeline.moving import to_stage
from edi_gateway.pipeline.outcome import Done, Hold, Outcome, Reject, Retry
from edi_gateway.pipeline.way import lane_of
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit
from edi_gateway.worker.backoff import backoff, pace_of

MOST_TRIES = 84  # with pauses of up to an hour, about three days: a partner's long week-end
MOST_PROBES = 900  # the same three days where a circuit breaker tries every five minutes
MOST_DEFECTS = 3

_log = log.logger(__name__)


def move(unit: Unit, flow: FlowRow, outcome: Outcome, now: datetime, *, not_before: datetime | None = None) -> bool:
    """Moves a flow as its stage ended; False when somebody else moved it. A retry waits until ``not_before`` at least."""
    match outcome:
        case Done(next=None):
            return unit.flows.move(flow, state="done", tries=0, because="")
        case Done() as done:
            return to_stage(unit, flow, done)
        case Retry() as retry:
            return _try_again(unit, flow, retry, now, not_before)
        case Hold(because=because) as hold:
            unit.events.tell("flow.held", flow.subject, because, partner=flow.partner)
            return unit.flows.move(flow, state="held", because=because, follows="" if hold.lets_by else flow.follows)
        case Reject(because=because):
            unit.events.tell("flow.rejected", flow.subject, because, partner=flow.partner)
            return unit.flows.move(flow, state="rejected", because=because)


def outcome_of(error: Exception, flow: FlowRow) -> Outcome:
    """How a stage ended that raised."""
    match error:
        case TryAgain():
            return Retry(str(error))
        case NeedsPerson() | WrongInput():
            return Hold(str(error))
        case _:
            _log.error("a stage failed in a way it should not", flow=flow.id, stage=flow.stage, exc_info=error)
            what = in_words(error)
            if flow.tries + 1 >= MOST_DEFECTS:
                return Hold(f"a defect of the gateway at '{flow.stage}': {what} — please report it; then resume")
            return Retry(f"a defect of the gateway at '{flow.stage}': {what}", after=backoff(flow.tries, pace_of(error)))


def in_words(error: Exception) -> str:
    """An error in one line, as people are told: one that is not ours with its kind, and without what follows its first line."""
    said = str(error).partition("\n")[0]
    return said if isinstance(error, GatewayError) else f"{type(error).__name__}: {said}"


def park(unit: Unit, flow: FlowRow, deaths: int) -> None:
    """Puts a flow aside that killed its worker each time."""
    because = f"its worker died {deaths} times while it was at '{flow.stage}'"
    if unit.flows.move(flow, state="dead", because=because):
        unit.events.tell("flow.dead", flow.subject, because, partner=flow.partner)


def _try_again(unit: Unit, flow: FlowRow, retry: Retry, now: datetime, not_before: datetime | None) -> bool:
    most = MOST_PROBES if not_before else MOST_TRIES
    if flow.tries + 1 >= most:
        unit.events.tell("flow.dead", flow.subject, retry.because, partner=flow.partner)
        return unit.flows.move(flow, state="dead", because=retry.because, tries=flow.tries + 1)
    elsewhere: dict[str, Any] = {}
    if retry.connection is not None:
        where = {"partner": flow.partner, "connection": retry.connection, "connector": flow.connector}
        elsewhere = {"lane": lane_of(flow.stage, **where), "connection": retry.connection}
    due = now + (backoff(flow.tries) if retry.after is None else retry.after)
    if not_before and not elsewhere:
        due = not_before
    changes = {"because": retry.because, "due_at": due, "tries": flow.tries + 1, "deaths": flow.deaths, **elsewhere}
    return unit.flows.move(flow, state="ready", **changes)
