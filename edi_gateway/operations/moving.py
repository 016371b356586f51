"""Moving: where a flow goes when a person says so, or ends its stage in place of the engine."""

from __future__ import annotations

from typing import Any

from edi_gateway.errors import WrongInput
from edi_gateway.pipeline.outcome import Done
from edi_gateway.pipeline.way import check_step, lane_of, priority_at
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit


def move(unit: Unit, flow: FlowRow, *, state: str, **changes: Any) -> None:
    """Moves a flow because a person says so. Raises WrongInput where somebody else moved it: nothing is recorded then."""
    _surely(flow, unit.flows.move(flow, state=state, **changes))


def go_on(unit: Unit, flow: FlowRow, done: Done, because: str) -> None:
    """Moves a stopped flow as its stage would have; ``because`` is kept where its way ends. Raises WrongInput where it moved."""
    if done.next is None:
        moved = unit.flows.move(flow, state="done", because=because)
    else:
        check_step(flow.stage, done.next)
        moved = _to_stage(unit, flow, done.next, done)
    _surely(flow, moved)


def _surely(flow: FlowRow, moved: bool) -> None:
    if not moved:
        raise WrongInput(f"flow {flow.id} was moved by somebody else just now", do="look again")


def _to_stage(unit: Unit, flow: FlowRow, stage: str, done: Done) -> bool:
    connection, connector = done.connection or flow.connection, done.connector or flow.connector
    subject = done.subject or flow.subject
    return unit.flows.move(
        flow,
        state="ready",
        stage=stage,
        lane=lane_of(stage, partner=flow.partner, connection=connection, connector=connector),
        priority=priority_at(stage, subject, flow.priority),
        subject=subject,
        follows=flow.follows if done.follows is None else done.follows,
        connection=connection,
        connector=connector,
        position=done.position,
        due_at=done.until or unit.clock.now(),
        because="",
        tries=0,
        deaths=0,
    )
