"""Flows and their lanes: the rows that are the truth about where every document is.

A stage ends with ``move``, a compare-and-set on (id, stage, state): running it twice is harmless. Under a lease the same
statement asks whether the lane is still held by the run that moves it, so a worker that was taken for dead changes nothing more.
Whatever makes work ready wakes its lane in the same transaction (``store.lanes``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.among import Among
from edi_gateway.store.connection import Connection
from edi_gateway.store.flow_states import check_move
from edi_gateway.store.lanes import IS_FREE, Lanes, leads_to
from edi_gateway.store.prepared import new_rows, row_changed, rows_by, word, words
from edi_gateway.store.rows import FlowRow, as_row
from edi_gateway.store.tables import breaker, flow, lane
from edi_gateway.store.tables.work import UNDONE

UNFINISHED = ("ready", "attempting", "held", "dead")
NOT_OVER = (*UNFINISHED, "waiting")
FIRST, USUAL = 0, 10  # priorities: the smaller goes first
STOPPED = ("held", "dead")
WAY_IN = ("translate", "consult", "apply", "deliver")  # the stages of an order, or of a change of one, before anything answers it

# as a condition that no index serves: PostgreSQL would look for the row by its state, among all the dead ones that had it
_IS_BEING = flow.c.state.is_not_distinct_from(sa.bindparam("being"))
_MOVED = row_changed(flow).where(flow.c.stage == sa.bindparam("at"), _IS_BEING)
_MOVED_IF_OURS = _MOVED.where(sa.exists().where(lane.c.id == sa.bindparam("leased"), lane.c.holder == sa.bindparam("run")))
_READY_BEHIND = sa.select(flow.c.lane).where(flow.c.id > sa.bindparam("first"), flow.c.state == word("ready")).distinct()
_FOLLOWERS = Among(_READY_BEHIND, flow.c.follows)
_DUE = flow.c.due_at <= sa.bindparam("now")
_WAITED = sa.select(flow).where(flow.c.state == word("waiting"), _DUE).order_by(flow.c.id)
_PARKED = (
    sa.select(flow)
    .where(flow.c.stage == sa.bindparam("stage"), flow.c.state.in_(words("waiting", "held")))
    .where(sa.literal_column(f"flow.{UNDONE}"))
    .order_by(flow.c.id)
)
_PARKED_FOR = _PARKED.where(flow.c.position == sa.bindparam("position"))
_PARKED_FOR_ANY = Among(_PARKED, flow.c.position)


def keeps_order() -> sa.ColumnElement[bool]:
    """Whether a flow waits for those of its order that came before it."""
    return sa.and_(flow.c.follows != "", flow.c.stage != "await")


def holds_back(earlier: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether an ``earlier`` flow of its order keeps a flow that ``keeps_order`` where it is."""
    return sa.and_(
        earlier.c.follows == flow.c.follows,
        earlier.c.id < flow.c.id,
        earlier.c.state.in_(words(*UNFINISHED)),
        sa.or_(flow.c.stage.in_(words(*WAY_IN)), earlier.c.stage.not_in(words(*WAY_IN)), earlier.c.state.not_in(words(*STOPPED))),
    )


def _ready(*more: sa.ColumnElement[bool]) -> sa.Select[Any]:
    may_go = sa.or_(flow.c.follows == "", flow.c.stage == "await", ~sa.exists().where(holds_back(flow.alias("earlier"))))
    here = (flow.c.lane == sa.bindparam("lane"), flow.c.state == word("ready"), may_go, *more)
    return sa.select(flow).where(*here).order_by(flow.c.priority, flow.c.id).limit(sa.bindparam("most"))


def _due_lanes() -> sa.Select[Any]:
    out_of_order = sa.exists().where(leads_to(flow.c.lane, breaker.c.lane), breaker.c.open_until > sa.bindparam("now"))
    due = sa.select(flow.c.lane).join(lane, lane.c.id == flow.c.lane).distinct().order_by(flow.c.lane)
    return due.where(flow.c.state.in_(words("ready", "attempting")), _DUE, IS_FREE, ~out_of_order)


