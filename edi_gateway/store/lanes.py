"""Lanes: what announces work, and who may do it.

Whatever makes work ready counts its lane's ``dirty`` up in the same transaction: always, since a version that only updated clean
lanes lost a wake-up while another transaction was uncommitted. Who does a batch of a lane takes it first, by writing its run of
the engine into the row, and gives it back; who looks at it once more then cleans it, under the same row lock. Where one process
has the database to itself (SQLite) nobody has to take anything, or to clean it.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import row_changed, rows_by, upsert
from edi_gateway.store.tables import engine_run, lane

_THIS = row_changed(lane)
_COUNTED = _THIS.values(dirty=lane.c.dirty + 1).returning(lane.c.dirty)
_HAS_ENDED = sa.exists().where(engine_run.c.id == lane.c.holder, engine_run.c.ended_at.is_not(None))
_WE_HAVE_NOT = sa.exists().where(engine_run.c.id == sa.bindparam("run"), engine_run.c.ended_at.is_(None))
IS_FREE = sa.or_(lane.c.holder.is_(None), lane.c.holder == sa.bindparam("run"), _HAS_ENDED)
_FREE = sa.select(lane.c.id).where(lane.c.id == sa.bindparam("this"), IS_FREE, _WE_HAVE_NOT)
_NOBODY_WRITES = _FREE.with_for_update(skip_locked=True).scalar_subquery()
_TAKEN = lane.update().where(lane.c.id == _NOBODY_WRITES)
_GIVEN_BACK = _THIS.where(lane.c.holder == sa.bindparam("run"))


WITHIN = "/"
"""Parts lanes that lead to one and the same place: each partner has one of its own to an ERP connector, ``erp:sap/acme``."""


def circuit_of(lane_id: str) -> str:
    """Where a lane leads, which is what can be out of order: ``erp:sap`` of ``erp:sap/acme``, ``wire:van`` of itself."""
    return lane_id.partition(WITHIN)[0]


def leads_to(lane_id: sa.ColumnElement[str], circuit: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether ``circuit`` is what ``circuit_of`` would say of a lane."""
    within = sa.func.substr(lane_id, 1, sa.func.length(circuit) + 1) == circuit + WITHIN
    return sa.or_(lane_id == circuit, within)


class Lease(NamedTuple):
    """The right of a run of the engine to move the flows of one lane."""

    lane: str
    run: int


class Lanes:
    """The lanes of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.woken: set[str] = set()
        self.announced: list[str] = []  # those that nobody had announced before: the other processes have to hear of them
        self.lease: Lease | None = None  # under which this unit moves flows

    def wake(self, lane_id: str) -> None:
        """This lane has work, once the transaction is committed."""
        self.woken.add(lane_id)

    def flush(self) -> None:
        """Counts the woken lanes' ``dirty`` up, at the end of the transaction and in the order of their ids: nobody deadlocks."""
        for lane_id in sorted(self.woken):
            if self._count(lane_id) == 1:
                self.announced.append(lane_id)

    def _count(self, lane_id: str) -> int:
        dirty = self._connection.execute(_COUNTED, {"this": lane_id}).scalar()
        if dirty is None:
            insert: Any = upsert(self._connection)(lane).values(id=lane_id, dirty=1)
            insert = insert.on_conflict_do_update(index_elements=["id"], set_={"dirty": lane.c.dirty + 1})
            dirty = self._connection.execute(insert.returning(lane.c.dirty)).scalar_one()
        return int(dirty)

    def forget_after(self, woken: set[str]) -> None:
        """Takes back what was woken since: the savepoint it belonged to was rolled back."""
        self.woken = woken

    def take(self, lease: Lease) -> bool:
        """Makes the lane ours, if it is nobody's; waits for nobody.

        False where another run has it, where somebody is just writing its row, and where our run was declared dead.
        """
        return self._connection.execute(_TAKEN, {"this": lease.lane, "run": lease.run, "holder": lease.run}).rowcount == 1

    def is_free(self, lease: Lease) -> bool:
        """Whether it could be taken, once whoever is writing its row has done so."""
        here = {"this": lease.lane, "run": lease.run}
        return self._connection.execute(_FREE.with_for_update(), here).first() is not None

    def still_ours(self) -> bool:
        """Whether the run this unit moves flows for still has the lane."""
        if self.lease is None:
            return True
        here = {"id": self.lease.lane, "holder": self.lease.run}
        return self._connection.execute(rows_by(lane, *here), here).first() is not None

    def give_back(self, lease: Lease, *, forget: bool) -> None:
        """Lets others take the lane. ``forget`` that it was announced: for who looks at it now, under the lock this takes."""
        clean = {"dirty": 0} if forget else {}
        self._connection.execute(_GIVEN_BACK, {"this": lease.lane, "holder": None, "run": lease.run, **clean})
