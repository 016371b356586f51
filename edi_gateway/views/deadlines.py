"""Deadlines: what we owe partners and what they owe us, by when; the most urgent first."""

from __future__ import annotations

from datetime import datetime
from operator import attrgetter
from typing import Literal

import msgspec
import sqlalchemy as sa

from edi_gateway.store.database import Database
from edi_gateway.store.known import check_partner
from edi_gateway.store.outstanding import still_awaited, still_owed
from edi_gateway.store.tables import functional_group, interchange, owed, transaction

Who = Literal["we", "they"]


class DeadlineRow(msgspec.Struct, frozen=True):
    """One answer that has not come or left. ``number`` is of what it answers: a group, an order, a shipment, a set of ours."""

    who: Who
    partner: str
    answer: str
    about: str
    number: str
    due_at: datetime


def deadlines(store: Database, partner: str = "") -> list[DeadlineRow]:
    """Everything outstanding, of one partner or of all."""
    with store.asking() as connection:
        check_partner(connection, partner)
        found = [
            DeadlineRow(who, of or "", *told)
            for who, query in _QUERIES
            for of, *told in connection.execute(query)
            if partner in ("", of)
        ]
    return sorted(found, key=attrgetter("due_at"))


def _queries() -> list[tuple[Who, sa.Select[tuple[object, ...]]]]:
    groups = (
        sa.select(
            interchange.c.partner,
            sa.literal("997").label("answer"),
            (sa.literal("group ") + functional_group.c.code).label("about"),
            functional_group.c.control_number.label("number"),
            functional_group.c.due_at,
        )
        .join(interchange, interchange.c.id == functional_group.c.interchange_id)
        .where(still_owed(), functional_group.c.due_at.is_not(None))
    )
    answers = sa.select(
        owed.c.partner,
        owed.c.code.label("answer"),
        sa.case({"855": "order", "865": "change"}, value=owed.c.code, else_="shipment").label("about"),
        owed.c.number,
        owed.c.due_at,
    ).where(owed.c.given_at.is_(None), owed.c.waived == sa.literal_column("''"))
    theirs = sa.select(
        transaction.c.partner,
        sa.literal("997").label("answer"),
        transaction.c.code.label("about"),
        transaction.c.business_number.label("number"),
        transaction.c.acknowledgment_due_at.label("due_at"),
    ).where(still_awaited(), transaction.c.acknowledgment_due_at.is_not(None))
    return [("we", groups), ("we", answers), ("they", theirs)]


_QUERIES = _queries()  # each has the columns of a ``DeadlineRow`` behind ``who``, in its order
