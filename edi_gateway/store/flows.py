"""Flows and their lanes: the rows that are the truth about where every document is.

A stage ends with ``move``, a compare-and-set on (id, stage, state): running it twice is harmless. Whatever makes work ready
counts its lane's ``dirty`` up in the same transaction (always: a version that only updated clean lanes lost a wake-up while
another transaction was uncommitted) and remembers the lane in ``woken``, so that the engine is told after the commit.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.flow_states import check_move
from edi_gateway.store.rows import FlowRow, as_row
from edi_gateway.store.tables import attempt, engine_run, flow, lane

UNFINISHED = ("ready", "attempting", "held", "dead")
FIRST, USUAL = 0, 10  # priorities: the smaller goes first


class Flows:
    """The flows of one unit of work."""

    def __init__(self, connection: sa.Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock
        self.woken: set[str] = set()

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
        self.wake(lane_id)
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

    def wake(self, lane_id: str) -> None:
        """Counts the lane's ``dirty`` up, making the lane where it is new."""
        counted = self._connection.execute(lane.update().where(lane.c.id == lane_id).values(dirty=lane.c.dirty + 1))
        if not counted.rowcount:
            insert: Any = upsert(self._connection)(lane).values(id=lane_id, dirty=1)
            self._connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_={"dirty": lane.c.dirty + 1}))
        self.woken.add(lane_id)

    def move(self, was: FlowRow, *, state: str, stage: str | None = None, **changes: Any) -> bool:
        """Changes a flow only if it is still where it was; False when somebody else moved it.

        Raises Defect for a move between states that ``flow_states`` does not have.
        """
        check_move(was.state, state)
        values = {"state": state, "stage": stage or was.stage, "changed_at": self._clock.now(), **changes}
        here = sa.and_(flow.c.id == was.id, flow.c.stage == was.stage, flow.c.state == was.state)
        moved = self._connection.execute(flow.update().where(here).values(values)).rowcount == 1
        if moved:
            lanes = {row.lane for row in self._followers(was)}
            if state == "ready":
                lanes.add(values.get("lane", was.lane))
            for lane_id in sorted(lanes):  # in one order everywhere: two stages waking the same lanes must not deadlock
                self.wake(lane_id)
        return moved

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

    def at_stage(self, lane_id: str, stage: str) -> list[FlowRow]:
        """The flows of a lane that are ready for a stage or wait at it until they are due, oldest first."""
        here = sa.and_(flow.c.lane == lane_id, flow.c.stage == stage, flow.c.state.in_(("ready", "waiting")))
        rows = self._connection.execute(sa.select(flow).where(here).order_by(flow.c.id))
        return [as_row(FlowRow, row) for row in rows]

    def ready(self, lane_id: str, limit: int, *, only_due: bool = False) -> list[FlowRow]:
        """The lane's ready flows that no earlier flow of the same order holds back, most urgent and oldest first.

        ``only_due`` leaves out those whose time has not come: for a lane in which nobody waits for the one before.
        """
        earlier = flow.alias("earlier")
        held_back = sa.exists().where(
            earlier.c.follows == flow.c.follows,
            flow.c.follows != "",
            earlier.c.id < flow.c.id,
            earlier.c.state.in_(UNFINISHED),
        )
        query = sa.select(flow).where(flow.c.lane == lane_id, flow.c.state == "ready", ~held_back)
        if only_due:
            query = query.where(flow.c.due_at <= self._clock.now())
        rows = self._connection.execute(query.order_by(flow.c.priority, flow.c.id).limit(limit))
        return [as_row(FlowRow, row) for row in rows]

    def clean(self, lane_id: str) -> None:
        """Forgets that the lane was announced; under the lane row's lock, so that no wake-up is lost."""
        self._connection.execute(lane.update().where(lane.c.id == lane_id).values(dirty=0))

    def due_lanes(self) -> list[str]:
        """Lanes that have a ready, due flow: whatever was announced or not."""
        query = sa.select(flow.c.lane).where(flow.c.state == "ready", flow.c.due_at <= self._clock.now()).distinct()
        return [row.lane for row in self._connection.execute(query)]

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

    def suspect(self, ids: list[int]) -> None:
        """Counts a possible death against flows, before running them again after an unclean end."""
        self._connection.execute(flow.update().where(flow.c.id.in_(ids)).values(deaths=flow.c.deaths + 1))

    # -- attempts at the world -------------------------------------------------------------------

    def begin_attempt(self, was: FlowRow, key: str) -> int:
        """Records that the flow is about to touch the world; returns the attempt's number under ``key``."""
        last = sa.select(sa.func.coalesce(sa.func.max(attempt.c.number), 0)).where(attempt.c.key == key)
        number = int(self._connection.execute(last).scalar_one()) + 1
        values = {
            "key": key,
            "number": number,
            "flow_id": was.id,
            "stage": was.stage,
            "outcome": "begun",
            "began_at": self._clock.now(),
        }
        self._connection.execute(attempt.insert().values(values))
        return number

    def end_attempt(self, key: str, number: int, outcome: str, detail: str = "") -> None:
        """Records what came of it: done, failed, or unknown (its worker died in it too often to ask once more)."""
        here = sa.and_(attempt.c.key == key, attempt.c.number == number)
        self._connection.execute(attempt.update().where(here).values(outcome=outcome, detail=detail, ended_at=self._clock.now()))

    def open_attempt(self, was: FlowRow) -> tuple[str, int] | None:
        """The attempt of this flow that never ended: its worker died in it."""
        query = sa.select(attempt.c.key, attempt.c.number).where(attempt.c.flow_id == was.id, attempt.c.outcome == "begun")
        row = self._connection.execute(query.order_by(attempt.c.number.desc())).first()
        return (row.key, row.number) if row else None

    # -- runs of the engine ----------------------------------------------------------------------

    def begin_run(self) -> tuple[int, bool]:
        """Opens a run of the engine; the second value says whether the run before it ended cleanly."""
        unclean = self._connection.execute(sa.select(engine_run.c.id).where(engine_run.c.ended_at.is_(None))).first()
        self._connection.execute(engine_run.update().where(engine_run.c.ended_at.is_(None)).values(ended_at=self._clock.now()))
        run = self._connection.execute(engine_run.insert().values(started_at=self._clock.now()).returning(engine_run.c.id))
        return int(run.scalar_one()), unclean is None

    def end_run(self, run: int) -> None:
        """The engine stopped in an orderly way."""
        self._connection.execute(engine_run.update().where(engine_run.c.id == run).values(ended_at=self._clock.now()))


def upsert(connection: sa.Connection) -> Any:
    if connection.dialect.name == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as sqlite_insert

        return sqlite_insert
    from sqlalchemy.dialects.postgresql import insert as postgresql_insert

    return postgresql_insert
