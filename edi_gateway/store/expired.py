"""Payloads whose time is over: nothing of what they brought is open, held, awaited or owed any more."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from edi_gateway.store.connection import Connection
from edi_gateway.store.tables import as2_message, flow, interchange, payload, transaction, transmission

OPEN = ("ready", "attempting", "waiting", "held", "dead")  # states of a flow that is not at its end
UNANSWERED = ("awaited", "overdue", "owed")


class Expired(NamedTuple):
    """A payload that may go."""

    sha256: str
    size: int


class ExpiredPayloads:
    """Looks for them, as one unit of work sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, partner: str | None, before: datetime, limit: int, *, shared_before: datetime | None = None) -> list[Expired]:
        """Payloads exchanged with a partner (None: with nobody known) that moved last before a moment.

        One in which others have interchanges too goes only when it moved last before ``shared_before``.
        """
        moves = transmission.alias("moves")
        moved_later = sa.exists().where(moves.c.payload == payload.c.sha256, moves.c.at >= _last(partner, before, shared_before))
        is_open_somewhere = sa.exists().where(
            moves.c.payload == payload.c.sha256,
            sa.or_(_has_open_interchange(moves), is_open("transmission:", moves.c.id)),
        )
        moved = transmission.c.partner == partner if partner else transmission.c.partner.is_(None)
        query = (
            sa.select(payload.c.sha256, payload.c.size)
            .join(transmission, transmission.c.payload == payload.c.sha256)
            .where(moved, transmission.c.at < before, payload.c.removed_at.is_(None))
            .where(~moved_later, ~is_open_somewhere)
            .distinct()
            .order_by(payload.c.sha256)
            .limit(limit)
        )
        return [Expired(row.sha256, row.size) for row in self._connection.execute(query)]

    def messages(self, connections: Collection[str], before: datetime, limit: int) -> list[Expired]:
        """AS2 messages of these connections as they went over the wire, from before a moment, of which nothing is to come.

        Their receipts stay, with the digests they prove.
        """
        is_payload_too = sa.exists().where(transmission.c.payload == payload.c.sha256)
        is_over = sa.and_(as2_message.c.state.not_in(("to send", "awaiting")), as2_message.c.receipt_state != "owed")
        query = (
            sa.select(payload.c.sha256, payload.c.size)
            .join(as2_message, as2_message.c.wire == payload.c.sha256)
            .where(as2_message.c.connection.in_(connections), as2_message.c.at < before, is_over)
            .where(payload.c.removed_at.is_(None), ~is_payload_too)
            .distinct()
            .order_by(payload.c.sha256)
            .limit(limit)
        )
        return [Expired(row.sha256, row.size) for row in self._connection.execute(query)]


def _last(partner: str | None, before: datetime, shared_before: datetime | None) -> datetime | sa.ColumnElement[Any]:
    """The moment before which a payload must have moved last."""
    if shared_before is None or shared_before >= before:
        return before
    theirs, carried = interchange.alias("theirs"), transmission.alias("carried")
    others = sa.exists().where(
        carried.c.payload == payload.c.sha256,
        theirs.c.transmission_id == carried.c.id,
        theirs.c.partner.is_not(None),
        theirs.c.partner != (partner or ""),
    )
    moment = transmission.c.at.type
    return sa.case((others, sa.literal(shared_before, moment)), else_=sa.literal(before, moment))


def _has_open_interchange(moved: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whether an interchange in it waits for a person, or a set in it for an answer, or one of them is still on its way."""
    here = interchange.c.transmission_id == moved.c.id
    has_open_set = sa.exists().where(here, transaction.c.interchange_id == interchange.c.id, is_open_set())
    return sa.or_(has_open_set, sa.exists().where(here, is_open("interchange:", interchange.c.id)))


def is_open_set() -> sa.ColumnElement[bool]:
    """Whether a set waits for an answer, or it or its document is still on its way."""
    return sa.or_(
        transaction.c.acknowledgment.in_(UNANSWERED),
        is_open("transaction:", transaction.c.id),
        is_open("document:", transaction.c.document_id),
    )


def is_open(kind: str, id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether something of a kind (``transaction:``) and id is still on its way, or waits for a person."""
    return sa.exists().where(flow.c.state.in_(OPEN), flow.c.subject == sa.literal(kind) + sa.cast(id, sa.String))
