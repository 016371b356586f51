"""What we rejected, and whether the partner ever sent it anew."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from edi_gateway.store.connection import Connection
from edi_gateway.store.rows import as_row
from edi_gateway.store.tables import event, functional_group, transaction

UNANSWERED = "rejection.unanswered"
ACCEPTED = ("accepted", "accepted with errors")


class RejectionRow(msgspec.Struct, frozen=True):
    """A set of theirs that we rejected, and when our acknowledgment that says so left."""

    id: int
    partner: str
    code: str
    release: str
    usage: str
    control_number: str
    business_number: str
    told_at: datetime


class Rejections:
    """The rejections of one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def unanswered(self, since: datetime, before: datetime) -> list[RejectionRow]:
        """Sets whose rejection left between two moments, that were not sent anew, and nobody was told of; oldest first."""
        was_told = sa.select(event.c.id).where(event.c.subject == _subject(), event.c.kind == UNANSWERED)
        names = ("id", "partner", "code", "release", "usage", "control_number", "business_number")
        columns = [*(transaction.c[name] for name in names), functional_group.c.answered_at.label("told_at")]
        query = (
            sa.select(*columns)
            .join(functional_group, functional_group.c.id == transaction.c.group_id)
            .where(transaction.c.direction == "in", transaction.c.acknowledgment == "rejected")
            .where(functional_group.c.answered_at > since, functional_group.c.answered_at <= before)
            .where(~was_told.exists(), ~_sent_anew(transaction).exists())
        )
        return [as_row(RejectionRow, row) for row in self._connection.execute(query.order_by(transaction.c.id))]

    def is_unanswered(self, id: int) -> bool:
        """Whether the partner has not sent anew what we rejected."""
        one = transaction.alias()
        query = sa.select(one.c.id).where(one.c.id == id, ~_sent_anew(one).exists())
        return self._connection.execute(query).first() is not None


def _subject() -> sa.ColumnElement[str]:
    return sa.literal("transaction:") + sa.cast(transaction.c.id, sa.String)


def _sent_anew(one: sa.FromClause) -> sa.Select[tuple[int]]:
    """A later set of the same kind and number that we accepted; one without a number is never known to have come again."""
    later = transaction.alias()
    same = [later.c[name] == one.c[name] for name in ("partner", "code", "direction", "business_number")]
    here = sa.and_(*same, later.c.id > one.c.id, one.c.business_number != "", later.c.acknowledgment.in_(ACCEPTED))
    return sa.select(later.c.id).where(here)
