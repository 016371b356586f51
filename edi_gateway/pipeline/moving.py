"""Moving: a flow goes to the stage that follows, for the engine and for people alike."""

from __future__ import annotations

from typing import Any

import msgspec

from edi_gateway.pipeline.outcome import Done
from edi_gateway.pipeline.way import check_step, lane_of, priority_at
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.unit import Unit


def to_stage(unit: Unit, flow: FlowRow, done: Done, *, back: bool = False) -> bool:
    """Moves a flow to ``done.next``, where its tries and deaths begin anew; False when somebody else moved it.

    What stays as it was is not written: its indexes would be. ``back``: that may be the stage where it is, or one before it.
    Raises Defect for a step the way does not have.
    """
    check_step(flow.stage, done.next, back=back)
    assert done.next is not None  # noqa: S101  # an end is no stage
    if done.until and flow.state in ("held", "dead"):  # what stopped is ready before it waits
        if not unit.flows.move(flow, state="ready"):
            return False
        flow = msgspec.structs.replace(flow, state="ready")
    connection, connector = done.connection or flow.connection, done.connector or flow.connector
    changes: dict[str, Any] = {
        "lane": lane_of(done.next, partner=flow.partner, connection=connection, connector=connector),
        "priority": priority_at(done.next, done.subject or flow.subject, flow.priority),
        "position": done.position,
        "due_at": done.until or unit.clock.now(),
        "tries": 0,
        "deaths": 0,
        "because": "",
    }
    if done.subject and done.subject != flow.subject:
        changes["subject"] = done.subject
    if done.follows is not None and done.follows != flow.follows:
        changes["follows"] = done.follows
    if connection != flow.connection:
        changes["connection"] = connection
    if connector != flow.connector:
        changes["connector"] = connector
    return unit.flows.move(flow, state="waiting" if done.until else "ready", stage=done.next, **changes)
