"""Moving: a flow goes to the stage that follows, for the engine and for people alike."""

from __future__ import annotations

import msgspec

from edi_gateway.pipeline.outcome import Done
from edi_gateway.pipeline.way import check_step, lane_of, priority_at
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit


def to_stage(unit: Unit, flow: FlowRow, done: Done, *, back: bool = False) -> bool:
    """Moves a flow to ``done.next``, where its tries and deaths begin anew; False when somebody else moved it.

    ``back``: that may be the stage where it is, or one before it. Raises Defect for a step the way does not have.
    """
    check_step(flow.stage, done.next, back=back)
    assert done.next is not None  # noqa: S101  # an end is no stage
    if done.until and flow.state in ("held", "dead"):  # what stopped is ready before it waits
        if not unit.flows.move(flow, state="ready"):
            return False
        flow = msgspec.structs.replace(flow, state="ready")
    where = {
        "partner": flow.partner,
        "connection": done.connection or flow.connection,
        "connector": done.connector or flow.connector,
    }
    subject = done.subject or flow.subject
    return unit.flows.move(
        flow,
        state="waiting" if done.until else "ready",
        stage=done.next,
        lane=lane_of(done.next, **where),
        priority=priority_at(done.next, subject, flow.priority),
        subject=subject,
        follows=flow.follows if done.follows is None else done.follows,
        position=done.position,
        due_at=done.until or unit.clock.now(),
        tries=0,
        deaths=0,
        because="",
        **where,
    )
