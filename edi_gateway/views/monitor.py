"""What a monitor watches: how much there is of what, and how long what is due has been waiting."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.outstanding import still_awaited, still_owed
from edi_gateway.store.tables import breaker, event_chain, flow, functional_group, owed, transaction


class Figures(NamedTuple):
    """All of it is had by indexes or from small tables. What is overdue is theirs to acknowledge, ``owed`` is ours."""

    flows: dict[str, int]
    events: int
    newest_set: int
    lanes_down: int
    answers_overdue: int
    acknowledgments_overdue: int
    acknowledgments_owed_overdue: int
    oldest_ready: datetime | None


def figures(store: Database) -> Figures:
    """The figures of this moment."""
    now = store.clock.now()
    late_answers = (
        sa.select(sa.func.count()).select_from(owed).where(owed.c.given_at.is_(None), owed.c.waived == "", owed.c.due_at < now)
    )
    theirs = sa.select(sa.func.count()).select_from(transaction).where(still_awaited(), transaction.c.acknowledgment_due_at < now)
    ours = sa.select(sa.func.count()).select_from(functional_group).where(still_owed(), functional_group.c.due_at < now)
    with store.reading() as connection:
        counted = connection.execute(sa.select(flow.c.state, sa.func.count()).group_by(flow.c.state))
        return Figures(
            {row[0]: int(row[1]) for row in counted},
            int(connection.execute(sa.select(event_chain.c.events)).scalar_one()),
            int(connection.execute(sa.select(sa.func.max(transaction.c.id))).scalar() or 0),
            int(connection.execute(sa.select(sa.func.count()).where(breaker.c.open_until.is_not(None))).scalar_one()),
            int(connection.execute(late_answers).scalar_one()),
            int(connection.execute(theirs).scalar_one()),
            int(connection.execute(ours).scalar_one()),
            connection.execute(sa.select(sa.func.min(flow.c.due_at)).where(flow.c.state == "ready")).scalar(),
        )