_READY, _READY_AND_DUE, _DUE_LANES = _ready(), _ready(_DUE), _due_lanes()


class Elsewhere(Exception):
    """A flow was moved by somebody else; what was to be recorded with its move is rolled back."""


class Flows:
    """The flows of one unit of work."""

    def __init__(self, connection: Connection, clock: Clock, lanes: Lanes) -> None:
        self._connection, self._clock, self._lanes = connection, clock, lanes
        self._moved: list[FlowRow] | None = None  # of several that move together
        self._parked: dict[tuple[str, str], list[FlowRow]] = {}  # asked ahead: by stage and position, none used yet

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
    ) -> None:
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
        self._connection.later(new_rows(flow), values, row=object())

    def move(self, was: FlowRow, *, state: str, stage: str | None = None, **changes: Any) -> bool:
        """Changes a flow only if it is still where it was, and its lane still ours; False when somebody else moved it.

        Raises Defect for a move between states that ``flow_states`` does not have.
        """
        check_move(was.state, state)
        stage = stage or was.stage
        changes |= {"state": state, "stage": stage, "changed_at": self._clock.now()}
        if self._parked:
            self._parked.pop((stage, changes.get("position", was.position)), None)
        if not self._change(was, {"suspect": False, **changes}):
            return False
        if state == "ready":
            self._lanes.wake(changes.get("lane", was.lane))
        if was.follows and (
            state not in UNFINISHED
            or changes.get("follows", was.follows) != was.follows
            or (state in STOPPED and stage in WAY_IN)
        ):
            self._let_go(was)
        return True

    @contextmanager
    def together(self) -> Iterator[None]:
        """Within it flows that move are taken to be where they were, and are written in one go.

        Raises Elsewhere, within it or at its end, where one was not: nothing of it counts then.
        """
        self._moved = []
        try:
            yield
            self._connection.flush()
            moved = self._moved
        except BaseException:
            self._parked.clear()  # it is asked again by each alone
            raise
        finally:
            self._moved = None
        self._wake_behind(moved)

    def _change(self, was: FlowRow, values: dict[str, Any]) -> bool:
        lease, statement = self._lanes.lease, _MOVED
        values |= {"this": was.id, "at": was.stage, "being": was.state}
        if lease:
            statement = _MOVED_IF_OURS
            values |= {"leased": lease.lane, "run": lease.run}
        if self._moved is None:
            return self._connection.execute(statement, values).rowcount == 1
        self._connection.later(statement, values, row=was.id, missed=Elsewhere)
        return True

    def _let_go(self, was: FlowRow) -> None:
        """It holds back no longer what follows the same and came after it."""
        if self._moved is None:
            self._wake_behind([was])
        else:
            self._moved.append(was)

    def _wake_behind(self, moved: Sequence[FlowRow]) -> None:
        if moved:
            first = min(was.id for was in moved)
            for row in _FOLLOWERS.rows(self._connection, [was.follows for was in moved], first=first):
                self._lanes.wake(row.lane)

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

    def parked(self, stage: str, position: str) -> list[FlowRow]:
        """The flows that wait at a stage for what ``position`` names, by themselves or by now for a person, oldest first."""
        if (known := self._parked.pop((stage, position), None)) is not None:
            return known
        rows = self._connection.execute(_PARKED_FOR, {"stage": stage, "position": position})
        return [as_row(FlowRow, row) for row in rows]

    def parked_ahead(self, stage: str, positions: Collection[str]) -> None:
        """Asks beforehand what waits at a stage for each of these: what this transaction puts there later is not among it."""
        self._parked.update({(stage, position): [] for position in positions})
        for row in _PARKED_FOR_ANY.rows(self._connection, positions, stage=stage):
            self._parked[stage, row.position].append(as_row(FlowRow, row))

    def ready(self, lane_id: str, limit: int, *, only_due: bool = False) -> list[FlowRow]:
        """The lane's ready flows that no earlier flow of the same order holds back, most urgent and oldest first.

        What has left and waits for its answer is held back by nothing; others may be held back by it. What came in and stopped
        (a change, the same order again) holds back what comes in behind it, and nothing of ours: goods that left are told of.
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
