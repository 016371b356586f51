"""Flows and their lanes: the rows that are the truth about where every document is.

A stage ends with ``move``, a compare-and-set on (id, stage, state): running it twice is harmless. Under a lease the same
statement asks whether the lane is still held by the run that moves it, so a worker that was taken for dead changes nothing more.
Whatever makes work ready wakes its lane in the same transaction (``store.lanes``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.connection import Connection
from edi_gateway.store.flow_states import check_move
from edi_gateway.store.lanes import Lanes, leads_to
from edi_gateway.store.prepared import new_row, row_changed, rows_by, words
from edi_gateway.store.rows import FlowRow, as_row
from edi_gateway.store.tables import breaker, flow, lane

UNFINISHED = ("ready", "attempting", "held", "dead")
NOT_OVER = (*UNFINISHED, "waiting")
FIRST, USUAL = 0, 10  # priorities: the smaller goes first

_MOVED = row_changed(flow).where(flow.c.stage == sa.bindparam("at"), flow.c.state == sa.bindparam("being"))
_MOVED_IF_OURS = _MOVED.where(sa.exists().where(lane.c.id == sa.bindparam("leased"), lane.c.holder == sa.bindparam("run")))
_FOLLOWERS = (
    sa.select(flow.c.lane)
    .where(flow.c.follows == sa.bindparam("follows"), flow.c.id > sa.bindparam("this"), flow.c.state == "ready")
    .distinct()
)
_DUE = flow.c.due_at <= sa.bindparam("now")
_WAITED = sa.select(flow).where(flow.c.state == "waiting", _DUE).order_by(flow.c.id)
_PARKED = rows_by(flow, "position").where(flow.c.state.in_(words("waiting", "held")))


def _ready(*more: sa.ColumnElement[bool]) -> sa.Select[Any]:
    earlier = flow.alias("earlier")
    held_back = sa.exists().where(
        earlier.c.follows == flow.c.follows, earlier.c.id < flow.c.id, earlier.c.state.in_(words(*UNFINISHED))
    )
    may_go = sa.or_(flow.c.follows == "", flow.c.stage == "await", ~held_back)
    here = (flow.c.lane == sa.bindparam("lane"), flow.c.state == "ready", may_go, *more)
    return sa.select(flow).where(*here).order_by(flow.c.priority, flow.c.id).limit(sa.bindparam("most"))


def _due_lanes() -> sa.Select[Any]:
    ours = sa.or_(lane.c.holder.is_(None), lane.c.holder == sa.bindparam("run"))
    out_of_order = sa.exists().where(leads_to(flow.c.lane, breaker.c.lane), breaker.c.open_until > sa.bindparam("now"))
    due = sa.select(flow.c.lane).join(lane, lane.c.id == flow.c.lane).distinct().order_by(flow.c.lane)
    return due.where(flow.c.state.in_(words("ready", "attempting")), _DUE, ours, ~out_of_order)


_READY, _READY_AND_DUE, _DUE_LANES = _ready(), _ready(_DUE), _due_lanes()


class Flows:
    """The flows of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock, lanes: Lanes) -> None:
        self._connection, self._clock, self._lanes = connection, clock, lanes

    def start(
        self,
        *,
        lane_id: str,
        stage: str,
        subject: str,
        priority: int = USUAL,
        follows: str = "",
        partner: str | None = None,
        connection: str | None = None,
        connector: str | None = None,
        due_at: datetime | None = None,
        state: str = "ready",
        because: str = "",
        position: str = "",
    ) -> int:
        """Puts something on its way and wakes its lane."""
        now = self._clock.now()
        self._lanes.wake(lane_id)
        values = {
            "lane": lane_id,
            "stage": stage,
            "state": state,
            "priority": priority,
            "due_at": due_at or now,
            "subject": subject,
            "follows": follows,
            "partner": partner,
            "connection": connection,
            "connector": connector,
            "because": because,
            "position": position,
            "created_at": now,
            "changed_at": now,
        }
        return int(self._connection.execute(new_row(flow), values).scalar_one())

    def move(self, was: FlowRow, *, state: str, stage: str | None = None, **changes: Any) -> bool:
        """Changes a flow only if it is still where it was, and its lane still ours; False when somebody else moved it.

        Raises Defect for a move between states that ``flow_states`` does not have.
        """
        check_move(was.state, state)
        values = {"state": state, "stage": stage or was.stage, "changed_at": self._clock.now(), "suspect": False, **changes}
        lease = self._lanes.lease
        here = {"this": was.id, "at": was.stage, "being": was.state}
        if lease:
            done = self._connection.execute(_MOVED_IF_OURS, {**here, **values, "leased": lease.lane, "run": lease.run})
        else:
            done = self._connection.execute(_MOVED, {**here, **values})
        moved = done.rowcount == 1
        if moved and state == "ready":
            self._lanes.wake(values.get("lane", was.lane))
        if moved and was.follows and (state not in UNFINISHED or values.get("follows", was.follows) != was.follows):
            for row in self._connection.execute(_FOLLOWERS, {"follows": was.follows, "this": was.id}):
                self._lanes.wake(row.lane)  # this one holds them back no longer
        return moved

    def place(self, was: FlowRow, position: str) -> None:
        """Keeps how far a flow's stage has come, without moving it."""
        self._connection.execute(row_changed(flow), {"this": was.id, "position": position})

    def get(self, id: int) -> FlowRow | None:
        row = self._connection.execute(rows_by(flow, "id"), {"id": id}).first()
        return as_row(FlowRow, row) if row else None

    def of(self, subject: str) -> list[FlowRow]:
        """All flows that carry ``subject``, oldest first."""
        rows = self._connection.execute(rows_by(flow, "subject"), {"subject": subject})
        return [as_row(FlowRow, row) for row in rows]

    def at_stage(self, lane_id: str, stage: str, *, states: Sequence[str] = ("ready", "waiting"), **same: str) -> list[FlowRow]:
        """The flows of a lane that are ready for a stage or wait at it until they are due, or are in other states, oldest first.

        ``same`` names columns and what stands in them: a position, or what they follow.
        """
        query = rows_by(flow, "lane", "stage", *same).where(flow.c.state.in_(states))
        rows = self._connection.execute(query, {"lane": lane_id, "stage": stage, **same})
        return [as_row(FlowRow, row) for row in rows]

    def parked(self, position: str) -> list[FlowRow]:
        """The flows that wait for what ``position`` names, by themselves or by now for a person, oldest first."""
        rows = self._connection.execute(_PARKED, {"position": position})
        return [as_row(FlowRow, row) for row in rows]

    def ready(self, lane_id: str, limit: int, *, only_due: bool = False) -> list[FlowRow]:
        """The lane's ready flows that no earlier flow of the same order holds back, most urgent and oldest first.

        What has left and waits for its answer is held back by nothing; others may be held back by it.
        ``only_due`` leaves out those whose time has not come: for a lane in which nobody waits for the one before.
        """
        given: dict[str, Any] = {"lane": lane_id, "most": limit}
        if only_due:
            rows = self._connection.execute(_READY_AND_DUE, {**given, "now": self._clock.now()})
        else:
            rows = self._connection.execute(_READY, given)
        return [as_row(FlowRow, row) for row in rows]

    def attempting(self, lane_id: str) -> list[FlowRow]:
        """The lane's flows that have said they touch the world and not yet what came of it, oldest first."""
        rows = self._connection.execute(rows_by(flow, "lane", "state"), {"lane": lane_id, "state": "attempting"})
        return [as_row(FlowRow, row) for row in rows]

    def ask_later(self, was: FlowRow, due_at: datetime) -> None:
        """What came of its attempt could not be learned; it is asked again then. A question is no try."""
        here = sa.and_(flow.c.id == was.id, flow.c.state == "attempting")
        self._connection.execute(flow.update().where(here).values(due_at=due_at))

    def due_lanes(self, run: int | None = None) -> list[str]:
        """Lanes with a flow that is due to run or to be asked about, announced or not, that ``run`` could take now."""
        return list(self._connection.execute(_DUE_LANES, {"now": self._clock.now(), "run": run}).scalars())

    def waiting_due(self) -> list[FlowRow]:
        """Flows that waited for an answer longer than agreed."""
        return [as_row(FlowRow, row) for row in self._connection.execute(_WAITED, {"now": self._clock.now()})]

    def in_state(self, state: str) -> list[FlowRow]:
        """All flows in a state, oldest first."""
        rows = self._connection.execute(rows_by(flow, "state"), {"state": state})
        return [as_row(FlowRow, row) for row in rows]

    def count_death(self, was: FlowRow) -> None:
        """Counts a possible death against a flow, before it runs again after its worker died."""
        self._connection.execute(flow.update().where(flow.c.id == was.id).values(deaths=flow.c.deaths + 1))


def end_along(flows: Flows, flow: FlowRow, because: str) -> bool:
    """Ends the way of a flow that is ready or waits, because another one carries on what it carried.

    False when somebody else moved it on; that its wait was over just now is no such thing.
    """
    if flow.state == "waiting":
        flows.move(flow, state="ready")
    return flows.move(msgspec.structs.replace(flow, state="ready"), state="done", because=because)
