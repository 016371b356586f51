"""Events whose details' time is over: who did it and what was said go; what happened to what, and when, stays in the chain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from edi_gateway.store.chain import REMOVED
from edi_gateway.store.connection import Connection
from edi_gateway.store.expired import OPEN, UNANSWERED
from edi_gateway.store.tables import alert, alert_subject, event, flow, transaction


class ExpiredEvents:
    """Looks for them and removes their details, as one unit of work sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, partner: str | None, before: datetime, after: int, limit: int) -> list[int]:
        """Events about a partner (None: about nobody's) from before a moment, behind event ``after``, in the chain's order.

        Left out is what is about something that is open, held, awaited or owed, or an alert that nobody ended yet.
        """
        whose = event.c.partner == partner if partner else event.c.partner.is_(None)
        query = (
            sa.select(event.c.id)
            .where(event.c.id > after, whose, event.c.at < before, event.c.actor != "", event.c.details != "")
            .where(event.c.subject.not_in(_open_subjects()), event.c.subject.not_in(_alerted_subjects()))
            .order_by(event.c.id)
            .limit(limit)
        )
        return list(self._connection.execute(query).scalars())

    def remove_details(self, events: Sequence[int]) -> None:
        """Takes away who did it and what was said: all that the database lets anybody change of an event."""
        self._connection.execute(event.update().where(event.c.id.in_(events)).values(actor="", text=REMOVED))


def _open_subjects() -> sa.Select[tuple[str]]:
    about = sa.literal("transaction:") + sa.cast(transaction.c.id, sa.String)
    unanswered = sa.select(about).where(transaction.c.acknowledgment.in_(UNANSWERED))
    return sa.select(sa.union(sa.select(flow.c.subject).where(flow.c.state.in_(OPEN)), unanswered).subquery().c[0])


def _alerted_subjects() -> sa.Select[tuple[str]]:
    return (
        sa.select(alert_subject.c.subject).join(alert, alert.c.id == alert_subject.c.alert_id).where(alert.c.state != "resolved")
    )
