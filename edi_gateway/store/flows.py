"""Flows and their lanes: the rows that are the truth about where every document is.

A stage ends with ``move``, a compare-and-set on (id, stage, state): running it twice is harmless. Under a lease the same
statement asks whether the lane is still held by the run that moves it, so a worker that was taken for dead changes nothing more.
Whatever makes work ready wakes its lane in the same transaction (``store.lanes``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.flow_states import check_move
from edi_gateway.store.lanes import Lanes
from edi_gateway.store.lanes import upsert as upsert
from edi_gateway.store.rows import FlowRow, as_row
from edi_gateway.store.tables import breaker, flow, lane

UNFINISHED = ("ready", "attempting", "held", "dead")
FIRST, USUAL = 0, 10  # priorities: the smaller goes first


class Flows:
    """The flows of one unit of work."""

    def __init__(self, connection: sa.Connection, clock: Clock, lanes: Lanes) -> None:
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
        return int(self._connection.execute(flow.insert().values(values).returning(flow.c.id)).scalar_one())

    def move(self, was: FlowRow, *, state: str, stage: str | None = None, **changes: Any) -> bool:
        """Changes a flow only if it is still where it was, and its lane still ours; False when somebody else moved it.

        Raises Defect for a move between states that ``flow_states`` does not have.
        """
        check_move(was.state, state)
        values = {"state": state, "stage": stage or was.stage, "changed_at": self._clock.now(), "suspect": False, **changes}
        here = sa.and_(flow.c.id == was.id, flow.c.stage == was.stage, flow.c.state == was.state, *self._if_still_ours())
        moved = self._connection.execute(flow.update().where(here).values(values)).rowcount == 1
        if moved:
            lanes = {row.lane for row in self._followers(was)}
            if state == "ready":
                lanes.add(values.get("lane", was.lane))
            for lane_id in lanes:
                self._lanes.wake(lane_id)
        return moved

    def _if_still_ours(self) -> list[sa.ColumnElement[bool]]:
        lease = self._lanes.lease
        return [sa.exists().where(lane.c.id == lease.lane, lane.c.holder == lease.run)] if lease else []

    def _followers(self, was: FlowRow) -> list[Any]:
        if not was.follows:
            return []
        later = sa.and_(flow.c.follows == was.follows, flow.c.id > was.id, flow.c.state == "ready")
        return list(self._connection.execute(sa.select(flow.c.lane).where(later).distinct()))

    def place(self, was: FlowRow, position: str) -> None:
        """Keeps how far a flow's stage has come, without moving it."""
        self._connection.execute(flow.update().where(flow.c.id == was.id).values(position=position))

    def get(self, id: int) -> FlowRow | None:
        row = self._connection.execute(sa.select(flow).where(flow.c.id == id)).first()
        return as_row(FlowRow, row) if row else None

    def of(self, subject: str) -> list[FlowRow]:
        """All flows that carry ``subject``, oldest first."""
        rows = self._connection.execute(sa.select(flow).where(flow.c.subject == subject).order_by(flow.c.id))
        return [as_row(FlowRow, row) for row in rows]

    def at_stage(self, lane_id: str, stage: str, **same: str) -> list[FlowRow]:
        """The flows of a lane that are ready for a stage or wait at it until they are due, oldest first.

        ``same`` names columns and what stands in them: a position, or what they follow.
        """
        like = [flow.c[name] == value for name, value in same.items()]
        here = sa.and_(flow.c.lane == lane_id, flow.c.stage == stage, flow.c.state.in_(("ready", "waiting")), *like)
        rows = self._connection.execute(sa.select(flow).where(here).order_by(flow.c.id))
        return [as_row(FlowRow, row) for row in rows]

    def parked(self, position: str) -> list[FlowRow]:
        """The flows that wait for what ``position`` names, by themselves or by now for a person, oldest first."""
        here = sa.and_(flow.c.state.in_(("waiting", "held")), flow.c.position == position)
        rows = self._connection.execute(sa.select(flow).where(here).order_by(flow.c.id))
        return [as_row(FlowRow, row) for row in rows]

    def ready(self, lane_id: str, limit: int, *, only_due: bool = False) -> list[FlowRow]:
        """The lane's ready flows that no earlier flow of the same order holds back, most urgent and oldest first.

        What has left and waits for its answer is held back by nothing; others may be held back by it.
        ``only_due`` leaves out those whose time has not come: for a lane in which nobody waits for the one before.
        """
        earlier = flow.alias("earlier")
        held_back = sa.exists().where(
            earlier.c.follows == flow.c.follows,
            earlier.c.id < flow.c.id,
            earlier.c.state.in_(UNFINISHED),
        )
        may_go = sa.or_(flow.c.follows == "", flow.c.stage == "await", ~held_back)
        query = sa.select(flow).where(flow.c.lane == lane_id, flow.c.state == "ready", may_go)
        if only_due:
            query = query.where(flow.c.due_at <= self._clock.now())
        rows = self._connection.execute(query.order_by(flow.c.priority, flow.c.id).limit(limit))
        return [as_row(FlowRow, row) for row in rows]

    def attempting(self, lane_id: str) -> list[FlowRow]:
        """The lane's flows that have said they touch the world and not yet what came of it, oldest first."""
        here = sa.and_(flow.c.lane == lane_id, flow.c.state == "attempting")
        return [as_row(FlowRow, row) for row in self._connection.execute(sa.select(flow).where(here).order_by(flow.c.id))]

    def ask_later(self, was: FlowRow, due_at: datetime) -> None:
        """What came of its attempt could not be learned; it is asked again then."""
        here = sa.and_(flow.c.id == was.id, flow.c.state == "attempting")
        self._connection.execute(flow.update().where(here).values(due_at=due_at, tries=flow.c.tries + 1))

    def due_lanes(self, run: int | None = None) -> list[str]:
        """Lanes with a flow that is due to run or to be asked about, announced or not, that ``run`` could take now."""
        now = self._clock.now()
        mine = sa.or_(lane.c.holder.is_(None), lane.c.holder == run)
        out_of_order = sa.exists().where(breaker.c.lane == flow.c.lane, breaker.c.open_until > now)
        query = sa.select(flow.c.lane).join(lane, lane.c.id == flow.c.lane).distinct().order_by(flow.c.lane)
        due = query.where(flow.c.state.in_(("ready", "attempting")), flow.c.due_at <= now, mine, ~out_of_order)
        return list(self._connection.execute(due).scalars())

    def next_due(self) -> datetime | None:
        """When the next ready or waiting flow is due."""
        query = sa.select(sa.func.min(flow.c.due_at)).where(
            flow.c.state.in_(("ready", "waiting")), flow.c.due_at > self._clock.now()
        )
        moment: datetime | None = self._connection.execute(query).scalar()
        return moment

    def waiting_due(self) -> list[FlowRow]:
        """Flows that waited for an answer longer than agreed."""
        query = sa.select(flow).where(flow.c.state == "waiting", flow.c.due_at <= self._clock.now()).order_by(flow.c.id)
        return [as_row(FlowRow, row) for row in self._connection.execute(query)]

    def in_state(self, state: str) -> list[FlowRow]:
        """All flows in a state, oldest first."""
        rows = self._connection.execute(sa.select(flow).where(flow.c.state == state).order_by(flow.c.id))
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
