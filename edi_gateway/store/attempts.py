"""Attempts: that a flow is about to touch the world, and what came of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from edi_gateway.clock import Clock
from edi_gateway.store.among import Among, Asked
from edi_gateway.store.connection import Connection
from edi_gateway.store.prepared import new_rows, words
from edi_gateway.store.rows import FlowRow
from edi_gateway.store.tables import attempt

_LAST = Among(sa.select(attempt.c.key, sa.func.max(attempt.c.number).label("last")).group_by(attempt.c.key), attempt.c.key)
_TAKEN_BACK = attempt.delete().where(attempt.c.key == sa.bindparam("of"), attempt.c.number == sa.bindparam("nth"))
_ENDED = attempt.update().where(attempt.c.key == sa.bindparam("of"), attempt.c.number == sa.bindparam("nth"))
_OUTCOMES = attempt.c.outcome.in_(words("unknown", "not found"))
_DOUBTFUL = Asked(sa.select(attempt.c.flow_id).where(_OUTCOMES), attempt.c.flow_id)
_IS_OVER = sa.func.substr(attempt.c.key, 1, sa.bindparam("length")) == sa.bindparam("begins")
_SENT_OVER = (
    sa.select(attempt.c.began_at)
    .where(attempt.c.stage == sa.literal_column("'send'"), attempt.c.began_at > sa.bindparam("since"), _IS_OVER)
    .order_by(attempt.c.began_at.desc())
    .limit(1)
    .offset(sa.bindparam("before"))
)


class Attempts:
    """The attempts of one unit of work. Key and number together tell one attempt from all others."""

    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection, self._clock = connection, clock

    def begin(self, flows: Mapping[str, FlowRow]) -> dict[str, int]:
        """Records that flows are about to touch the world, each under a key; answers the attempt's number of each key."""
        before = {row.key: int(row.last) for row in _LAST.rows(self._connection, flows)}
        numbers = {key: before.get(key, 0) + 1 for key in flows}
        for key, was in flows.items():
            values = {"key": key, "number": numbers[key], "flow_id": was.id, "stage": was.stage, "outcome": "begun"}
            self._connection.later(new_rows(attempt), {**values, "began_at": self._clock.now()}, row=(key, numbers[key]))
        return numbers

    def take_back(self, key: str, number: int) -> None:
        """It was begun and its turn never came: nothing of it touched the world."""
        self._connection.execute(_TAKEN_BACK, {"of": key, "nth": number})

    def end(self, key: str, number: int, outcome: str, detail: str = "") -> None:
        """Records what came of it: done, failed, not found (asked, the other side did not have it), or unknown."""
        came = {"outcome": outcome, "detail": detail, "ended_at": self._clock.now()}
        self._connection.later(_ENDED, {"of": key, "nth": number, **came}, row=(key, number))

    def in_doubt(self, was: FlowRow) -> bool:
        """Whether an attempt of this flow may have done what nobody has learned of; what was not found may come of it later."""
        return _DOUBTFUL.of(self._connection, was.id).first() is not None

    def ahead(self, flows: Collection[int]) -> None:
        """Asks about the attempts of several flows beforehand."""
        _DOUBTFUL.ahead(self._connection, flows)

    def sent_over(self, begins: str, *, since: datetime, nth: int) -> datetime | None:
        """When the ``nth`` newest attempt to send began whose key begins so, if that was after ``since``."""
        given = {"begins": begins, "length": len(begins), "since": since, "before": nth - 1}
        row = self._connection.execute(_SENT_OVER, given).first()
        return row.began_at if row else None

    def open(self, was: FlowRow) -> tuple[str, int] | None:
        """The attempt of this flow that never ended: its worker died in it."""
        query = sa.select(attempt.c.key, attempt.c.number).where(attempt.c.flow_id == was.id, attempt.c.outcome == "begun")
        row = self._connection.execute(query.order_by(attempt.c.number.desc())).first()
        return (row.key, row.number) if row else None
